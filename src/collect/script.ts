import type { AnyProbe } from '../define/probe.ts';
import { guard } from './guard.ts';
import { prelude } from './prelude.ts';
import { runner } from './runner.ts';

export interface ScriptOptions {
  /** Run what needs root by `sudo -n` when the user is not root. */
  readonly sudo: boolean;
  /** Seconds between the two readings of counter probes. */
  readonly windowSeconds?: number;
  /** Standard input stays open as the life line: its end makes the script kill what it started and clear up. */
  readonly holdInput: boolean;
  /** Random, 16 to 64 hexadecimal digits: tells frames from whatever a host prints. */
  readonly nonce: string;
  /** After so many seconds no more probes are started and the run ends. */
  readonly totalLimitSeconds?: number;
}

export const defaultWindowSeconds = 4;
export const defaultTotalLimitSeconds = 180;

/** The probes that a host is asked, in the order of the script, without doubles and without those of another vantage. */
export function orderProbes(probes: readonly AnyProbe[]): { early: AnyProbe[]; counters: AnyProbe[]; late: AnyProbe[] } {
  const known = new Map(probes.filter((probe) => probe.vantage === 'host').map((probe) => [probe.id, probe]));
  const ordered = [...known.values()].sort(cheapFirst);
  return {
    early: ordered.filter((probe) => !probe.sampled && probe.spec.stage === 'early'),
    counters: ordered.filter((probe) => probe.sampled),
    late: ordered.filter((probe) => !probe.sampled && probe.spec.stage === 'late'),
  };
}

/** After what cannot hang: storage first, since most causes are decided by it, should the time run out. */
const familyOrder = [undefined, 'zfs', 'smart', 'lvm', 'mounts', 'pve', 'network', 'packages'] as const;

/** What may take this long and hardly ever decides comes last: on a host without time to spare it would use up the time of the rest. */
const slowFromMs = 10_000;

function rankOf({ spec: { family, timeoutMs } }: AnyProbe): number {
  return family === undefined && timeoutMs >= slowFromMs ? familyOrder.length : familyOrder.indexOf(family);
}

function cheapFirst(a: AnyProbe, b: AnyProbe): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0) return ranks;
  if (a.spec.timeoutMs !== b.spec.timeoutMs) return a.spec.timeoutMs - b.spec.timeoutMs;
  return a.id < b.id ? -1 : 1;
}

/** The one script that asks a host everything, for `sh -s`. All of it is in functions that the last line calls: cut short, it does nothing. */
export function assembleScript(probes: readonly AnyProbe[], options: ScriptOptions): string {
  if (!/^[0-9a-f]{16,64}$/.test(options.nonce)) throw new TypeError('a nonce is 16 to 64 hexadecimal digits');
  const { early, counters, late } = orderProbes(probes);
  const windowSeconds = options.windowSeconds ?? defaultWindowSeconds;
  return [
    '# Asks this host what Culprit wants to know. It only reads, writes nothing to a disk, and ends by itself.',
    prelude,
    guard,
    runner,
    ...[...early, ...counters, ...late].map(probeFunction),
    group('culprit_early', early, '1'),
    group('culprit_counters', counters, '"$1"'),
    group('culprit_late', late, '1'),
    mainFunction(options, counters.length > 0 ? windowSeconds : 0),
    'culprit_main',
    '',
  ].join('\n');
}

function functionName(probe: AnyProbe): string {
  return `probe_${probe.id.replaceAll('-', '_')}`;
}

function probeFunction(probe: AnyProbe): string {
  const title = probe.title.replaceAll(/[^\x20-\x7e]+/g, ' ');
  return `# ${title}\n${functionName(probe)}() {\n${probe.spec.sh.replace(/\n+$/, '')}\n}\n`;
}

function group(name: string, probes: readonly AnyProbe[], sample: string): string {
  const lines = probes.map((probe) => {
    const { timeoutMs, maxBytes, family } = probe.spec;
    return `  culprit_ask ${probe.id} ${functionName(probe)} ${sample} ${Math.ceil(timeoutMs / 10)} ${maxBytes} ${family ?? '-'}`;
  });
  return `${name}() {\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}  :\n}\n`;
}

function mainFunction(options: ScriptOptions, windowSeconds: number): string {
  const totalLimitSeconds = options.totalLimitSeconds ?? defaultTotalLimitSeconds;
  return `culprit_main() {
  exec 3<&0 </dev/null 2>/dev/null
  unset IFS
  set +e +u
  culprit_nonce=${options.nonce}
  culprit_n=0 culprit_queue= culprit_pid= culprit_left= culprit_watch_pid= culprit_zfs_seen= culprit_leads=no culprit_hold_back=no TMP=
  if (trap '' XFSZ); then trap '' XFSZ; fi
  trap : ALRM
  trap 'culprit_leave 143' TERM HUP INT PIPE
  culprit_now
  culprit_flushed=$culprit_t culprit_deadline=$((culprit_t + ${Math.round(totalLimitSeconds * 100)}))
  culprit_uid=$(id -u)
  culprit_root=no
  if [ "$culprit_uid" = 0 ]; then culprit_root=direct; ${
    options.sudo ? 'elif have sudo && sudo -n -l >/dev/null; then culprit_root=sudo; ' : ''
  }fi
  IFS= read -r culprit_x </proc/$$/stat
  set -- \${culprit_x##*\\) }
  if [ "$3" = $$ ]; then culprit_leads=yes; fi
  # On a host without time to spare the answers would come too late; root may go first, but for what is nicer on purpose.
  if [ "\${17}" = 0 ]; then renice -n -10 -p $$ >&2; fi
  culprit_make_folder || culprit_without_folder
  TMPDIR=$TMP
  export TMPDIR
  set -- $$ "$TMP" $((culprit_deadline / 100 + 5)) "$culprit_leads" ${options.holdInput ? 'yes' : 'no'}
  if have setsid; then
    setsid sh -c "$culprit_watchdog" culprit-watchdog "$@" </dev/null >/dev/null &
  else
    eval "$culprit_watchdog" </dev/null >/dev/null &
  fi
  culprit_watch_pid=$!
  exec 3<&-
  printf '\\n@%s meta 1 time=%s uid=%s root=%s\\n' "$culprit_nonce" "$(date +%s)" "$culprit_uid" "$culprit_root"
  culprit_early
  culprit_flush
  culprit_now
  culprit_window_end=$((culprit_t + ${Math.round(windowSeconds * 100)})) culprit_hold_back=yes
  culprit_counters 1
  culprit_sleep_until "$culprit_window_end"
  culprit_counters 2
  culprit_hold_back=no
  culprit_flush
  culprit_late
  culprit_flush
  printf '\\n@%s end\\n' "$culprit_nonce"
  culprit_leave 0
}

# Without a folder in memory nothing can be asked: each answer says so.
culprit_without_folder() {
  culprit_ask() {
    printf '\\n@%s probe %s %s skipped 0 0 %s 0 no folder on tmpfs can be written, and nothing may be written to a disk\\n' \\
      "$culprit_nonce" "$1" "$3" "$culprit_up"
  }
  culprit_sleep_until() { :; }
}
`;
}
