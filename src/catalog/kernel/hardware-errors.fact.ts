import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { splitHardwareRecords } from './hardware-error-record.ts';
import { recentSeconds } from './kernel-log-events.fact.ts';
import kernelLog from './kernel-log.probe.ts';
import { denied, logOf } from './kernel-log.samples.ts';
import { kindOfLogLine } from './log-kinds.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';

const components = ['processor', 'memory', 'pcie', 'unknown'] as const;
type Component = (typeof components)[number];

const groupSchema = z.object({
  /** What failed. `unknown`: the kernel only says that there was something. */
  component: z.enum(components),
  corrected: z.boolean(),
  /** Records of several lines each: in this boot as far as the log goes back, and in the last 24 hours. */
  count: z.number().int(),
  recentCount: z.number().int(),
  lastSecondsAgo: z.number().optional(),
  /** Processors and banks that reported it: `CPU 5 bank 5`; at most 8. */
  places: z.array(z.string()),
  /** A line of the newest record. */
  sample: z.string(),
});
export type HardwareErrors = z.infer<typeof groupSchema>;

/** `CPU 5: Machine Check: 0 Bank 5: bea0000000000108`, or `… Machine Check Exception: 5 Bank 0: …`. */
const bankLine = /CPU (\d{1,5}): Machine Check(?: Exception)?: [0-9a-f]{1,8} Bank (\d{1,3}): ([0-9a-f]{16})/;
/** The decoder of AMD processors: `CPU:2 (19:21:0) MC0_STATUS[…]`. */
const decodedLine = /CPU:(\d{1,5}) \([0-9a-f:]{1,20}\) MC(\d{1,3})_STATUS/;
/** Older kernels write heat into the log of errors under this number of a bank (MCE_THERMAL_BANK). */
const heatBank = 128;

/** Errors of a memory controller have codes of the form 0000 0000 1MMM CCCC in the lowest bits of the status (Intel SDM 3B, compound error codes). */
function isMemoryStatus(status: string): boolean {
  return (Number.parseInt(status.slice(-4), 16) & 0xef80) === 0x0080;
}

function componentOf(texts: readonly string[]): Component | 'heat' {
  if (texts.some((text) => /section_type: memory error|Unified Memory Controller|DRAM ECC|Memory Controller Error/i.test(text))) return 'memory';
  if (texts.some((text) => /section_type: PCIe error/.test(text))) return 'pcie';
  const banks = texts.flatMap((text) => bankLine.exec(text) ?? []);
  const statuses = texts.flatMap((text) => bankLine.exec(text)?.[3] ?? []);
  if (banks.length > 0 && texts.every((text) => Number(bankLine.exec(text)?.[2] ?? heatBank) === heatBank)) return 'heat';
  if (statuses.some(isMemoryStatus)) return 'memory';
  if (banks.length > 0 || texts.some((text) => decodedLine.test(text) || /section_type: .{0,20}processor error/.test(text))) return 'processor';
  return 'unknown';
}

function placesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const [, cpu, bank] = bankLine.exec(text) ?? decodedLine.exec(text) ?? [];
    return cpu === undefined || bank === undefined ? [] : [`CPU ${cpu} bank ${bank}`];
  });
}

/** Errors that the hardware reported, one record each, told apart by what failed. Heat is none of them. */
export default defineFact({
  id: 'hardware-errors',
  title: 'Errors that the hardware reported',
  needs: { log: kernelLog, system: operatingSystem },
  schema: z.object({ groups: z.array(groupSchema), coversBoot: z.boolean() }),
  derive: ({ log, system }) => {
    const groups = new Map<string, HardwareErrors>();
    for (const record of splitHardwareRecords(log.lines.map((line) => ({ ...line, kind: kindOfLogLine(line.text) })))) {
      if (!('lines' in record)) continue;
      const texts = record.lines.map(({ text }) => text.slice(0, 400));
      const component = componentOf(texts);
      if (component === 'heat') continue;
      const corrected = record.kind === 'corrected-hardware-error';
      const key = `${component} ${corrected}`;
      const before = groups.get(key);
      const at = record.lines[0]?.secondsSinceBoot;
      const ago = at === undefined ? undefined : Math.max(0, system.uptimeSeconds - at);
      groups.set(key, {
        component,
        corrected,
        count: (before?.count ?? 0) + 1,
        recentCount: (before?.recentCount ?? 0) + (ago !== undefined && ago <= recentSeconds ? 1 : 0),
        ...(ago === undefined ? {} : { lastSecondsAgo: Math.min(ago, before?.lastSecondsAgo ?? ago) }),
        places: [...new Set([...(before?.places ?? []), ...placesOf(texts)])].slice(0, 8),
        sample: (texts.find((text) => placesOf([text]).length > 0) ?? texts[0] ?? '').slice(0, 240),
      });
    }
    return { groups: [...groups.values()], coversBoot: log.coversBoot };
  },
  examples: [
    {
      name: 'a core that fails, a memory module, a PCIe device and one line without details',
      given: {
        system: proxmoxHost,
        log: logOf(
          [10, 'mce: [Hardware Error]: CPU 5: Machine Check: 0 Bank 5: bea0000000000108'],
          [10, 'mce: [Hardware Error]: TSC 0 ADDR 1ffffc0a1b2c3 MISC d012000100000000 SYND 4d000000 IPID 500b000000000'],
          [863_000, 'mce: [Hardware Error]: Machine check events logged'],
          [863_000, 'mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 7: 8c00004000010090'],
          [863_100, '{1}[Hardware Error]: event severity: corrected'],
          [863_100, '{1}[Hardware Error]:   section_type: PCIe error'],
          [863_200, 'mce: [Hardware Error]: Machine check events logged'],
          [863_300, '[Hardware Error]: Corrected error, no action required.'],
          [863_300, '[Hardware Error]: CPU:2 (19:21:0) MC0_STATUS[Over|CE|MiscV|AddrV]: 0xdc2040000000011b'],
        ),
      },
      expect: {
        groups: [
          { component: 'processor', corrected: false, count: 1, recentCount: 0, places: ['CPU 5 bank 5'] },
          { component: 'memory', corrected: true, recentCount: 1, places: ['CPU 0 bank 7'] },
          { component: 'pcie', corrected: true, recentCount: 1 },
          { component: 'unknown', corrected: true, recentCount: 1 },
          { component: 'processor', corrected: true, recentCount: 1, places: ['CPU 2 bank 0'] },
        ],
      },
    },
    {
      name: 'heat, as older kernels write it, and a record that the firmware shows again',
      given: {
        system: proxmoxHost,
        log: logOf([0.9, 'BERT: Error records from previous boot:'], [0.9, '[Hardware Error]: event severity: fatal'], [500, 'mce: [Hardware Error]: CPU 1: Machine Check: 0 Bank 128: 00000000880c0a83']),
      },
      expect: { groups: [], coversBoot: true },
    },
    { name: 'not permitted', given: { system: proxmoxHost, log: denied }, expect: 'not-permitted' },
  ],
});
