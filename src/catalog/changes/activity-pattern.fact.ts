import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { ownMetrics, rateOf } from '../../define/history.ts';
import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import { findPattern, hoursOfDay, type Activity, type ActivityPattern } from '../../timeline/activity-pattern.ts';
import { optional } from '../../define/source.ts';
import { agoText } from '../../lib/duration-text.ts';
import disks, { type Disk } from '../disk/disks.fact.ts';
import history from '../kernel/history.fact.ts';
import { activityExamples } from './activity-pattern.samples.ts';

const schema = z.object({
  /** The metric whose course was looked at. */
  symptom: z.string(),
  /** What was active: `qemu/100`, `storage/tank`, `disk/<stable id>`; an hour of the day has no object. */
  object: z.string().optional(),
  does: z.enum(['writes', 'reads', 'computes', 'has its hour']),
  says: z.string(),
});
export type HostActivityPattern = z.infer<typeof schema>;
type Does = HostActivityPattern['does'];

interface Named extends Activity {
  readonly object?: string;
  readonly does: Does;
}

/** Courses that users feel, the most telling first. */
const symptoms: readonly (readonly [metric: string, labels: Readonly<Record<string, string>>, words: string])[] = [
  [rateOf('node_pressure_io_waiting_seconds_total'), {}, 'pressure on input and output'],
  [rateOf('node_cpu_seconds_total'), { mode: 'iowait' }, 'IO wait'],
  ['node_load1', {}, 'the load'],
];

const verbs: Readonly<Record<'writes' | 'reads' | 'computes', readonly [guest: string, other: string]>> = {
  writes: ['wrote', 'was written to'],
  reads: ['read', 'was read'],
  computes: ['computed', 'computed'],
};
const ofGuests = [
  [ownMetrics.guestDiskWritten, 'writes'],
  [ownMetrics.guestDiskRead, 'reads'],
  [ownMetrics.guestCpu, 'computes'],
] as const;
const ofDisks = [
  [rateOf('node_disk_written_bytes_total'), 'writes'],
  [rateOf('node_disk_read_bytes_total'), 'reads'],
] as const;
const mostActivities = 80;

const guestActivities = (series: readonly Series[]): Named[] =>
  ofGuests.flatMap(([metric, does]) =>
    series.flatMap((one) => (one.metric === metric && one.labels['guest'] !== undefined ? [{ object: one.labels['guest'], does, words: `${one.labels['guest']} ${verbs[does][0]}`, samples: one }] : [])),
  );

const diskActivities = (series: readonly Series[], disks: readonly Disk[]): Named[] =>
  ofDisks.flatMap(([metric, does]) =>
    series.flatMap((one) => {
      const name = one.labels['device'];
      if (one.metric !== metric || name === undefined) return [];
      return [{ object: disks.find((disk) => disk.name === name)?.object ?? `disk/${name}`, does, words: `${name} ${verbs[does][1]}`, samples: one }];
    }),
  );

/** All that reaches a pool of two disks or more, whoever writes: the sum over its disks. */
function poolActivities(series: readonly Series[], disks: readonly Disk[]): Named[] {
  const pools = [...new Set(disks.flatMap(({ uses }) => uses.map(({ pool }) => pool)))];
  return ofDisks.flatMap(([metric, does]) =>
    pools.flatMap((pool) => {
      const names = new Set(disks.filter(({ uses }) => uses.some((use) => use.pool === pool)).map(({ name }) => name));
      const members = series.filter((one) => one.metric === metric && names.has(one.labels['device'] ?? ''));
      if (members.length < 2) return [];
      const sums = new Map<number, number>();
      for (const { timesMs, values } of members) timesMs.forEach((timeMs, index) => sums.set(timeMs, (sums.get(timeMs) ?? 0) + values[index]!));
      const timesMs = [...sums.keys()].sort((x, y) => x - y);
      return [{ object: `storage/${pool}`, does, words: `the pool ${pool} ${verbs[does][1]}`, samples: { timesMs, values: timesMs.map((timeMs) => sums.get(timeMs)!) } }];
    }),
  );
}

/** What may be at work: guests that write, read or compute, pools and disks that are written and read, an hour of the day. Of those that go equally well the first counts. */
function activitiesOf(series: readonly Series[], disks: readonly Disk[], course: Series): Named[] {
  const hours = hoursOfDay(course).map((one): Named => ({ ...one, does: 'has its hour' }));
  return [...[...guestActivities(series), ...poolActivities(series, disks), ...diskActivities(series, disks)].slice(0, mostActivities), ...hours];
}

const sentence = (symptom: string, { words, stretchMs, active, activeHigh, idle, idleHigh }: ActivityPattern): string =>
  `${symptom.slice(0, 1).toUpperCase()}${symptom.slice(1)} was high in ${activeHigh} of ${active} stretches of ${agoText(stretchMs / 1_000)} in which ${words}, and in ${idleHigh} of ${idle} others.`;

/** Which activity goes with what the host feels, over the history that it kept: one disk, one guest, one time of day. */
export default defineFact({
  id: 'activity-pattern',
  title: 'Which activity goes with the symptom',
  needs: { history, disks: optional(disks) },
  schema,
  derive: ({ history: { series }, disks: known }) => {
    for (const [metric, labels, words] of symptoms) {
      const course = series.find((one) => one.metric === metric && Object.entries(labels).every(([name, value]) => one.labels[name] === value));
      if (course === undefined) continue;
      const activities = activitiesOf(series, known?.disks ?? [], course);
      const pattern = findPattern(course, activities);
      if (pattern === undefined) continue;
      const active = activities.find((one) => one.words === pattern.words);
      return { symptom: metric, does: active?.does ?? 'has its hour', ...(active?.object === undefined ? {} : { object: active.object }), says: sentence(words, pattern) };
    }
    return absent('no activity goes with it clearly');
  },
  examples: activityExamples,
});
