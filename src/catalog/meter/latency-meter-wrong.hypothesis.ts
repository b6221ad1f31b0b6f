import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import diskActivity, { type DeviceActivity } from '../disk/disk-activity.fact.ts';
import disks from '../disk/disks.fact.ts';
import timedReads from '../disk/timed-reads.probe.ts';
import { activityOf } from './activity.samples.ts';
import timedReadsByTurns from '../disk/timed-reads-by-turns.experiment.ts';

const slowMs = 50;
const fewIos = 10;

interface Device extends ObjectRef {
  readonly device: DeviceActivity;
}

type Timed = { readonly disks: readonly { name: string; milliseconds: readonly number[]; errors: number; stuck: boolean }[] };

/** The slowest of the timed reads of a disk; `undefined` where it was not read. */
function slowestRead(timed: Timed, name: string): number | undefined {
  const disk = timed.disks.find((one) => one.name === name);
  return disk === undefined || disk.stuck || disk.errors > 0 || disk.milliseconds.length === 0 ? undefined : Math.max(...disk.milliseconds);
}

const timed = (...milliseconds: number[]) => ({ disks: [{ name: 'sda', milliseconds, errors: 0, stuck: false }] });
const afterSleep = activityOf({ completed: 3, latencyMs: 180, utilisationPercent: 0.3, averageQueue: 0.02 });

export default defineHypothesis({
  id: 'latency-meter-wrong',
  subject: 'meter',
  proven: 'examples',
  title: 'The latency of a disk looks bad because hardly anything was measured',
  about: `The mean latency that iostat and monitoring show is a quotient. Over a handful of reads and writes it says nothing: one flush of a cache, or one wake-up of a drive that saves
power, makes a mean of hundreds of milliseconds on a disk that is well.

To be sure by hand: \`iostat -x 5\` shows a high \`await\` with next to no \`r/s\` and \`w/s\`, and reads of the disk itself are quick: \`dd if=/dev/<disk> of=/dev/null bs=4k count=100 iflag=direct\`.`,
  needs: { activity: diskActivity, timed: timedReads, disks: optional(disks) },
  objects: ({ activity, disks: known }) =>
    activity.devices
      .filter((device) => device.kind === 'disk' && (device.latencyMs ?? 0) >= slowMs)
      .map((device): Device => ({ object: known?.disks.find((disk) => disk.name === device.name)?.object ?? `disk/${device.name}`, device })),
  noObjects: 'no disk shows a high latency',
  prior: 1 / 200,
  explains: { 'disk-latency': 0.7 },
  evidence: [
    {
      when: (_, { device }) => device.completed < fewIos && device.utilisationPercent < 2 && !device.stalled,
      likelihood: { ifCause: 0.95, otherwise: 0.02 },
      says: (_, { device }) => `The mean latency of ${Math.round(device.latencyMs ?? 0)} ms is that of ${device.completed} reads and writes.`,
      saysNot: (_, { device }) => `The mean latency of ${Math.round(device.latencyMs ?? 0)} ms is that of ${device.completed} reads and writes, with the disk busy ${Math.round(device.utilisationPercent)} % of the time.`,
    },
    {
      when: ({ timed: reads }, { device }) => (slowestRead(reads, device.name) ?? slowMs) < 20,
      likelihood: { ifCause: 0.95, otherwise: 0.15 },
      says: ({ timed: reads }, { device }) => `Timed reads of the disk itself took at most ${(slowestRead(reads, device.name) ?? 0).toFixed(1)} ms.`,
      saysNot: 'Reads of the disk itself were slow as well, or could not be timed.',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'quick': { ifCause: 0.93, otherwise: 0.6 },
        'slow with little to do': { ifCause: 0.01, otherwise: 0.1 },
        'unlike its siblings': { ifCause: 0.01, otherwise: 0.1 },
        'slow under much work': { ifCause: 0.02, otherwise: 0.1 },
      },
    },
  ],
  ruledOut: [{ when: (_, { device }) => device.stalled || device.utilisationPercent >= 20, says: (_, { device }) => `${device.name} is busy ${Math.round(device.utilisationPercent)} % of the time: its latency is real` }],
  urgency: 'none',
  dataAtRisk: false,
  mitigations: [],
  references: ['iostat(1): await', 'Linux Documentation/admin-guide/iostats.rst'],
  examples: {
    supporting: [
      { name: 'three writes in five seconds, and reads by turns are quick', given: { activity: afterSleep, timed: timed(0.4, 0.6, 2.1) }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/sda', outcome: 'quick', says: '0.5 ms' }] }], expect: 'suspected' },
      { name: 'three writes in five seconds', given: { activity: afterSleep, timed: timed(0.4, 0.6, 2.1) }, expect: 'suspected' },
    ],
    refuting: [
      { name: 'few requests, and reads by turns are slow', given: { activity: afterSleep, timed: timed(150, 190) }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/sda', outcome: 'slow with little to do', says: '140 ms' }] }], expect: 'not-a-cause' },
      { name: 'a disk that is slow under work', given: { activity: activityOf({ completed: 900, latencyMs: 240, utilisationPercent: 100, averageQueue: 30 }), timed: timed(180, 220) }, expect: 'ruled-out' },
      { name: 'few requests, and slow reads', given: { activity: afterSleep, timed: timed(190, 240) }, expect: 'not-a-cause' },
      { name: 'a quick disk', given: { activity: activityOf({}), timed: timed(0.3) }, expect: 'ruled-out' },
    ],
  },
});
