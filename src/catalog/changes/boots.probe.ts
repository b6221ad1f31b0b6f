import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn, words } from '../../lib/host-text.ts';
import { isoWithZone } from '../../lib/local-time.ts';
import { bootExamples } from './boots.samples.ts';
import { bootsScript, bootsSudo } from './boots-script.ts';

/** The last second of the year 9999: clocks beyond are broken. */
const latestSeconds = 253_402_300_799;

/** What a boot's kernel says of itself and of the machine. */
const ran = {
  kernel: z.string().optional(),
  /** As booted; values that look like secrets are left out on the host already. */
  commandLine: z.string().optional(),
  /** Revision of the processor's microcode. */
  microcode: z.string().optional(),
  /** Mainboard and firmware, as the kernel names them: `vendor model, BIOS version date`. */
  firmware: z.string().optional(),
};

export const deviceKinds = ['disk', 'nvme', 'nic', 'adapter'] as const;

const bootSchema = z.object({
  /** 0 is the running one, -1 the one before. */
  index: z.number().int(),
  /** By the clock as it was then, which nothing may have set yet. */
  firstSeconds: z.number().optional(),
  /** When its journal was last written. */
  lastSeconds: z.number().optional(),
  /** How long it had run then, by the clock that nobody sets. */
  lastUptimeSeconds: z.number().optional(),
  ...ran,
  /** Disks by model, NVMe controllers and network cards by place or name, adapters by driver and place; as many as are alike. */
  devices: z.array(z.object({ kind: z.enum(deviceKinds), name: z.string(), firmware: z.string().optional(), count: z.number().int() })).optional(),
  /** Its kernel log was not read whole: what is not among the devices may have been there. */
  devicesCut: z.boolean().optional(),
});

const schema = z.object({
  nowSeconds: z.number(),
  uptimeSeconds: z.number(),
  runningKernel: z.string(),
  /** From the journal, the running boot first. */
  journal: z.array(bootSchema),
  /** From the records of logins (wtmp), newest first. Times with their zone. */
  wtmp: z.array(z.object({ kind: z.enum(['boot', 'shutdown']), at: z.string(), kernel: z.string().optional() })),
  /** The clock was set: the time after it, and the uptime. `index` as above, left out for boots that are not listed. */
  clockSteps: z.array(z.object({ index: z.number().int().optional(), atSeconds: z.number(), uptimeSeconds: z.number() })).optional(),
  /** From log files, where the journal keeps no boots: oldest first. Times as the files have them, local and often without a year. */
  logs: z.array(z.object({ at: z.string(), ...ran })).optional(),
  /** What was not read since time was over: `boots`, `steps`, `logs`. */
  cut: z.array(z.string()).optional(),
});
export type Boots = z.infer<typeof schema>;
type JournalBoot = { -readonly [K in keyof Boots['journal'][number]]: Boots['journal'][number][K] };
type LogBoot = { -readonly [K in keyof NonNullable<Boots['logs']>[number]]: NonNullable<Boots['logs']>[number][K] };

function wtmpOf(line: string): Boots['wtmp'][number][] {
  const [name, , word, ...rest] = words(line.slice(0, 300));
  const at = rest.find((one) => isoWithZone.test(one));
  const kernel = rest[0] !== at ? rest[0]?.slice(0, 80) : undefined;
  if (at === undefined || !((name === 'reboot' && word === 'boot') || (name === 'shutdown' && word === 'down'))) return [];
  return [{ kind: name === 'reboot' ? 'boot' : 'shutdown', at, ...(kernel && { kernel }) }];
}

/** Seconds with a point, or microseconds without one (the export format of the journal). */
const secondsIn = (text: string): number | undefined => (text.includes('.') ? numberIn(text) : ((value) => (value === undefined ? undefined : value / 1e6))(countIn(text)));

function deviceOf(value: string): NonNullable<JournalBoot['devices']>[number][] {
  const [count, kind, name = '', firmware = ''] = value.slice(0, 200).split('|');
  const known = deviceKinds.find((one) => one === kind);
  const number = countIn(count);
  return known === undefined || name === '' || number === undefined || number < 1 ? [] : [{ kind: known, name, count: number, ...(firmware !== '' && { firmware }) }];
}

