import { defineFigure } from '../../define/figure.ts';
import memoryUsage from './memory-usage.fact.ts';

const gibibytes = (bytes: number): number => Math.round((bytes / 1024 ** 3) * 10) / 10;

/** Who has the host's memory. */
export default defineFigure({
  id: 'memory-use',
  title: 'Use of the memory',
  kind: 'parts',
  unit: 'GiB',
  needs: { usage: memoryUsage },
  items: ({ usage }) =>
    [
      { label: 'programs and guests', value: gibibytes(usage.programsBytes + usage.sharedBytes) },
      { label: 'huge pages', value: gibibytes(usage.hugePagesBytes) },
      { label: 'ZFS cache (ARC)', value: gibibytes(usage.arcBytes) },
      { label: 'page cache', value: gibibytes(usage.cacheBytes) },
      { label: 'kernel and other', value: gibibytes(usage.otherBytes) },
      { label: 'free', value: gibibytes(usage.freeBytes) },
    ].filter(({ value }) => value > 0),
});
