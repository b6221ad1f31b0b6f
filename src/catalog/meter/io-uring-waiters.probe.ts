import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Threads that wait for something to complete on an io_uring: with nothing to do, or with I/O under way. */
  waiting: z.number().int(),
  /** Their processes by name. */
  processes: z.array(z.object({ pid: z.number().int(), name: z.string(), waiting: z.number().int() })),
  /** Threads whose wait could be read at all; 0 tells nothing. */
  readable: z.number().int(),
});

/**
 * Threads of virtual machines and databases, and any process with a thread that waits on an io_uring. Linux 6.1.39 and later count such a wait as waiting for I/O.
 * Where the compiler put the waiting into its caller, wchan names that one: io_cqring_wait, or __do_sys_io_uring_enter on Debian 12.
 */
export default defineProbe({
  id: 'io-uring-waiters',
  title: 'Threads that wait on an io_uring',
  subject: 'meter',
  stage: 'early',
  timeoutMs: 3_000,
  maxBytes: 32_768,
  root: { need: 'helps', adds: 'what the threads of virtual machines wait in' },
  sh: `pids=$(grep -slE '^(kvm|qemu-system.*|qemu-kvm|mariadbd|mysqld|postgres|ceph-osd)$' /dev/null /proc/[0-9]*/comm)
others=$(grep -slE '^io_(cqring_wait|uring)' /dev/null /proc/[0-9]*/task/[0-9]*/wchan)
[ -n "$pids$others" ] || { echo '#readable 0'; exit 0; }
seen=' '
for file in $pids $others; do
  pid=\${file#/proc/}; pid=\${pid%%/*}
  case $seen in *" $pid "*) continue ;; esac
  seen="$seen$pid "
  name=; { read -r name < "/proc/$pid/comm"; } 2>/dev/null
  waiting=0; readable=0
  for f in "/proc/$pid/task/"*/wchan; do
    wait=; { read -r wait < "$f" || [ -n "$wait" ]; } 2>/dev/null || continue
    case $wait in
      0) ;;
      io_cqring_wait* | io_uring* | _*_io_uring_enter*) waiting=$((waiting + 1)); readable=$((readable + 1)) ;;
      *) readable=$((readable + 1)) ;;
    esac
  done
  echo "process $pid $waiting $readable $name"
done`,
  schema,
  parse: (stdout) => {
    const processes: z.infer<typeof schema>['processes'] = [];
    let readable = 0;
    for (const line of stdout.split('\n')) {
      const [kind, pidText, waitingText, readableText, ...name] = words(line);
      const [pid, waiting, seen] = [pidText, waitingText, readableText].map(countIn);
      if (kind !== 'process' || pid === undefined || waiting === undefined || seen === undefined) continue;
      readable += seen;
      if (waiting > 0) processes.push({ pid, name: name.join(' '), waiting });
    }
    return { waiting: processes.reduce((sum, process) => sum + process.waiting, 0), processes, readable };
  },
  examples: [
    {
      from: 'documented',
      where: 'io_uring/io_uring.c: io_cqring_wait; proc_pid_wchan(5) as root',
      stdout: 'process 1207 2 9 kvm\nprocess 1310 0 7 kvm\n',
      expect: { waiting: 2, processes: [{ pid: 1207, name: 'kvm', waiting: 2 }], readable: 16 },
    },
    { from: 'recorded', where: 'Debian 12 without virtual machines', stdout: '#readable 0\n', expect: { waiting: 0, processes: [], readable: 0 } },
  ],
});
