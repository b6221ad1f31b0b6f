import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** /etc/pve is mounted. */
  mounted: z.boolean(),
  /** The process behind it; its state as in proc_pid_stat(5). */
  process: z.object({ pid: z.number().int(), state: z.string() }).optional(),
  /** `hangs`: no answer within four seconds; `stuck`: the question could not even be withdrawn. Missing: not mounted, so not asked. */
  answer: z.enum(['answers', 'fails', 'hangs', 'stuck']).optional(),
  seconds: z.number().optional(),
});
export type Pmxcfs = z.infer<typeof schema>;

/**
 * The cluster file system of Proxmox VE lives in a process (FUSE). One question about a folder in it shows whether that process answers; it is asked in the
 * background, since whoever waits for a process that does not answer may not be killable. It is of no family, so that it is asked before all others that read there.
 */
export default defineProbe({
  id: 'pmxcfs',
  title: 'Whether the cluster file system /etc/pve answers',
  subject: 'guests',
  timeoutMs: 7_000,
  maxBytes: 8_192,
  sh: `mounted=no
while read -r device point rest; do [ "$point" = /etc/pve ] && mounted=yes; done </proc/mounts
[ $mounted = yes ] || [ -e /usr/bin/pveversion ] || absent 'this is not a Proxmox VE host'
echo "mounted $mounted"
for f in $(grep -lsx pmxcfs /proc/[0-9]*/comm); do
  { read -r line <"\${f%comm}stat"; } 2>/dev/null || continue
  pid=\${f#/proc/}; set -f; set -- \${line##*)}; set +f
  echo "process \${pid%/comm} $1"
done
if [ $mounted = yes ]; then
  read -r from rest </proc/uptime
  ( stat -c %i /etc/pve/nodes >"$TMP/said" 2>&1
    status=$?
    case $(cat "$TMP/said") in *'ermission denied'*) status=0 ;; esac
    echo $status >"$TMP/new"
    mv "$TMP/new" "$TMP/done" ) >/dev/null 2>&1 &
  asking=$!
  count=0
  while [ ! -e "$TMP/done" ] && [ $count -lt 40 ]; do sleep 0.1 2>/dev/null || { sleep 1; count=$((count + 9)); }; count=$((count + 1)); done
  read -r to rest </proc/uptime
  if [ -e "$TMP/done" ]; then read -r status <"$TMP/done"; echo "status $status $from $to"; else
    child=
    read -r child rest 2>/dev/null <"/proc/$asking/task/$asking/children"
    kill -9 $asking $child 2>/dev/null
    sleep 0.2 2>/dev/null || sleep 1
    state=
    [ -n "$child" ] && { read -r line <"/proc/$child/stat"; } 2>/dev/null && { set -f; set -- \${line##*)}; set +f; state=$1; }
    if [ "$state" = D ]; then echo stuck; left_behind stat; else echo hangs; fi
  fi
fi
echo end`,
  schema,
  parse: (stdout) => {
    const rows = stdout.split('\n', 100).map(words);
    const row = (kind: string): string[] | undefined => rows.find(([first]) => first === kind);
    if (row('end') === undefined) return unparsable('the answer does not reach its end');
    const [, pidText, state] = row('process') ?? [];
    const pid = countIn(pidText);
    const [, status, from, to] = row('status') ?? [];
    const [start, stop] = [numberIn(from), numberIn(to)];
    const answer = status === undefined ? (['hangs', 'stuck'] as const).find((one) => row(one) !== undefined) : status === '0' ? ('answers' as const) : ('fails' as const);
    return {
      mounted: row('mounted')?.[1] === 'yes',
      ...(pid !== undefined && state !== undefined && { process: { pid, state } }),
      ...(answer !== undefined && { answer }),
      ...(start !== undefined && stop !== undefined && stop >= start && { seconds: Math.round((stop - start) * 100) / 100 }),
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8, pmxcfs(8): all is well',
      stdout: 'mounted yes\nprocess 1402 S\nstatus 0 8640.11 8640.22\nend\n',
      expect: { mounted: true, process: { pid: 1402, state: 'S' }, answer: 'answers', seconds: 0.11 },
    },
    { from: 'documented', where: 'a process that does not answer, and a question that cannot be withdrawn', stdout: 'mounted yes\nprocess 1402 D\nstuck\nend\n', expect: { process: { state: 'D' }, answer: 'stuck' } },
    { from: 'documented', where: 'fuse(4): the process is gone and left its mount behind', stdout: 'mounted yes\nstatus 1 8640.11 8640.22\nend\n', expect: { mounted: true, answer: 'fails' } },
    { from: 'documented', where: 'the service does not run', stdout: 'mounted no\nend\n', expect: { mounted: false } },
    { from: 'documented', where: 'an answer that was cut', stdout: 'mounted yes\n', expect: 'unparsable' },
  ],
});
