/**
 * Pages of many hosts out of two that a real node_exporter gave, some seconds apart: what changed between them goes on changing as fast, a little differently on each host; what did not stays.
 */
interface Line {
  readonly before: string;
  readonly value: number;
  /** What it grows by in a look. */
  readonly growth: number;
}

export interface PageMaker {
  readonly seriesCount: number;
  readonly changingCount: number;
  /** The page of a host at its n-th look. */
  page(host: number, look: number): string;
}

const sample = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)$/;

/** Processors are added until a page has so many series: hosts of virtualisation have more than the machine that this runs on. */
function withProcessors(page: string, leastSeries: number): string {
  const lines = page.trimEnd().split('\n');
  const count = (): number => lines.filter((line) => !line.startsWith('#')).length;
  const ofFirst = lines.filter((line) => /^node_(cpu|schedstat|softnet)_\w+\{.*cpu="0"/.test(line));
  if (ofFirst.length === 0) return page;
  for (let cpu = 100; count() < leastSeries; cpu += 1) {
    for (const line of ofFirst) {
      const family = line.slice(0, line.indexOf('{'));
      const at = lines.findLastIndex((one) => one.startsWith(`${family}{`));
      lines.splice(at + 1, 0, line.replace('cpu="0"', `cpu="${cpu}"`));
    }
  }
  return `${lines.join('\n')}\n`;
}

export function pageMaker(first: string, second: string, leastSeries: number): PageMaker {
  const [one, other] = [withProcessors(first, leastSeries), withProcessors(second, leastSeries)];
  const later = new Map(other.split('\n').flatMap((line) => {
    const [, name, value] = sample.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(value)] as const];
  }));
  const lines = one.trimEnd().split('\n').map((text): string | Line => {
    const [, name, value] = sample.exec(text) ?? [];
    if (name === undefined) return text;
    const growth = (later.get(name) ?? Number(value)) - Number(value);
    return Number.isFinite(growth) && growth !== 0 ? { before: `${name} `, value: Number(value), growth } : text;
  });
  const isWhole = (line: Line): boolean => Number.isInteger(line.value) && Number.isInteger(line.growth);
  return {
    seriesCount: one.split('\n').filter((line) => sample.test(line)).length,
    changingCount: lines.filter((line) => typeof line !== 'string').length,
    page: (host, look) => {
      const pace = 0.5 + ((host * 37) % 100) / 100;
      const swing = 1 + 0.2 * Math.sin(look / 3 + host);
      const text = lines.map((line) => {
        if (typeof line === 'string') return line;
        // Counters only grow; a gauge swings about what it was.
        const isCounter = line.before.includes('_total') || line.before.startsWith('node_vmstat') || line.before.startsWith('node_netstat');
        const value = isCounter ? line.value + Math.abs(line.growth) * look * pace : line.value * swing;
        return `${line.before}${isWhole(line) ? Math.round(value) : value}`;
      });
      return `${text.join('\n')}\n`;
    },
  };
}
