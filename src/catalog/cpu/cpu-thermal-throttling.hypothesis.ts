import { defineHypothesis } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { eventsOf } from '../kernel/kernel-log.samples.ts';
import kernelLogEvents from '../kernel/kernel-log-events.fact.ts';
import coreBurn from './core-burn.experiment.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf } from './cpu-usage.samples.ts';
import { shareOfBase } from './frequency-limit.ts';
import cpuFrequency from './frequency.probe.ts';
import improveCooling from './improve-cooling.mitigation.ts';
import temperatures from './temperatures.probe.ts';
import throttling from './throttling.fact.ts';

interface Sensor {
  readonly chip: string;
  readonly label: string;
  readonly celsius: number;
  readonly criticalCelsius?: number | undefined;
}

/** The processor's sensor that is nearest to its critical temperature. Some processors work at 95 °C by design: without a limit told, none is guessed. */
function hottest(sensors: readonly Sensor[]): (Sensor & { readonly criticalCelsius: number }) | undefined {
  return sensors
    .flatMap((sensor) => {
      const { chip, criticalCelsius } = sensor;
      return criticalCelsius !== undefined && /^(coretemp|k10temp|zenpower|x86_pkg_temp|cpu[-_]thermal)/.test(chip) ? [{ ...sensor, criticalCelsius }] : [];
    })
    .toSorted((a, b) => a.criticalCelsius - a.celsius - (b.criticalCelsius - b.celsius))[0];
}

function nearCritical(sensors: readonly Sensor[]): boolean {
  const sensor = hottest(sensors);
  return sensor !== undefined && sensor.celsius >= sensor.criticalCelsius - 5;
}

/** Only turbo is trimmed: what the maker promises, the base frequency, is held. Small machines do so by design under full load. */
const holdsBase = (frequency: Parameters<typeof shareOfBase>[0] | undefined): boolean => frequency !== undefined && (shareOfBase(frequency) ?? 0) >= 1;

const clockAt = (currentMhz: number) => ({ policies: [{ name: 'policy0', governor: 'powersave', driver: 'intel_pstate', currentMhz, maxMhz: 4_700, hardwareMaxMhz: 4_700, baseMhz: 2_100 }] });
const sensorAt = (celsius: number) => ({ sensors: [{ chip: 'coretemp', label: 'Package id 0', celsius, maxCelsius: 90, criticalCelsius: 100 }] });
const busy = usageOf({ busyPercent: 80, userPercent: 75, idlePercent: 18 });

