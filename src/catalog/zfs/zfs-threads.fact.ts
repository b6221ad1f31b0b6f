import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import operatingSystem from '../kernel/os.probe.ts';
import tasks from '../kernel/tasks.probe.ts';
import zfsVersion from './zfs-version.probe.ts';

const schema = z.object({
  /** Write issue threads: compression, checksums and encryption happen in them. Percent of one core; the busiest and all together. */
  writeIssue: z.object({ busiestPercent: z.number(), totalPercent: z.number() }),
  /** Read interrupt threads: checksums, decryption and decompression. */
  readInterrupt: z.object({ busiestPercent: z.number(), totalPercent: z.number() }),
  txgSyncPercent: z.number(),
  /** Names of ZFS threads that are in D state at both ends of the window. */
  blocked: z.array(z.string()),
});

/** Processor time of ZFS's own kernel threads over the sampling window (thread names: module/zfs/spa.c, zio_taskqs). */
export default defineFact({
  id: 'zfs-threads',
  title: 'Processor time of ZFS threads',
  needs: { zfs: zfsVersion, tasks, os: operatingSystem },
  schema,
  derive: ({ zfs, tasks: sampled, os }) => {
    if (!zfs.module) return absent('ZFS is not loaded on this host');
    const before = new Map(sampled.first.tasks.map((task) => [`${task.pid} ${task.startTicks}`, task]));
    const result = {
      writeIssue: { busiestPercent: 0, totalPercent: 0 },
      readInterrupt: { busiestPercent: 0, totalPercent: 0 },
      txgSyncPercent: 0,
      blocked: [] as string[],
    };
    for (const task of sampled.second.tasks) {
      if (!task.kernelThread) continue;
      const then = before.get(`${task.pid} ${task.startTicks}`);
      const ticks = task.systemTicks + task.userTicks - (then ? then.systemTicks + then.userTicks : 0);
      // A thread that is missing in the first reading had used next to nothing until then.
      const percent = Math.max(0, (100 * ticks) / os.clockTicksPerSecond / sampled.intervalSeconds);
      const family = task.name.startsWith('z_wr_iss') ? result.writeIssue : task.name.startsWith('z_rd_int') ? result.readInterrupt : undefined;
      if (family) {
        family.busiestPercent = Math.max(family.busiestPercent, percent);
        family.totalPercent += percent;
      }
      if (task.name === 'txg_sync') result.txgSyncPercent += percent;
      if (task.state === 'D' && then?.state === 'D' && /^(z_|txg_|zvol|spa_|dp_|arc_|l2arc)/.test(task.name)) result.blocked.push(task.name);
    }
    return result;
  },
  examples: [
    {
      name: 'a write issue thread takes a core',
      given: {
        zfs: { module: '2.1.11-1' },
        os: { clockTicksPerSecond: 100 } as never,
        tasks: {
          first: { tasks: [thread('z_wr_iss', 1000), thread('txg_sync', 50)], count: 200, truncated: false },
          second: { tasks: [thread('z_wr_iss', 1390), thread('txg_sync', 54)], count: 200, truncated: false },
          intervalSeconds: 4,
        },
      },
      expect: { writeIssue: { busiestPercent: 97.5, totalPercent: 97.5 }, txgSyncPercent: 1, blocked: [] },
    },
  ],
});

function thread(name: string, systemTicks: number) {
  return {
    pid: name === 'txg_sync' ? 412 : 411,
    name,
    state: 'S',
    kernelThread: true,
    userTicks: 0,
    systemTicks,
    guestTicks: 0,
    startTicks: 10,
    blockIoDelayTicks: 0,
    threads: 1,
    majorFaults: 0,
  };
}
