import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { ownMetrics, rateOf } from '../../define/history.ts';
import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import { findPattern, hoursOfDay, type Activity, type ActivityPattern } from '../../timeline/activity-pattern.ts';
import { agoText } from '../../lib/duration-text.ts';
import history from '../kernel/history.fact.ts';
import { activityExamples } from './activity-pattern.samples.ts';

const schema = z.object({
  /** The metric whose course was looked at. */
  symptom: z.string(),
  says: z.string(),
});

/** Courses that users feel, the most telling first. */
const symptoms: readonly (readonly [metric: string, labels: Readonly<Record<string, string>>, words: string])[] = [
  [rateOf('node_pressure_io_waiting_seconds_total'), {}, 'pressure on input and output'],
  [rateOf('node_cpu_seconds_total'), { mode: 'iowait' }, 'IO wait'],
  ['node_load1', {}, 'the load'],
];

/** What may be at work: disks and guests that are read and written, guests that compute, backups at their hour. */
const activities: readonly (readonly [metric: string, label: string, words: (name: string) => string])[] = [
  [ownMetrics.guestDiskWritten, 'guest', (name) => `${name} wrote`],
  [ownMetrics.guestDiskRead, 'guest', (name) => `${name} read`],
  [ownMetrics.guestCpu, 'guest', (name) => `${name} computed`],
  [rateOf('node_disk_written_bytes_total'), 'device', (name) => `${name} was written to`],
  [rateOf('node_disk_read_bytes_total'), 'device', (name) => `${name} was read`],
];
const mostActivities = 60;

function activitiesOf(series: readonly Series[]): Activity[] {
  return activities
    .flatMap(([metric, label, words]) => series.filter((one) => one.metric === metric && one.labels[label] !== undefined).map((one) => ({ words: words(one.labels[label]!), samples: one })))
    .slice(0, mostActivities);
}

const sentence = (symptom: string, { words, stretchMs, active, activeHigh, idle, idleHigh }: ActivityPattern): string =>
  `${symptom.slice(0, 1).toUpperCase()}${symptom.slice(1)} was high in ${activeHigh} of ${active} stretches of ${agoText(stretchMs / 1_000)} in which ${words}, and in ${idleHigh} of ${idle} others.`;

/** Which activity goes with what the host feels, over the history that it kept: one disk, one guest, one time of day. */
export default defineFact({
  id: 'activity-pattern',
  title: 'Which activity goes with the symptom',
  needs: { history },
  schema,
  derive: ({ history: { series } }) => {
    for (const [metric, labels, words] of symptoms) {
      const course = series.find((one) => one.metric === metric && Object.entries(labels).every(([name, value]) => one.labels[name] === value));
      const pattern = course && findPattern(course, [...activitiesOf(series), ...hoursOfDay(course)]);
      if (pattern !== undefined) return { symptom: metric, says: sentence(words, pattern) };
    }
    return absent('no activity goes with it clearly');
  },
  examples: activityExamples,
});
