import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { alarmKinds, catalog } from '../../catalog/index.ts';
import disks from '../../catalog/disk/disks.fact.ts';
import guests from '../../catalog/guests/guests.fact.ts';
import poolList from '../../catalog/zfs/zpool-list.probe.ts';
import { parseTarget } from '../../collect/target.ts';
import { UserError } from '../../define/errors.ts';
import type { Report } from '../../define/report.ts';
import type { Result } from '../../define/result.ts';
import { hostOfDestination, type Target } from '../../define/target.ts';
import { readingsOfCase } from '../../diagnose/readings.ts';
import { investigate, type Investigation } from '../../investigate/investigate.ts';
import { lookFromOutside } from '../../investigate/look-from-outside.ts';
import { bounded, forTerminal } from '../../lib/hostile-text.ts';
import { withHost } from '../../settings/add-host.ts';
import { settingsText } from '../../settings/read.ts';
import { abortable, clock, interruptedStatus } from '../process.ts';
import { settingsPath } from '../settings-path.ts';
import { sshWords, type SshFlags } from '../ssh-flags.ts';
import { version } from '../version.ts';

export interface HostsAddFlags extends SshFlags {
  readonly config?: string;
  readonly name?: string;
  readonly sudo?: true;
  /** Looks, and changes nothing. */
  readonly check?: true;
}

const unreachableStatus = 3;

const listed = (names: readonly string[], most = 6): string => (names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`);

function counted(what: string, result: Result<readonly string[]>): string {
  if (result.status === 'absent') return `no ${what}s`;
  if (result.status === 'failed') return `${what}s: not readable (${result.detail})`;
  const { length } = result.value;
  return length === 0 ? `no ${what}s` : `${length} ${length === 1 ? what : `${what}s`}: ${listed(result.value)}`;
}

const namesIn = <Value>(result: Result<Value>, names: (value: Value) => readonly string[]): Result<readonly string[]> => (result.status === 'ok' ? { ...result, value: names(result.value) } : result);

function identityLine({ host }: Report, durationMs: number): string {
  const { hostname = 'The host', proxmox, operatingSystem, kernel, zfs, cpuCount, memoryBytes } = host;
  const parts = [proxmox === undefined ? operatingSystem : `Proxmox VE ${proxmox}`, kernel && `kernel ${kernel}`, zfs && `ZFS ${zfs}`, cpuCount && `${cpuCount} processors`, memoryBytes && `${(memoryBytes / 2 ** 30).toFixed(0)} GiB of memory`];
  return `${hostname} answers, and told all in ${(durationMs / 1_000).toFixed(1)} s: ${parts.filter((part) => part !== undefined && part !== '' && part !== 0).join(', ')}.`;
}

/** What will be seen of a host that answered, and what will not. */
export function sightText({ case: aCase, report }: Investigation, durationMs: number): string {
  const readings = readingsOfCase(catalog, aCase);
  const seen = [
    counted('disk', namesIn(readings.read(disks), (value) => value.disks.map(({ name }) => name))),
    counted('ZFS pool', namesIn(readings.read(poolList), (value) => value.pools.map(({ name }) => name))),
    counted('guest', namesIn(readings.read(guests), (value) => value.guests.map(({ title }) => title))),
  ];
  const answered = aCase.outputs.length - report.notRead.length;
  const missing = report.notRead.map(({ title, detail, rootAdds }) => `  ${title}: ${detail}${rootAdds === undefined ? '' : ` (as root also ${rootAdds})`}`);
  return [
    identityLine(report, durationMs),
    '',
    'Culprit will see',
    ...seen.map((line) => `  ${line}`),
    `  processors, memory, disks and network by itself every 15 s, for ${alarmKinds.length} kinds of alarm`,
    '',
    missing.length === 0 ? `All ${answered} questions of an investigation are answered.` : `${answered} questions of an investigation are answered, ${missing.length} are not:`,
    ...missing.slice(0, 20),
    ...(missing.length > 20 ? [`  and ${missing.length - 20} more`] : []),
  ].map((line) => forTerminal(bounded(line, 400))).join('\n');
}

/** As a whole or not at all, with the rights that the file had; a new one is for its owner alone, since secrets may follow. */
function replaceFile(path: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    const before = existsSync(path) ? statSync(path) : undefined;
    writeFileSync(beside, text, { mode: before === undefined ? 0o600 : before.mode & 0o777, flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new UserError('file-not-writable', `Cannot write ${path}: ${error instanceof Error ? error.message : 'unknown'}.`, 'Name another file with --config, or run this as a user who may write it.');
  }
}

async function lookAt(target: Target, signal: AbortSignal): Promise<Investigation> {
  return investigate(catalog, target, {
    givenSymptoms: [],
    culpritVersion: version,
    windowSeconds: 1,
    signal,
    clock,
    ...(target.kind === 'ssh' ? { lookFromOutside: (unanswered) => lookFromOutside(unanswered, target, clock) } : {}),
  });
}

/** `culprit hosts add root@pve1`: tries the connection, says what will be seen, and writes the host into the settings. Exit status 3 when it does not answer. */
export async function hostsAddAction(text: string, flags: HostsAddFlags): Promise<number> {
  const sshOptions = sshWords(flags);
  const target = text === 'local' ? parseTarget(undefined, { sshOptions: [], sudo: flags.sudo === true }) : parseTarget(text, { sshOptions, sudo: flags.sudo === true });
  if (target.kind === 'case') throw new UserError('usage', 'A saved case cannot be watched.', 'Write for example: culprit hosts add root@pve1');
  const path = settingsPath(flags.config);
  if (path === undefined && !flags.check) throw new UserError('usage', 'There are no settings to write into.', 'Name a file, which may be new: culprit hosts add root@pve1 --config culprit.yaml');
  const named = flags.name ?? (target.kind === 'ssh' ? hostOfDestination(target.destination) : undefined);
  const added = (name: string): string => withHost(path === undefined || !existsSync(path) ? '' : settingsText(path), { name, target: text, ...(sshOptions.length === 0 ? {} : { sshOptions }), ...(flags.sudo === true ? { sudo: true } : {}) });
  // What cannot be written is said before the host is asked.
  if (named !== undefined) added(named);
  return abortable(async (signal) => {
    const startedMs = clock.monotonicMs();
    const found = await lookAt(target, signal);
    if (signal.aborted) return interruptedStatus;
    if (found.report.verdict.status === 'unreachable') {
      process.stdout.write(`${forTerminal(found.report.verdict.summary)}\nNothing was written.\n`);
      return unreachableStatus;
    }
    process.stdout.write(`${sightText(found, clock.monotonicMs() - startedMs)}\n`);
    if (flags.check || path === undefined) return 0;
    const name = named ?? found.report.host.hostname ?? 'this-machine';
    replaceFile(path, added(name));
    process.stdout.write(`\n${name} is in ${path} now. culprit serve reads it when it starts.\n`);
    return 0;
  });
}
