import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { denied, logOf } from './kernel-log.samples.ts';
import kernelLog from './kernel-log.probe.ts';
import { kindOfLogLine, logKinds, type LogKind } from './log-kinds.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';

/** What was logged in this time before the look counts as recent. */
export const recentSeconds = 86_400;

const eventsSchema = z.object({
  kind: z.enum(logKinds),
  /** In this boot, as far as the log goes back; and in the last 24 hours. */
  count: z.number().int(),
  recentCount: z.number().int(),
  lastHourCount: z.number().int(),
  /** How long ago the newest was logged; missing where the log has no times. */
  lastSecondsAgo: z.number().optional(),
  firstSecondsSinceBoot: z.number().optional(),
  /** Newest lines, at most 6. */
  samples: z.array(z.string()),
});
export type LogEvents = z.infer<typeof eventsSchema>;

/** Lines of the kernel's log that mean trouble, by what they are about. */
export default defineFact({
  id: 'kernel-log-events',
  title: 'Trouble in the kernel log',
  needs: { log: kernelLog, system: operatingSystem },
  schema: z.object({ events: z.array(eventsSchema), coversBoot: z.boolean(), uptimeSeconds: z.number() }),
  derive: ({ log, system }) => {
    const byKind = new Map<LogKind, LogEvents>();
    for (const { text, secondsSinceBoot } of log.lines) {
      const kind = kindOfLogLine(text);
      if (kind === undefined) continue;
      const events = byKind.get(kind) ?? { kind, count: 0, recentCount: 0, lastHourCount: 0, samples: [] };
      const ago = secondsSinceBoot === undefined ? undefined : Math.max(0, system.uptimeSeconds - secondsSinceBoot);
      events.count += 1;
      if (ago !== undefined) {
        if (ago <= recentSeconds) events.recentCount += 1;
        if (ago <= 3_600) events.lastHourCount += 1;
        events.lastSecondsAgo = Math.min(ago, events.lastSecondsAgo ?? ago);
        events.firstSecondsSinceBoot ??= secondsSinceBoot;
      }
      events.samples = [...events.samples.slice(-5), text];
      byKind.set(kind, events);
    }
    return { events: [...byKind.values()], coversBoot: log.coversBoot, uptimeSeconds: system.uptimeSeconds };
  },
  examples: [
    {
      name: 'a disk that fails today, a crash of last week, and chatter',
      given: {
        system: proxmoxHost,
        log: logOf(
          [100, 'BUG: kernel NULL pointer dereference, address: 0000000000000008'],
          [863_000, 'platform regulatory.0: Direct firmware load for regulatory.db failed with error -2'],
          [863_100, 'I/O error, dev sdb, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2'],
          [863_900, 'blk_update_request: I/O error, dev sdb, sector 4096 op 0x1:(WRITE)'],
          [863_910, 'I/O error, dev nvme0n1, sector 0 op 0x3:(DISCARD) flags 0x800'],
        ),
      },
      expect: {
        events: [
          { kind: 'oops', count: 1, recentCount: 0, firstSecondsSinceBoot: 100 },
          { kind: 'io-error', count: 2, recentCount: 2, lastHourCount: 2, lastSecondsAgo: 100 },
        ],
        coversBoot: true,
      },
    },
    {
      name: 'a quiet boot of a virtual machine',
      given: {
        system: proxmoxHost,
        log: logOf(
          [0.4, 'mtrr: your CPUs had inconsistent fixed MTRR settings'],
          [5, 'zfs: module license \'CDDL\' taints kernel.'],
          [6, 'sd 6:0:0:0: Power-on or device reset occurred'],
          [7, 'ata3: SATA link down (SStatus 4 SControl 300)'],
          [8, 'I/O error, dev sr0, sector 0 op 0x0:(READ)'],
          [9, 'traps: chrome[123] general protection fault ip:55 sp:7f error:0'],
        ),
      },
      expect: { events: [] },
    },
    { name: 'not permitted', given: { system: proxmoxHost, log: denied }, expect: 'not-permitted' },
  ],
});
