import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';

/** Where commands are measured: this machine, or a host behind ssh. */
export interface Place {
  readonly name: string;
  /** Program and arguments of a shell that reads a script from standard input. */
  readonly shell: readonly [string, ...string[]];
}

export interface Measurement {
  /** User and system time of the whole process tree. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly outputBytes: number;
  /** `cgroup` counts every process; `times` misses those that nobody waited for. */
  readonly method: 'cgroup' | 'times';
}

export interface Work {
  /** POSIX sh; `$dir` is a private folder that is removed afterwards. It must end by itself. */
  readonly command: string;
  /** A file `$dir/input`, where the command needs one. */
  readonly input?: string;
  readonly limitSeconds: number;
}

/** Thrown when the command cannot be run there; the message says why. */
export class CannotMeasure extends Error {}

/**
 * The script that runs `command` in a control group of its own (cgroup v2, cpu.stat), or else asks the shell for the times of its children,
 * and prints what it took as lines of a key and values.
 */
export function measuringScript({ command, input, limitSeconds }: Work): string {
  const end = `END_${randomBytes(8).toString('hex')}`;
  return `dir=$(mktemp -d) || exit 1
group=
while read -r _ at type _; do if [ "$type" = cgroup2 ]; then group=$at/culprit-bench-$$; fi; done </proc/mounts
if [ -n "$group" ] && ! { mkdir "$group" && (echo 0 >"$group/cgroup.procs") && [ -r "$group/cpu.stat" ]; } 2>/dev/null; then
  rmdir "$group" 2>/dev/null
  group=
fi
trap 'rm -rf "$dir"; if [ -n "$group" ]; then rmdir "$group"; fi' EXIT
trap 'exit 1' HUP INT TERM
cat >"$dir/input" <<'${end}'
${input ?? ''}
${end}
cat >"$dir/command" <<'${end}'
${command}
${end}
export dir
times >"$dir/before"
read -r from _ </proc/uptime
{
  if [ -n "$group" ]; then echo 0 >"$group/cgroup.procs"; fi
  timeout ${limitSeconds} sh "$dir/command" </dev/null 2>"$dir/errors"
  echo $? >"$dir/status"
} | wc -c >"$dir/bytes"
read -r to _ </proc/uptime
if [ -n "$group" ]; then
  n=0
  while [ -n "$(cat "$group/cgroup.procs")" ] && [ $n -lt 50 ]; do sleep 0.2; n=$((n + 1)); done
  while read -r key value; do if [ "$key" = usage_usec ]; then echo "group $value"; fi; done <"$group/cpu.stat"
fi
times >"$dir/after"
echo "before $(tail -n 1 "$dir/before")"
echo "after $(tail -n 1 "$dir/after")"
echo "wall $from $to"
echo "status $(cat "$dir/status")"
echo "bytes $(cat "$dir/bytes")"
echo "says $(tail -n 1 "$dir/errors")"
`;
}

/** `1m2.34s 0m0.50s`, as the shell's times prints them, in seconds. */
function timesInSeconds(text: string): number {
  return [...text.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

/** Reads what the measuring script printed. */
export function parseMeasurement(printed: string): Measurement {
  const lines = new Map(printed.split('\n').map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1).trim()]));
  const status = lines.get('status');
  if (status === undefined) throw new CannotMeasure(`no answer: ${printed.trim().split('\n').at(-1)}`);
  if (status !== '0') throw new CannotMeasure(lines.get('says') || `exit status ${status}`);
  const [from = NaN, to = NaN] = (lines.get('wall') ?? '').split(' ').map(Number);
  const group = lines.get('group');
  const times = timesInSeconds(lines.get('after') ?? '') - timesInSeconds(lines.get('before') ?? '');
  return {
    cpuSeconds: group === undefined ? times : Number(group) / 1_000_000,
    wallSeconds: to - from,
    outputBytes: Number(lines.get('bytes')),
    method: group === undefined ? 'times' : 'cgroup',
  };
}

/** Runs a command once and says what it took. */
export function measure(place: Place, work: Work): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const [program, ...words] = place.shell;
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    const says: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => printed.push(piece));
    child.stderr.on('data', (piece: Buffer) => says.push(piece));
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (status) => {
      try {
        if (status !== 0) throw new CannotMeasure(Buffer.concat(says).toString('utf8').trim() || `the shell ended with ${status}`);
        resolve(parseMeasurement(Buffer.concat(printed).toString('utf8')));
      } catch (error) {
        reject(error);
      }
    });
    child.stdin.end(measuringScript(work));
  });
}
