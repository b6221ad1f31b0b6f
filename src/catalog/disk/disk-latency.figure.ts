import { defineFigure } from '../../define/figure.ts';
import diskComparison from './disk-comparison.fact.ts';
import { latencyLimitMs } from './disk-limits.ts';

/** Each disk's mean time of an I/O as a share of what is too long for its kind, so that disks of all kinds have one limit. */
export default defineFigure({
  id: 'disk-latency',
  title: 'Time of an I/O, by disk, in percent of the limit for its kind',
  kind: 'bars',
  unit: '%',
  limit: 100,
  needs: { pace: diskComparison },
  items: ({ pace: { disks } }) =>
    disks
      .flatMap((disk) => (disk.latencyMs === undefined ? [] : [{ label: `${disk.name} (${disk.latencyMs.toFixed(1)} ms)`, value: Math.round((disk.latencyMs / latencyLimitMs[disk.kind]) * 100) }]))
      .sort((a, b) => b.value - a.value)
      .slice(0, 24),
});