function stepOf(value: string): NonNullable<Boots['clockSteps']>[number][] {
  const [index = '', real = '', up = ''] = value.split('|');
  const [atSeconds, uptimeSeconds] = [secondsIn(real), secondsIn(up)];
  if (atSeconds === undefined || uptimeSeconds === undefined || atSeconds > latestSeconds) return [];
  return [{ ...(/^(0|-\d)$/.test(index) && { index: Number(index) || 0 }), atSeconds, uptimeSeconds }];
}

/** Takes in what both ways of reading a boot share. */
function takeRan(boot: { kernel?: string | undefined; commandLine?: string | undefined; microcode?: string | undefined; firmware?: string | undefined }, key: string, value: string): void {
  if (key === 'version') boot.kernel = value.slice(0, 80);
  else if (key === 'command-line') boot.commandLine = value.slice(0, 1_000);
  else if (key === 'microcode') boot.microcode = value.slice(0, 20);
  else if (key === 'firmware') boot.firmware = value.slice(0, 160);
}

function takeJournal(boot: JournalBoot, key: string, value: string): void {
  if (key === 'first') boot.firstSeconds = secondsIn(value);
  else if (key === 'last') boot.lastSeconds = secondsIn(value);
  else if (key === 'end-uptime') boot.lastUptimeSeconds = secondsIn(value);
  else if (key === 'devices-cut') boot.devicesCut = true;
  else if (key === 'device') boot.devices = [...(boot.devices ?? []), ...deviceOf(value)].slice(0, 200);
  else takeRan(boot, key, value);
}

/** Boots and what ran in them, as far as journal, wtmp and log files go back. Of each boot's kernel log only the first ten minutes are read. */
export default defineProbe({
  id: 'boots',
  title: 'Boots and their kernels',
  subject: 'kernel',
  timeoutMs: 14_000,
  maxBytes: 160_000,
  root: { need: 'helps', adds: 'the journal of earlier boots' },
  sudo: bootsSudo,
  sh: bootsScript,
  schema,
  parse: (stdout) => {
    const single = new Map<string, string>();
    const journal: JournalBoot[] = [];
    const logs: LogBoot[] = [];
    const wtmp: Boots['wtmp'] = [];
    const clockSteps: NonNullable<Boots['clockSteps']> = [];
    const cut = new Set<string>();
    for (const line of stdout.split('\n', 4_000)) {
      const [key, value] = keyAndValue(line, '=') ?? ['', ''];
      const [boot, log] = [journal.at(-1), logs.at(-1)];
      if (key === 'wtmp') wtmp.push(...wtmpOf(value));
      else if (key === 'step') clockSteps.push(...stepOf(value));
      else if (key === 'cut') cut.add(value.slice(0, 20));
      else if (key === 'log') logs.push({ at: value.slice(0, 40) });
      else if (log !== undefined && key.startsWith('log-')) takeRan(log, key.slice(4), value);
      else if (key === 'boot' && /^(0|-\d)$/.test(value)) journal.push({ index: Number(value) || 0 });
      else if (boot === undefined || value === '') single.set(key, value);
      else takeJournal(boot, key, value);
    }
    const [nowSeconds, uptimeSeconds, runningKernel] = [countIn(single.get('now')), numberIn(single.get('uptime')), single.get('kernel')];
    if (nowSeconds === undefined || nowSeconds > latestSeconds || uptimeSeconds === undefined || runningKernel === undefined) return unparsable('time, uptime or kernel is not there');
    return {
      nowSeconds,
      uptimeSeconds,
      runningKernel,
      journal: journal.filter((one) => one.firstSeconds !== undefined && one.firstSeconds <= latestSeconds),
      wtmp: wtmp.slice(0, 100),
      clockSteps: clockSteps.slice(0, 100),
      logs: logs.slice(-40),
      cut: [...cut].slice(0, 10),
    };
  },
  examples: bootExamples,
});
