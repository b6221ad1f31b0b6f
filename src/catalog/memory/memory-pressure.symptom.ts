import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import memoryUsage from './memory-usage.fact.ts';
import { memoryUsageOf, swapActivityOf } from './memory.samples.ts';
import swapActivity from './swap-activity.fact.ts';

const pressureLimitPercent = 10;
const obtainableLimitPercent = 3;
const swapInLimitPagesPerSecond = 500;
/** On a large host a small share is still a lot; with so much left and nobody waiting all is well. */
const plentyBytes = 1024 ** 3;

export default defineSymptom({
  id: 'memory-pressure',
  title: 'Too little memory',
  about: `Programs wait because memory is short. It is seen here when tasks were held up for memory for at least ${pressureLimitPercent} % of the sampling window (pressure
stall information, \`/proc/pressure/memory\`), when at least ${swapInLimitPagesPerSecond} pages a second had to come back from swap, when a process was killed for want of memory just now, or when
less than ${obtainableLimitPercent} % of the memory could be had, what the ZFS cache would give back included, unless that is a gigabyte or more and nothing waits. Memory that is "used" by caches, and swap that is used but
at rest, are no sign of it.`,
  leak: 0.05,
  needs: { usage: memoryUsage, activity: optional(swapActivity), pressure: optional(pressureNow) },
  detect: ({ usage, activity, pressure }): readonly Detection[] => {
    const seen = (value: number, limit: number, unit: string, says: string): readonly Detection[] => [{ object: 'host', value, limit, unit, says }];
    const held = pressure?.memory.somePercent ?? 0;
    const could = `${percentText(usage.obtainablePercent)} of the memory could be had`;
    if (held >= pressureLimitPercent) {
      return seen(held, pressureLimitPercent, '% of the time', `Tasks were held up for memory ${percentText(held)} of the time (limit ${pressureLimitPercent} %); ${could}.`);
    }
    const swapIn = activity?.swapInPagesPerSecond ?? 0;
    if (swapIn >= swapInLimitPagesPerSecond) {
      return seen(swapIn, swapInLimitPagesPerSecond, 'pages/s', `${Math.round(swapIn)} pages a second came back from swap (limit ${swapInLimitPagesPerSecond}); ${could}.`);
    }
    const kills = activity?.oomKillsInWindow ?? 0;
    if (kills > 0) return seen(kills, 1, 'kills', `Within the sampling window the kernel killed ${kills} process${kills === 1 ? '' : 'es'} for want of memory.`);
    const nothingWaits = pressure !== undefined && Math.max(held, pressure.memory.someAvg60) < 1 && usage.obtainableBytes >= plentyBytes;
    if (usage.obtainablePercent >= obtainableLimitPercent || nothingWaits) return [];
    return seen(usage.obtainablePercent, obtainableLimitPercent, '% of the memory', `Only ${could} (limit ${obtainableLimitPercent} %).`);
  },
  examples: {
    present: [
      { name: 'tasks wait for memory', given: { usage: memoryUsageOf({ availableBytes: 2e9 }), pressure: pressureOf({ memory: { somePercent: 35 } }) }, objects: ['host'] },
      { name: 'guests come back from swap', given: { usage: memoryUsageOf({ availableBytes: 3e9 }), activity: swapActivityOf({ swapInPagesPerSecond: 4200 }), pressure: pressureOf() } },
      { name: 'a process was killed just now', given: { usage: memoryUsageOf(), activity: swapActivityOf({ oomKillsInWindow: 1 }), pressure: pressureOf() } },
      { name: 'a kernel without pressure stall information', given: { usage: memoryUsageOf({ availableBytes: 1e9 }) } },
    ],
    absent: [
      { name: 'guests of a fixed size fill a large host, and nothing waits', given: { usage: { ...memoryUsageOf({ availableBytes: 22e9 }), totalBytes: 1.1e12, obtainablePercent: 2 }, activity: swapActivityOf(), pressure: pressureOf({ memory: { somePercent: 0, someAvg60: 0 } }) } },
      { name: 'memory full of page cache', given: { usage: memoryUsageOf({ freeBytes: 1e9 }), activity: swapActivityOf(), pressure: pressureOf() } },
      { name: 'memory full of ZFS cache', given: { usage: memoryUsageOf({ freeBytes: 1e9, availableBytes: 1.5e9, arcBytes: 30e9, arcReclaimableBytes: 28e9 }), activity: swapActivityOf(), pressure: pressureOf() } },
      { name: 'swap in use and at rest', given: { usage: memoryUsageOf(), activity: swapActivityOf({ swapUsedBytes: 8e9, swapInPagesPerSecond: 3 }), pressure: pressureOf() } },
    ],
  },
});