export default defineHypothesis({
  id: 'cpu-thermal-throttling',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The processor is too hot and slows itself down',
  about: `A processor that reaches its critical temperature lowers its clock until it cools. Work that computes takes longer at the same use in percent, guests stutter, fans
are loud. A dead fan, dust, dried thermal paste or a hot room are the usual reasons. Small machines without a fan may touch the limit for moments in a healthy
state, so what counts here is the share of time spent slowed, not that it ever happened; and one that stays above its base frequency only loses turbo.

To be sure by hand: \`grep . /sys/devices/system/cpu/cpu0/thermal_throttle/*\` twice some seconds apart (Intel), and \`sensors\`. On AMD there is no counter; compare the
temperature with the clock under load.`,
  needs: { throttle: throttling, temperatures, usage: cpuUsage, log: kernelLogEvents, frequency: optional(cpuFrequency) },
  prior: 1 / 200,
  explains: { 'high-load': 0.4, 'cpu-pressure': 0.5, 'guest-slow': 0.5, 'device-warning': 0.3, 'io-delay': 0.05 },
  evidence: [
    {
      when: ({ throttle, frequency }) => (throttle.throttledPercent ?? (throttle.eventsPerSecond >= 1 ? 100 : 0)) >= 10 && !holdsBase(frequency),
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.0015 },
      says: ({ throttle }) =>
        throttle.throttledPercent === undefined
          ? `The processor was slowed for its temperature ${throttle.eventsPerSecond.toFixed(1)} times a second.`
          : `The processor was slowed for its temperature during ${Math.round(throttle.throttledPercent)} % of the time.`,
      saysNot: ({ frequency }) => (holdsBase(frequency) ? 'The processor holds its base frequency: heat costs it turbo at most.' : 'The counters of thermal throttling hardly moved.'),
    },
    {
      when: ({ temperatures: read }) => nearCritical(read.sensors),
      likelihood: { ifCause: 0.85, otherwise: 0.03 },
      says: ({ temperatures: read }) => {
        const sensor = hottest(read.sensors);
        return `The processor has ${Math.round(sensor?.celsius ?? 0)} °C, and its limit is ${sensor?.criticalCelsius ?? 0} °C.`;
      },
    },
    {
      when: ({ log }) => (log.events.find((events) => events.kind === 'thermal')?.lastHourCount ?? 0) > 0,
      likelihood: { ifCause: 0.6, otherwise: 0.02 },
      says: 'The kernel logged within the last hour that it throttled the clock for the temperature.',
      excerpt: ({ log }) => log.events.find((events) => events.kind === 'thermal')?.samples.at(-1) ?? '',
    },
  ],
  tested: [
    {
      experiment: coreBurn,
      about: (facts) => (facts.frequency !== undefined || facts.throttle.eventsSinceBoot >= 0 ? ['host'] : []),
      table: {
        'throttled meanwhile': { ifCause: 0.7, otherwise: 0.003, decisive: true },
        'the clock stays low': { ifCause: 0.15, otherwise: 0.015 },
        'all cores alike': { ifCause: 0.1, otherwise: 0.95 },
      },
    },
  ],
  ruledOut: [
    { when: ({ frequency, usage }) => usage.busyPercent >= 30 && holdsBase(frequency), says: 'the processor holds its base frequency under load: heat costs it turbo at most' },
    // The kernel adds the time when throttling ends, so one that lasts moves no counter.
    { when: ({ throttle, usage, temperatures: read }) => throttle.eventsPerSecond === 0 && (throttle.throttledPercent ?? 0) === 0 && usage.busyPercent >= 30 && !nearCritical(read.sensors), says: 'the counters of thermal throttling stood still while the processor worked' },
    { when: ({ temperatures: read, throttle }) => throttle.eventsPerSecond === 0 && hottest(read.sensors) !== undefined && !nearCritical(read.sensors), says: 'the processor is well below its critical temperature, and does not throttle' },
  ],
  mechanisms: ['cpu-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Move load off this host, or limit guests, until it is cooled.'],
  mitigations: [improveCooling],
  references: ['Linux Documentation/ABI/testing/sysfs-devices-system-cpu: thermal_throttle', 'Intel Software Developer’s Manual, volume 3, chapter Power and Thermal Management'],
  examples: {
    supporting: [
      { name: 'a dead fan', given: { throttle: { eventsPerSecond: 30, throttledPercent: 64, eventsSinceBoot: 91_000 }, temperatures: sensorAt(99), usage: busy, log: eventsOf({ kind: 'thermal', lastHourCount: 4 }) }, expect: 'identified' },
      { name: 'a dead fan: far below the base frequency', given: { throttle: { eventsPerSecond: 30, throttledPercent: 64, eventsSinceBoot: 91_000 }, temperatures: sensorAt(99), usage: busy, log: eventsOf({ kind: 'thermal', lastHourCount: 4 }), frequency: clockAt(900) }, expect: 'identified' },
      {
        name: 'at the limit with counters that stood still until the load changed',
        given: { throttle: { eventsPerSecond: 0, throttledPercent: 0, eventsSinceBoot: 40 }, temperatures: sensorAt(99), usage: busy, log: eventsOf({ kind: 'thermal', lastHourCount: 1 }), frequency: clockAt(1_300) },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'throttled meanwhile', says: 'The processor was slowed for its temperature 14.0 times a second, 61 % of the time.' }] }],
        expect: 'identified',
      },
      { name: 'a kernel that does not count the time', given: { throttle: { eventsPerSecond: 4, eventsSinceBoot: 900 }, temperatures: sensorAt(98), usage: busy } },
    ],
    refuting: [
      {
        name: 'a mini PC at full load that trims its turbo at the limit, and stays above its base frequency',
        given: { throttle: { eventsPerSecond: 12, throttledPercent: 30, eventsSinceBoot: 9_000 }, temperatures: sensorAt(97), usage: busy, log: eventsOf({ kind: 'thermal', lastHourCount: 2 }), frequency: clockAt(3_100) },
        symptoms: ['high-load', 'cpu-pressure'],
        expect: 'ruled-out',
      },
      {
        name: 'at the limit with counters that stand still, as they do until a long throttling ends: not ruled out',
        given: { throttle: { eventsPerSecond: 0, throttledPercent: 0, eventsSinceBoot: 40 }, temperatures: sensorAt(100), usage: busy, log: eventsOf(), frequency: clockAt(2_000) },
        symptoms: [],
        expect: 'not-a-cause',
      },
      {
        name: 'warm, and cool enough for more work',
        given: { throttle: { eventsPerSecond: 0.8, throttledPercent: 8, eventsSinceBoot: 5_000 }, temperatures: sensorAt(96), usage: busy, log: eventsOf() },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'all cores alike', says: 'The slowest of 4 cores, number 1, took 1.02 times the processor time of its like for the same work.' }] }],
        expect: 'not-a-cause',
      },
      { name: 'busy and cool', given: { throttle: { eventsPerSecond: 0, throttledPercent: 0, eventsSinceBoot: 0 }, temperatures: sensorAt(61), usage: busy, log: eventsOf() }, expect: 'ruled-out' },
      { name: 'a small machine that touched the limit for a moment', given: { throttle: { eventsPerSecond: 0.4, throttledPercent: 0.6, eventsSinceBoot: 5_000 }, temperatures: sensorAt(92), usage: busy, log: eventsOf({ kind: 'thermal', lastHourCount: 1 }) }, expect: 'not-a-cause' },
      { name: 'a desktop processor that works at 95 °C by design', given: { throttle: absent('this processor does not count thermal throttling'), temperatures: { sensors: [{ chip: 'k10temp', label: 'Tctl', celsius: 95 }] }, usage: busy }, expect: 'not-a-cause' },
      { name: 'a virtual machine', given: { throttle: absent('this processor or virtual machine does not count thermal throttling'), temperatures: { sensors: [] }, usage: busy }, expect: 'not-a-cause' },
    ],
  },
});
