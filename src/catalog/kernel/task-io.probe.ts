import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  tasks: z.array(
    z.object({
      pid: z.number().int(),
      /** Bytes really fetched from and sent to storage since the task began (proc_pid_io(5)). */
      readBytes: z.number(),
      writeBytes: z.number(),
    }),
  ),
});

/** /proc/<pid>/io of the tasks that have done any I/O. */
export default defineCounterProbe({
  id: 'task-io',
  title: 'Bytes read and written by each process',
  subject: 'kernel',
  timeoutMs: 3_000,
  maxBytes: 131_072,
  root: { need: 'helps', adds: 'the I/O of other users’ processes' },
  sh: `grep -s -E '^(read|write)_bytes: [1-9]' /dev/null /proc/[0-9]*/io | awk -F '[/: ]+' '
{ if ($3 != pid) { if (pid != "") print pid, r + 0, w + 0; pid = $3; r = 0; w = 0; if (++n > 2500) exit }
  if ($5 == "read_bytes") r = $6; else w = $6 }
END { if (pid != "") print pid, r, w }'`,
  schema,
  parse: (stdout) => {
    const tasks: z.infer<typeof schema>['tasks'] = [];
    for (const line of stdout.split('\n')) {
      const [pid, readBytes, writeBytes] = words(line).map(countIn);
      if (pid !== undefined && readBytes !== undefined && writeBytes !== undefined) tasks.push({ pid, readBytes, writeBytes });
    }
    return { tasks };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.1',
      stdout: '1 10780672 1339392\n214 0 4096\n1207 88123456789 912345678\n',
      expect: { tasks: [{ pid: 1, readBytes: 10780672 }, { pid: 214, writeBytes: 4096 }, { pid: 1207, readBytes: 88123456789 }] },
    },
    { from: 'documented', where: 'nothing permitted', stdout: '', expect: { tasks: [] } },
  ],
});
