import { countIn, words } from '../../lib/host-text.ts';

/** One core that did its work once. */
export interface Burn {
  readonly cpu: number;
  readonly ranMs: number;
  /** Ready to run, while others of this host ran. */
  readonly waitedMs: number;
  readonly wallMs: number;
  /** Taken away by the machine below. */
  readonly stolenMs: number;
  /** Time in which other threads of the same core worked; undefined where there are none or nobody knows. */
  readonly besideMs?: number | undefined;
  readonly mhz?: number | undefined;
}

export interface Core {
  readonly cpu: number;
  /** `performance` or `efficient` where the kernel tells the two apart. */
  readonly type: string;
  /** What orders cores by power: the kernel's own figure (0 to 1024), else the highest frequency; 0 where neither is known. */
  readonly power: number;
  readonly maxMhz?: number | undefined;
  readonly baseMhz?: number | undefined;
  readonly limitMhz?: number | undefined;
}

/** Ticks of /proc/stat (proc_stat(5): USER_HZ, a hundred a second). */
const tickMs = 10;

const megahertz = (kilohertz: string | undefined): number | undefined => {
  const value = countIn(kilohertz);
  return value === undefined || value === 0 ? undefined : value / 1_000;
};

/** `burn <cpu> <µs that it ran> <µs that it waited> <ms in all> <ticks stolen> <ticks of siblings, or -1> <kHz>` */
export function burnOf(row: string): Burn | undefined {
  const [word, ...rest] = words(row.slice(0, 200));
  const [cpu, ran, waited, wall, stolen] = rest.slice(0, 5).map(countIn);
  if (word !== 'burn' || cpu === undefined || !ran || waited === undefined || wall === undefined) return undefined;
  const beside = countIn(rest[5]);
  return { cpu, ranMs: ran / 1_000, waitedMs: waited / 1_000, wallMs: Math.max(wall, ran / 1_000), stolenMs: (stolen ?? 0) * tickMs, besideMs: beside === undefined ? undefined : beside * tickMs, mhz: megahertz(rest[6]) };
}

function isListed(cpu: number, list: string | undefined): boolean {
  return (list ?? '').slice(0, 1_000).split(',').some((part) => {
    const [first, last = first] = part.split('-').map(countIn);
    return first !== undefined && last !== undefined && first <= cpu && cpu <= last;
  });
}

/** `core <cpu> <capacity> <highest kHz> <base kHz> <limit kHz>`, and the line `kinds <performance cores> <efficient cores>`. */
export function coreOf(row: string, kinds: string | undefined): Core | undefined {
  const [word, cpuText, capacity, highest, base, limit] = words(row.slice(0, 200));
  const cpu = countIn(cpuText);
  if (word !== 'core' || cpu === undefined) return undefined;
  const [, performance, efficient] = words((kinds ?? '').slice(0, 2_000));
  const type = isListed(cpu, performance) ? 'performance' : isListed(cpu, efficient) ? 'efficient' : '';
  const maxMhz = megahertz(highest);
  return { cpu, type, power: countIn(capacity) ?? maxMhz ?? 0, maxMhz, baseMhz: megahertz(base), limitMhz: megahertz(limit) };
}

export interface Heat {
  readonly eventsPerSecond: number;
  /** Share of the time in percent, of the core or package that had most of it. */
  readonly percent: number;
}

/** Thermal throttling between the two lines `heat <uptime in ms> <events of a core> <of a package> <ms of a core> <of a package>`. */
export function heatOf(rows: readonly string[]): Heat {
  const [first, second] = rows.filter((row) => row.startsWith('heat ')).map((row) => words(row.slice(0, 200)).slice(1, 6).map((word) => countIn(word) ?? 0));
  if (first === undefined || second === undefined) return { eventsPerSecond: 0, percent: 0 };
  const grown = (index: number): number => Math.max(0, (second[index] ?? 0) - (first[index] ?? 0));
  const milliseconds = Math.max(grown(0), 10);
  return { eventsPerSecond: (1_000 * Math.max(grown(1), grown(2))) / milliseconds, percent: Math.min(100, (100 * Math.max(grown(3), grown(4))) / milliseconds) };
}
