import { countIn, numberIn, words } from '../../lib/host-text.ts';
import { guestOfControlGroup, type GuestName } from './guest-names.ts';
import type { GuestProcess } from './guest-processes.probe.ts';

/** Clock ticks in a second, as /proc counts them on every common architecture (sysconf(3), _SC_CLK_TCK). */
const ticksPerSecond = 100;
const maxGuests = 1000;
const exeLine = /^exe \/proc\/(\d{1,9})\/exe -> (.{1,400})$/;

interface Hints {
  uptimeSeconds: number;
  readonly idOfPid: Map<string, string>;
  readonly nameOfPid: Map<string, string>;
  readonly replaced: Map<string, boolean>;
  readonly inodeOfPid: Map<string, string>;
  readonly versionOfInode: Map<string, string>;
}

function readHints(lines: readonly string[]): Hints {
  const hints: Hints = {
    uptimeSeconds: 0,
    idOfPid: new Map(),
    nameOfPid: new Map(),
    replaced: new Map(),
    inodeOfPid: new Map(),
    versionOfInode: new Map(),
  };
  for (const line of lines) {
    const [kind, first = '', second = '', third] = words(line);
    if (kind === 'uptime') hints.uptimeSeconds = numberIn(first) ?? 0;
    if (kind === 'pidfile' && /^\d{1,9}$/.test(first)) hints.idOfPid.set(second, first);
    if (kind === 'name') hints.nameOfPid.set(first, second.slice(0, 200));
    if (kind === 'inode') hints.inodeOfPid.set(/^\/proc\/(\d{1,9})\/exe$/.exec(second)?.[1] ?? '', first);
    if (kind === 'version') hints.versionOfInode.set(first, (third ?? second.replace('pve-qemu-kvm_', '')).slice(0, 80));
    const [, pid, target] = exeLine.exec(line) ?? [];
    if (pid !== undefined && target !== undefined) hints.replaced.set(pid, target.endsWith(' (deleted)'));
  }
  return hints;
}

function nameOf(kind: string, pid: string, cgroup: string, hints: Hints): GuestName | undefined {
  const named = guestOfControlGroup(cgroup);
  const inContainer = kind === 'qemu' && (named?.kind === 'lxc' || named?.kind === 'nspawn');
  if (inContainer) return undefined;
  if (named !== undefined || kind === 'lxc') return named;
  const name = hints.idOfPid.get(pid) ?? hints.nameOfPid.get(pid) ?? `pid-${pid}`;
  return { object: `qemu/${name}`, kind: 'qemu', name };
}

function guestOf(line: string, hints: Hints): GuestProcess | undefined {
  const [kind = '', pid = '', state = '', rss, swap, threads, start, ...cgroup] = words(line);
  if (kind !== 'qemu' && kind !== 'lxc') return undefined;
  const [id, rssKib, swapKib, threadCount, startTicks] = [pid, rss, swap, threads, start].map(countIn);
  const name = nameOf(kind, pid, cgroup.join(' '), hints);
  if (name === undefined || id === undefined || startTicks === undefined) return undefined;
  const binaryReplaced = hints.replaced.get(pid);
  const qemuVersion = hints.versionOfInode.get(hints.inodeOfPid.get(pid) ?? '');
  return {
    ...name,
    pid: id,
    state: state.slice(0, 1),
    rssBytes: (rssKib ?? 0) * 1024,
    swapBytes: (swapKib ?? 0) * 1024,
    threads: threadCount ?? 0,
    runningSeconds: Math.max(0, Math.round(hints.uptimeSeconds - startTicks / ticksPerSecond)),
    ...(binaryReplaced !== undefined && { binaryReplaced }),
    ...(qemuVersion !== undefined && { qemuVersion }),
  };
}

/** What the guest-processes probe printed; undefined when it was cut. */
export function parseGuestProcesses(stdout: string): { guests: GuestProcess[] } | undefined {
  const lines = stdout.split('\n', 8000);
  if (!lines.includes('end')) return undefined;
  const hints = readHints(lines);
  return { guests: lines.flatMap((line) => guestOf(line, hints) ?? []).slice(0, maxGuests) };
}
