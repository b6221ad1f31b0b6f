import { Argument, Command, Option } from 'commander';
import { symptomIds } from '../define/ids.ts';
import type { OutputFormat } from '../report/index.ts';
import { duration, freezeOption, outputOptions, repeated, sshOptions, windowOption, type CommandResult } from './options.ts';
import { serverCommands } from './server-commands.ts';
import { version } from './version.ts';

/** Written out, since loading the renderers would cost every call their time. */
const formats = ['text', 'json', 'markdown', 'html', 'nagios', 'prometheus'] as const satisfies readonly OutputFormat[];

const exitStatuses = `
Exit status: 0 healthy, 1 a cause is suspected, 2 a cause is identified, 3 inconclusive or unreachable,
64 wrong usage, 70 internal error.`;

const compareHelp = `
Each of the two is a saved case (.tgz or folder), or a host (root@pve1), which is then asked now.

Exit status: 0 nothing differs that matters, 1 something does, 3 a host gave no answer, 64 wrong usage, 70 internal error.`;

const baselineHelp = `
Baselines are kept on this machine, in $XDG_DATA_HOME/culprit/baselines or ~/.local/share/culprit/baselines; nothing is written on the host.
Take one when all is well, and again after each change that you want to keep. A new one replaces the last one of its host.

Exit status: 0 done, 3 the host did not answer, 64 wrong usage, 70 internal error.`;

const prometheusHelp = `
A token for --prometheus is taken from the environment variable CULPRIT_PROMETHEUS_TOKEN: arguments stand in the list of processes.`;

const experimentClasses = `
Experiments are run only where their outcome would tell remaining suspects apart, and clean up after themselves, whatever happens.
  read-only   measure, and write nothing
  safe        also write to something temporary of their own, such as a volume of a pool (needs root)
  intrusive   also hold up a guest for some seconds`;

function investigateCommand(program: Command, result: CommandResult): void {
  const command = program
    .command('investigate')
    .description('find out what is wrong with a host: this machine, or any that ssh reaches')
    .addArgument(new Argument('[target]', 'user@host or ssh://user@host:port; without it: this machine'));
  sshOptions(outputOptions(command, formats))
    .option('--html <file>', 'also write the report as one HTML file')
    .option('--save <file>', 'also save all that the host answered as a case (.tgz, or a folder)')
    .option('--from <case>', 'examine a saved case instead of a host')
    .option('--redact', 'replace host names, addresses, serial numbers, guest names and mail addresses everywhere')
    .addOption(new Option('--symptom <id>', `what is wrong, if you know: ${symptomIds.join(', ')}`).argParser(repeated).default([], 'none'))
    .option('--catalog <folder>', 'known issues of your own (*.issue.md), besides those that come along')
    .option('--no-known-issues', 'judge by what is measured alone, without the documented known issues')
    .option('--no-baseline', 'do not say what differs from the baseline of this host')
    .option('--prometheus <url>', 'a Prometheus-compatible server that has watched the host: says when the trouble began')
    .option('--prometheus-instance <label>', 'what the host is called there (label "instance"), where it cannot be found by name')
    .option('--show-commands', 'print every command that would run on the host, and run none')
    .option('--verbose', 'complete lists in the text')
    .addOption(windowOption())
    .addOption(new Option('--experiments <class>', 'what experiments may do, see below').choices(['none', 'read-only', 'safe', 'intrusive']).default('read-only'))
    .addOption(new Option('--budget <time>', 'how long all experiments may take together').argParser(duration).default(120, '2m'))
    .addOption(freezeOption())
    .option('--plan', 'print the experiments that could be run, every command of them, and run none')
    .addHelpText('after', experimentClasses)
    .addHelpText('after', prometheusHelp)
    .addHelpText('after', exitStatuses)
    .action(async (target: string | undefined, options) => {
      const { investigateAction } = await import('./commands/investigate.ts');
      result.exitStatus = await investigateAction(target, options);
    });
}

