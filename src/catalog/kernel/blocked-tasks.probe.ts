import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

const taskSchema = z.object({
  /** Thread id, and the process that it belongs to. */
  tid: z.number().int(),
  pid: z.number().int(),
  name: z.string(),
  kernelThread: z.boolean(),
  /** Kernel function that it sleeps in, where that may be read. */
  waitsIn: z.string().optional(),
  /** Innermost function first, without addresses. */
  stack: z.array(z.string()),
});
export type BlockedTask = z.infer<typeof taskSchema>;

const schema = z.object({
  /** Threads in uninterruptible sleep at one moment. Short waits for a disk are normal. */
  tasks: z.array(taskSchema),
  count: z.number().int(),
});

function parse(stdout: string): z.infer<typeof schema> {
  const tasks = new Map<number, BlockedTask>();
  let count = 0;
  for (const line of stdout.split('\n')) {
    const [kind, tidText, ...rest] = words(line);
    const tid = countIn(tidText);
    const stackLine = /^\/proc\/(\d{1,9})\/stack:\[<[0-9a-f]{0,16}>\] ([A-Za-z0-9_.]{1,100})/.exec(line);
    if (stackLine) {
      tasks.get(Number(stackLine[1]))?.stack.push(stackLine[2] ?? '');
    } else if (kind === '#count') {
      count = tid ?? 0;
    } else if (kind === 'task' && tid !== undefined) {
      const [kernelThread, ...name] = rest;
      tasks.set(tid, { tid, pid: tid, name: name.join(' '), kernelThread: kernelThread === '1', stack: [] });
    } else if (kind === 'process' && tid !== undefined) {
      const task = tasks.get(tid);
      if (task !== undefined) task.pid = countIn(rest[0]) ?? tid;
    } else if (kind === 'wait' && tid !== undefined && rest[0] !== undefined && rest[0] !== '0') {
      const task = tasks.get(tid);
      if (task !== undefined) task.waitsIn = rest[0];
    }
  }
  return { tasks: [...tasks.values()], count: Math.max(count, tasks.size) };
}

/** Which threads wait in the kernel and cannot be interrupted. Command lines are not read: that may hang as well. */
export default defineProbe({
  id: 'blocked-tasks',
  title: 'Threads in uninterruptible sleep',
  subject: 'kernel',
  timeoutMs: 4_000,
  maxBytes: 65_536,
  root: { need: 'helps', adds: 'the kernel function that each blocked thread waits in' },
  sudo: ['/usr/bin/grep ^-s < /dev/null( /proc/[0-9]+/stack)+$'],
  sh: `blocked=$(cat /proc/[0-9]*/task/[0-9]*/stat 2>/dev/null | awk '
!match($0, /^[0-9]+ \\(.*\\) D/) { next }
{ open = index($0, "("); close_at = RLENGTH - 2
  if (++count > 48) next
  split(substr($0, close_at + 2), f, " ")
  print "task", $1, int(f[7] / 2097152) % 2, substr($0, open + 1, close_at - open - 1) }
END { printf "#count %d\\n", count }')
printf '%s\\n' "$blocked"
printf '%s\\n' "$blocked" | {
  stacks=
  while read -r kind tid rest; do
    [ "$kind" = task ] || continue
    while read -r key pid; do [ "$key" = Tgid: ] && { printf 'process %s %s\\n' "$tid" "$pid"; break; }; done 2>/dev/null < "/proc/$tid/status"
    wait=
    { read -r wait < "/proc/$tid/wchan" || [ -n "$wait" ]; } 2>/dev/null && printf 'wait %s %s\\n' "$tid" "$wait"
    stacks="$stacks /proc/$tid/stack"
  done
  [ -n "$stacks" ] && is_root && as_root grep -s '<' /dev/null $stacks
}
:`,
  schema,
  parse,
  examples: [
    {
      from: 'documented',
      where: 'proc_pid_stat(5), proc_pid_stack(5): a pool whose disks do not answer, as root',
      stdout: `task 812 1 txg_sync
task 30211 0 CPU 0/KVM
#count 2
process 812 812
process 30211 30200
wait 812 cv_wait_common
wait 30211 folio_wait_bit_common
/proc/812/stack:[<0>] cv_wait_common+0x102/0x140 [spl]
/proc/812/stack:[<0>] zio_wait+0x124/0x220 [zfs]
/proc/30211/stack:[<0>] folio_wait_bit_common+0x13d/0x350
`,
      expect: {
        tasks: [
          { tid: 812, name: 'txg_sync', kernelThread: true, waitsIn: 'cv_wait_common', stack: ['cv_wait_common', 'zio_wait'] },
          { tid: 30211, pid: 30200, name: 'CPU 0/KVM', stack: ['folio_wait_bit_common'] },
        ],
        count: 2,
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, an ordinary user',
      stdout: 'task 4211 0 dd\n#count 1\nwait 4211 0\n',
      expect: { tasks: [{ tid: 4211, name: 'dd', stack: [] }], count: 1 },
    },
    { from: 'recorded', where: 'Debian 12, nothing blocked', stdout: '#count 0\n', expect: { tasks: [], count: 0 } },
  ],
});
