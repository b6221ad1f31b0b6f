import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { counter, nowMs } from '../alarms/alarms.samples.ts';
import { rates } from '../alarms/measure.ts';

const pagesIn = 'node_vmstat_pswpin';
const pagesOut = 'node_vmstat_pswpout';

export default defineAlarmKind({
  id: 'swapping',
  subject: 'memory',
  title: 'Swapping',
  about: 'Pages that come back from swap and pages that go out, whichever are fewer: memory that is only moved out is put away, and swap that is full and at rest hurts nobody. Both at once means that what was put away is needed.',
  unit: 'pages/s',
  symptom: 'memory-pressure',
  severity: 'warning',
  metrics: [pagesIn, pagesOut],
  bad: 'above',
  fixedLimit: 300,
  learned: true,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const [back, out] = [rates(view, pagesIn)[0], rates(view, pagesOut)[0]];
    return back === undefined || out === undefined ? [] : [{ object: 'host', value: Math.min(back.value, out.value) }];
  },
  promql: { value: `min by (instance) (label_replace(rate(${pagesIn}[$window]), "way", "in", "", "") or label_replace(rate(${pagesOut}[$window]), "way", "out", "", ""))` },
  says: ({ value }) => `${value.toFixed(0)} pages a second go out to swap, and as many or more come back.`,
  examples: {
    raised: [{ name: 'a storm', nowMs, series: [counter(pagesIn, 4000), counter(pagesOut, 3000)], expect: [{ object: 'host', value: 3000 }] }],
    quiet: [
      { name: 'put away for the night', nowMs, series: [counter(pagesIn, 2), counter(pagesOut, 5000)], expect: [{ value: 2 }] },
      { name: 'no swap', nowMs, series: [counter(pagesIn, 0), counter(pagesOut, 0)], expect: [{ value: 0 }] },
    ],
  },
});
