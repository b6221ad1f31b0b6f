import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { withHardwareRecords } from './hardware-error-record.ts';
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
    for (const { text, secondsSinceBoot, kind } of withHardwareRecords(log.lines.map((line) => ({ ...line, kind: kindOfLogLine(line.text) })))) {
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
    {
      name: 'scheduler domains that do not fit, errors that firmware kept from the boot before, and one corrected error of each make',
      given: {
        system: proxmoxHost,
        log: logOf(
          [0.3, 'BUG: arch topology borken'],
          [0.9, 'BERT: Error records from previous boot:'],
          [0.9, '[Hardware Error]: event severity: fatal'],
          [0.9, '[Hardware Error]:  Error 0, type: fatal'],
          [5_000, '{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 4'],
          [5_000, '{1}[Hardware Error]: It has been corrected by h/w and requires no further action'],
          [5_000, '{1}[Hardware Error]: event severity: corrected'],
          [6_000, 'mce: [Hardware Error]: Machine check events logged'],
          [6_000, 'mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 7: 8c00004000010090'],
          [6_000, 'EDAC MC0: 1 CE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0'],
        ),
      },
      expect: { events: [{ kind: 'corrected-hardware-error', count: 5 }, { kind: 'corrected-memory-error', count: 1 }] },
    },
    {
      name: 'errors that were not corrected',
      given: {
        system: proxmoxHost,
        log: logOf(
          [863_000, 'mce: [Hardware Error]: CPU 5: Machine Check: 0 Bank 5: bea0000000000108'],
          [863_500, '[Hardware Error]: event severity: recoverable'],
          [863_900, 'EDAC MC0: 1 UE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0'],
          [863_950, 'EDAC MC0: 400 CE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0'],
        ),
      },
      expect: { events: [{ kind: 'machine-check', count: 2 }, { kind: 'memory-error', count: 2 }] },
    },
    { name: 'not permitted', given: { system: proxmoxHost, log: denied }, expect: 'not-permitted' },
  ],
});
