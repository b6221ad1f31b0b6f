import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import type { HostHistory } from '../kernel/history.fact.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 10, 23, 9);

/** Two hours of samples, a minute each, with noise that is always the same; from `changeMinute` on something is added. */
function course(metric: string, labels: Record<string, string>, { level, spread, seed, by = 0, changeMinute = 90, untilMinute = Infinity }: { level: number; spread: number; seed: number; by?: number; changeMinute?: number; untilMinute?: number }): Series {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const timesMs = Array.from({ length: 120 }, (_, minute) => startMs + minute * minuteMs);
  return { metric, labels, timesMs, values: timesMs.map((_, minute) => level + spread * (next() + next() - 1) + (minute >= changeMinute && minute < untilMinute ? by : 0)) };
}

const of = (...series: Series[]): { history: HostHistory } => ({ history: { series, keptBy: ['sysstat'] } });
const iowait = (more: Partial<Parameters<typeof course>[2]> = {}): Series => course('node_cpu_seconds_total:rate', { mode: 'iowait' }, { level: 0.05, spread: 0.02, seed: 7, by: 0.6, ...more });
const load = (more: Partial<Parameters<typeof course>[2]> = {}): Series => course('node_load1', {}, { level: 1, spread: 0.3, seed: 11, by: 5, changeMinute: 91, ...more });

export const onsetExamples = [
  {
    name: 'IO wait and load rose together half an hour ago, and stay',
    given: of(iowait(), load(), course('node_network_receive_bytes_total:rate', { device: 'eth0' }, { level: 1e6, spread: 2e5, seed: 3, by: 5e6, changeMinute: 30 })),
    expect: { fromMs: startMs + 89 * minuteMs, toMs: startMs + 91 * minuteMs },
  },
  { name: 'an even course', given: of(iowait({ by: 0 }), load({ by: 0 })), expect: absent('') },
  { name: 'better than before is no trouble', given: of(load({ level: 6, by: -5 })), expect: absent('') },
  { name: 'it has passed', given: of(load({ changeMinute: 40, untilMinute: 60 })), expect: absent('') },
  { name: 'work alone that grew', given: of(course('node_disk_written_bytes_total:rate', { device: 'sda' }, { level: 1e6, spread: 1e5, seed: 5, by: 5e7 })), expect: absent('') },
  { name: 'three samples', given: of({ metric: 'node_load1', labels: {}, timesMs: [1, 2, 3], values: [1, 2, 30] }), expect: absent('') },
];
