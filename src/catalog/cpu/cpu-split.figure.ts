import { defineFigure } from '../../define/figure.ts';
import cpuUsage from './cpu-usage.fact.ts';

export default defineFigure({
  id: 'cpu-split',
  title: 'What the processors did',
  kind: 'parts',
  unit: '%',
  needs: { usage: cpuUsage },
  items: ({ usage }) => [
    { label: 'programs and guests', value: usage.userPercent },
    { label: 'kernel', value: usage.systemPercent },
    { label: 'interrupts', value: usage.irqPercent + usage.softirqPercent },
    { label: 'waiting for I/O', value: usage.iowaitPercent },
    { label: 'taken away (steal)', value: usage.stealPercent },
    { label: 'idle', value: usage.idlePercent },
  ],
});
