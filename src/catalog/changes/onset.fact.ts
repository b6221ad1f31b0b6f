import { defineFact } from '../../define/fact.ts';
import { onsetSchema, type Onset } from '../../define/onset.ts';
import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import { findWorsening } from '../../timeline/worsening.ts';
import history from '../kernel/history.fact.ts';
import { onsetExamples } from './onset.samples.ts';

/** What users feel, and what it comes from at once: waiting, queues, latency, pressure, memory that runs out. Work itself (bytes, packets, operations) may change without any trouble. */
const telling =
  /^(node_load1|node_procs_(blocked|running)|node_pressure_\w+_seconds_total:rate|culprit_(cpu_busy_cpus|disk_await_seconds|guest_pressure_\w+:rate)|node_disk_io_time(_weighted)?_seconds_total:rate|node_vmstat_pswp(in|out):rate|node_memory_(MemAvailable|SwapFree)_bytes)$/;
const tellingModes = ['iowait', 'system', 'steal', 'softirq'];
const mostSeries = 60;

function isTelling({ metric, labels }: Series): boolean {
  return telling.test(metric) || (metric === 'node_cpu_seconds_total:rate' && tellingModes.includes(labels['mode'] ?? ''));
}

/** When the host began to feel bad, as far as its own history tells. */
export default defineFact({
  id: 'onset',
  title: 'When the trouble began',
  needs: { history },
  schema: onsetSchema,
  derive: ({ history: { series } }): Onset | ReturnType<typeof absent> => {
    const found = findWorsening(series.filter(isTelling).slice(0, mostSeries));
    return found ?? absent('nothing in the history of this host got worse and stayed so');
  },
  examples: onsetExamples,
});
