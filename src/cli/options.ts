import { InvalidArgumentError, Option, type Command } from 'commander';

/** What a command came to, for the process that ran it. */
export interface CommandResult {
  exitStatus: number;
}

export function repeated(value: string, before: string[]): string[] {
  return [...before, value];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value < 1 || value > 60) throw new InvalidArgumentError('It must be a number of seconds from 1 to 60.');
  return value;
}

/** `90s`, `2m` or a bare number of seconds. */
export function duration(text: string): number {
  const [, number, unit] = /^(\d{1,5})(s|m)?$/.exec(text) ?? [];
  const value = Number(number) * (unit === 'm' ? 60 : 1);
  if (number === undefined || value > 3_600) throw new InvalidArgumentError('It must be a time of at most an hour, such as 90s or 2m.');
  return value;
}

/** As PromQL writes times: `90s`, `5m`. */
export function rateWindow(text: string): string {
  if (!/^[1-9]\d{0,4}(s|m|h)$/.test(text)) throw new InvalidArgumentError('It must be a time such as 90s, 5m or 1h.');
  return text;
}

/** Number of a guest on Proxmox VE. */
export function guestId(text: string): string {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a guest, such as 100.');
  return text;
}

export const freezeOption = (): Option => new Option('--freeze <id>', 'a guest that may stand still for up to three seconds at a time, to see what others wait for').argParser(guestId);

export function outputOptions(command: Command, choices: readonly string[] = ['text', 'json', 'markdown']): Command {
  return command
    .addOption(new Option('--output <format>', 'how the result is printed').choices([...choices]).default('text'))
    .option('--json', 'short for --output json')
    .option('--no-color', 'no colours, even on a terminal');
}

/** Options of the system's ssh, handed through unchanged. */
export function sshOptions(command: Command): Command {
  return command
    .addOption(new Option('-o <option>', 'option for ssh, as in ssh -o').argParser(repeated).default([], 'none'))
    .option('-F <file>', 'configuration file for ssh')
    .option('-J <destination>', 'jump host for ssh')
    .addOption(new Option('-i <file>', 'identity file for ssh').argParser(repeated).default([], 'none'))
    .option('--sudo', 'run what needs root through "sudo -n" (passwordless sudo)');
}

export function windowOption(): Option {
  return new Option('--window <seconds>', 'time between the two readings of counters').argParser(seconds).default(4);
}
