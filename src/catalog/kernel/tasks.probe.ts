import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

const taskSchema = z.object({
  pid: z.number().int(),
  name: z.string(),
  /** R running, S sleeping, D in uninterruptible sleep, Z zombie, T stopped, I idle (proc_pid_stat(5)). */
  state: z.string(),
  kernelThread: z.boolean(),
  /** Processor time in clock ticks; `guestTicks`, of a virtual processor, is part of `userTicks`. */
  userTicks: z.number(),
  systemTicks: z.number(),
  guestTicks: z.number(),
  /** After boot, in clock ticks. With the pid it names a task for good. */
  startTicks: z.number(),
  /** Waited for block I/O, in clock ticks; 0 unless the kernel accounts for delays. */
  blockIoDelayTicks: z.number(),
  threads: z.number().int(),
  majorFaults: z.number(),
});
export type Task = z.infer<typeof taskSchema>;

const schema = z.object({
  /** Processes and kernel threads that have used some processor time, or that do not sleep. */
  tasks: z.array(taskSchema),
  /** All processes and kernel threads. */
  count: z.number().int(),
  truncated: z.boolean(),
});

function parseTask(line: string): Task | undefined {
  const [pid, state, kernelThread, user, system, guest, start, blockIo, threads, majorFaults, ...name] = words(line);
  const numbers = [pid, user, system, guest, start, blockIo, threads, majorFaults].map(countIn);
  const [id, userTicks, systemTicks, guestTicks, startTicks, blockIoDelayTicks, threadCount, faults] = numbers;
  if (id === undefined || userTicks === undefined || systemTicks === undefined || guestTicks === undefined) return undefined;
  if (startTicks === undefined || blockIoDelayTicks === undefined || threadCount === undefined || faults === undefined) return undefined;
  return {
    pid: id,
    name: name.join(' '),
    state: state ?? '',
    kernelThread: kernelThread === '1',
    userTicks,
    systemTicks,
    guestTicks,
    startTicks,
    blockIoDelayTicks,
    threads: threadCount,
    majorFaults: faults,
  };
}

/** /proc/<pid>/stat of all processes and kernel threads, the needed fields only. */
export default defineCounterProbe({
  id: 'tasks',
  title: 'Processor time and state of each process and kernel thread',
  subject: 'kernel',
  timeoutMs: 8_000,
  maxBytes: 262_144,
  sh: `cat /proc/[0-9]*/stat 2>/dev/null | awk '
!match($0, /^[0-9]+ \\(.*\\)/) { next }
{ open = index($0, "("); close_at = RLENGTH
  count++
  name = substr($0, open + 1, close_at - open - 1)
  fields = split(substr($0, close_at + 2), f, " ")
  if (fields < 41 || (f[12] + f[13] < 4 && f[1] != "D" && f[1] != "R")) next
  if (++printed > 3000) { cut = 1; next }
  print $1, f[1], int(f[7] / 2097152) % 2, f[12], f[13], f[41], f[20], f[40], f[18], f[10], name }
END { printf "#count %d\\n", count; if (cut) print "#truncated" }'`,
  schema,
  parse: (stdout) => {
    const tasks: Task[] = [];
    let count = 0;
    let truncated = false;
    for (const line of stdout.split('\n')) {
      if (line.startsWith('#count ')) count = countIn(line.slice(7)) ?? 0;
      else if (line === '#truncated') truncated = true;
      else {
        const task = parseTask(line);
        if (task !== undefined) tasks.push(task);
      }
    }
    return { tasks, count: Math.max(count, tasks.length), truncated };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.1 with ZFS, mawk',
      stdout: `812 D 1 0 45012 0 6120 0 1 0 z_wr_iss
1207 S 0 90210 12033 88110 90022 12 9 3 kvm
2001 R 0 12 3 0 120000 0 1 0 tmux: server
#count 214
`,
      expect: {
        tasks: [
          { pid: 812, name: 'z_wr_iss', state: 'D', kernelThread: true, systemTicks: 45012, startTicks: 6120 },
          { pid: 1207, name: 'kvm', kernelThread: false, guestTicks: 88110, blockIoDelayTicks: 12, threads: 9, majorFaults: 3 },
          { pid: 2001, name: 'tmux: server', state: 'R' },
        ],
        count: 214,
        truncated: false,
      },
    },
    {
      from: 'documented',
      where: 'a name with odd characters, and lines that are none',
      stdout: '7 S 0 9 9 0 1 0 1 0 a) R (b\nx y z\n#count 1\n#truncated\n',
      expect: { tasks: [{ pid: 7, name: 'a) R (b' }], truncated: true },
    },
  ],
});
