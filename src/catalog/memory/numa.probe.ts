import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';
import { countOf, linesOf } from './sysfs-text.ts';

const schema = z.object({
  nodes: z.array(
    z.object({
      node: z.number(),
      /** As the kernel lists them: `0-7,16-23`; empty for a node that has memory only. */
      cpus: z.string(),
      totalBytes: z.number(),
      freeBytes: z.number(),
    }),
  ),
  /** Whether the kernel moves memory to the node that uses it (kernel.numa_balancing). */
  balancing: z.boolean().optional(),
});

const nodePath = /^node(\d{1,5})\/(cpulist|meminfo)$/;
const memoryLine = /^Node \d{1,5} Mem(Total|Free): {1,32}(\d{1,18}) kB$/;

export default defineProbe({
  id: 'numa',
  title: 'Memory nodes (NUMA)',
  subject: 'memory',
  stage: 'early',
  maxBytes: 131_072,
  sh: `[ -d /sys/devices/system/node/node0 ] || absent 'this kernel knows no memory nodes'
dump /proc/sys/kernel/numa_balancing
cd /sys/devices/system/node && for d in node[0-9]*; do
  dump "$d/cpulist"
  echo "==> $d/meminfo <=="
  i=0; while [ $i -lt 2 ] && read -r line; do echo "$line"; i=$((i + 1)); done <"$d/meminfo"
done`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const nodes = new Map<number, { node: number; cpus: string; totalBytes: number; freeBytes: number }>();
    for (const path of files.keys()) {
      const [, id, file] = nodePath.exec(path) ?? [];
      if (id === undefined) continue;
      const lines = linesOf(files, path);
      const node = nodes.get(Number(id)) ?? { node: Number(id), cpus: '', totalBytes: 0, freeBytes: 0 };
      nodes.set(node.node, node);
      if (file === 'cpulist') node.cpus = (lines[0] ?? '').trim().slice(0, 1024);
      for (const line of lines.slice(0, 2)) {
        const [, which, kibibytes] = memoryLine.exec(line.trimEnd()) ?? [];
        if (which === 'Total') node.totalBytes = Number(kibibytes) * 1024;
        if (which === 'Free') node.freeBytes = Number(kibibytes) * 1024;
      }
    }
    if (nodes.size === 0) return unparsable('no memory node is described');
    const balancing = countOf(files, '/proc/sys/kernel/numa_balancing');
    return {
      nodes: [...nodes.values()].sort((a, b) => a.node - b.node),
      ...(balancing !== undefined && { balancing: balancing !== 0 }),
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 with kernel 6.18, one node',
      stdout: `==> /proc/sys/kernel/numa_balancing <==
0
==> node0/cpulist <==
0-1
==> node0/meminfo <==
Node 0 MemTotal:        8479300 kB
Node 0 MemFree:         5672356 kB

`,
      expect: { balancing: false, nodes: [{ node: 0, cpus: '0-1', totalBytes: 8682803200, freeBytes: 5808492544 }] },
    },
    {
      from: 'documented',
      where: 'kernel documents admin-guide/sysctl/kernel and ABI sysfs-devices-node: two sockets',
      stdout: `==> /proc/sys/kernel/numa_balancing <==
1
==> node0/cpulist <==
0-15,32-47
==> node0/meminfo <==
Node 0 MemTotal:       263853996 kB
Node 0 MemFree:         1203468 kB
==> node1/cpulist <==
16-31,48-63
==> node1/meminfo <==
Node 1 MemTotal:       264226264 kB
Node 1 MemFree:        98000348 kB
`,
      expect: {
        balancing: true,
        nodes: [
          { node: 0, cpus: '0-15,32-47', totalBytes: 270_186_491_904, freeBytes: 1_232_351_232 },
          { node: 1, cpus: '16-31,48-63', totalBytes: 270_567_694_336, freeBytes: 100_352_356_352 },
        ],
      },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
