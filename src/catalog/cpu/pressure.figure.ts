import { defineFigure } from '../../define/figure.ts';
import pressureNow from './pressure-now.fact.ts';

export default defineFigure({
  id: 'pressure',
  title: 'Time that tasks were held up',
  kind: 'bars',
  unit: '%',
  limit: 30,
  needs: { now: pressureNow },
  items: ({ now }) => [
    { label: 'for a processor', value: now.cpu.somePercent },
    { label: 'for I/O', value: now.io.somePercent },
    { label: 'for I/O, all tasks at once', value: now.io.fullPercent },
    { label: 'for memory', value: now.memory.somePercent },
  ],
});
