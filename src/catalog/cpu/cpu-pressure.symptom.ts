import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import pressureNow from './pressure-now.fact.ts';

const limitPercent = 40;
const stealLimitPercent = 15;
const busyLimitPercent = 95;
/** Waits on processors that have time left are those of a limit or a pinned task: trouble of one guest, not of the host. */
const usedPercent = 60;

export default defineSymptom({
  id: 'cpu-pressure',
  title: 'Too little CPU',
  about: `Tasks are ready to run and have to wait for a processor. It is seen here when that was so for at least ${limitPercent} % of the sampling window (pressure stall
information, \`/proc/pressure/cpu\`) with the processors in use for at least ${usedPercent} % of it, when the machine below took away at least ${stealLimitPercent} % of the processors' time (steal), or, on kernels without pressure stall
information, when all processors were busy for ${busyLimitPercent} % of the time with more tasks ready than processors.`,
  leak: 0.2,
  needs: { usage: cpuUsage, pressure: optional(pressureNow) },
  detect: ({ usage, pressure }): readonly Detection[] => {
    const detection = (value: number, limit: number, says: string): readonly Detection[] => [{ object: 'host', value, limit, unit: '% of the time', says }];
    if (usage.stealPercent >= stealLimitPercent) {
      return detection(usage.stealPercent, stealLimitPercent, `The machine below took away ${percentText(usage.stealPercent)} of the processors' time (limit ${stealLimitPercent} %).`);
    }
    const held = pressure?.cpu.somePercent;
    const busy = `the processors were busy ${percentText(usage.busyPercent)} of it`;
    if (held !== undefined) {
      if (held < limitPercent || usage.busyPercent + usage.stealPercent < usedPercent) return [];
      return detection(held, limitPercent, `Tasks waited for a processor ${percentText(held)} of the time (limit ${limitPercent} %), and ${busy}.`);
    }
    if (usage.busyPercent < busyLimitPercent || usage.running <= usage.cpuCount) return [];
    return detection(usage.busyPercent, busyLimitPercent, `All processors were busy ${percentText(usage.busyPercent)} of the time, with ${usage.running} tasks ready to run on ${usage.cpuCount} processors.`);
  },
  examples: {
    present: [
      { name: 'more work than processors', given: { usage: usageOf({ busyPercent: 100, idlePercent: 0 }), pressure: pressureOf({ cpu: { somePercent: 92 } }) }, objects: ['host'] },
      { name: 'a neighbour takes the processors', given: { usage: usageOf({ stealPercent: 35, idlePercent: 20 }), pressure: pressureOf() } },
      { name: 'a kernel without pressure stall information', given: { usage: usageOf({ busyPercent: 99, idlePercent: 1, running: 40 }) } },
    ],
    absent: [
      { name: 'an idle host', given: { usage: usageOf(), pressure: pressureOf() } },
      { name: 'some short waits', given: { usage: usageOf({ busyPercent: 50, idlePercent: 50 }), pressure: pressureOf({ cpu: { somePercent: 17 } }) } },
      { name: 'one guest at its limit on a host with time to spare', given: { usage: usageOf({ busyPercent: 12, idlePercent: 88 }), pressure: pressureOf({ cpu: { somePercent: 90 } }) } },
      { name: 'as many tasks as processors', given: { usage: usageOf({ busyPercent: 99, idlePercent: 1, running: 16 }) } },
    ],
  },
});