function stateCommands(program: Command, result: CommandResult): void {
  const compare = program.command('compare').description('say what differs between two states of a host, or between two hosts, the most suspicious first');
  sshOptions(outputOptions(compare.argument('<before>', 'a saved case, or user@host').argument('<after>', 'a saved case, or user@host'), ['text', 'json']))
    .option('--all', 'show also what is hardly suspicious')
    .addOption(windowOption())
    .addHelpText('after', compareHelp)
    .action(async (before: string, after: string, options) => {
      result.exitStatus = await (await import('./commands/compare.ts')).compareAction(before, after, options);
    });
  const baseline = program.command('baseline').description('keep the state of a host, so that later investigations say what differs from it');
  sshOptions(outputOptions(baseline.addArgument(new Argument('[target]', 'user@host or ssh://user@host:port; without it: this machine')), ['text', 'json']))
    .option('--list', 'list the baselines that are kept')
    .option('--remove', 'remove the baseline of this host')
    .addOption(windowOption())
    .addHelpText('after', baselineHelp)
    .action(async (target: string | undefined, options) => {
      result.exitStatus = await (await import('./commands/baseline.ts')).baselineAction(target, options);
    });
}

/** The command line: what there is and how it is called. Each command's work is loaded only when it runs. */
export function buildProgram(result: CommandResult): Command {
  const program = new Command('culprit')
    .description('Finds what is to blame when a virtualisation host (Proxmox VE, KVM, LXC, ZFS on Linux) is sick.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Try: culprit --help')
    .showSuggestionAfterError()
    .exitOverride();
  investigateCommand(program, result);
  stateCommands(program, result);
  serverCommands(program, result);
  sshOptions(outputOptions(program.command('try').description('run one experiment on a host, by itself; it cleans up after itself'), ['text', 'json']))
    .argument('<experiment>', 'such as encrypted-against-plain; "culprit catalog" lists them')
    .addArgument(new Argument('[target]', 'user@host or ssh://user@host:port; without it: this machine'))
    .addOption(freezeOption())
    .option('--plan', 'print every command that it would run, and run none')
    .action(async (id: string, target: string | undefined, options) => {
      result.exitStatus = await (await import('./commands/try.ts')).tryAction(id, target, options);
    });
  program
    .command('collector')
    .description('print the very script that runs on a host, for review or for: culprit collector | ssh root@host sh > host.case')
    .option('--sudo', 'run what needs root through "sudo -n"')
    .addOption(windowOption())
    .action(async (options) => (await import('./commands/collector.ts')).collectorAction(options));
  program
    .command('access')
    .description('print the least rights that Culprit needs on a host: a sudoers file and Proxmox commands')
    .option('--user <name>', 'the user that Culprit logs in as', 'culprit')
    .action(async (options) => (await import('./commands/access.ts')).accessAction(options));
  outputOptions(program.command('explain').description('explain a cause, a symptom, an experiment or a known issue; works offline'), ['text', 'json', 'markdown'])
    .argument('<id>', 'such as zfs-crypto-unaccelerated, io-delay or PVK-001')
    .option('--catalog <folder>', 'known issues of your own, besides those that come along')
    .action(async (id: string, options) => (await import('./commands/explain.ts')).explainAction(id, options));
  outputOptions(program.command('catalog').description('list everything that Culprit knows: causes, symptoms, questions, experiments, known issues'), ['text', 'json'])
    .action(async (options) => (await import('./commands/catalog.ts')).catalogAction(options));
  outputOptions(program.command('issues').description('list known issues, or those that match all search words'), ['text', 'json'])
    .argument('[words...]', 'search words')
    .option('--catalog <folder>', 'known issues of your own, besides those that come along')
    .action(async (words: string[], options) => {
      result.exitStatus = await (await import('./commands/issues.ts')).issuesAction(words, options);
    });
  for (const command of program.commands) command.exitOverride().showHelpAfterError(`Try: culprit ${command.name()} --help`);
  return program;
}
