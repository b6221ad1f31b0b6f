import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import giveGuestsLessMemory from './give-guests-less-memory.mitigation.ts';
import lowerSwappiness from './lower-swappiness.mitigation.ts';
import memoryUsage from './memory-usage.fact.ts';
import { memoryUsageOf, swapActivityOf } from './memory.samples.ts';
import { gibibytesText, reclaimHolds } from './memory-text.ts';
import swapActivity from './swap-activity.fact.ts';

const shortPercent = 6;

export default defineHypothesis({
  id: 'memory-exhausted',
  subject: 'memory',
  proven: 'documentation',
  title: 'The host has too little memory for what runs on it',
  about: `Guests, services and the kernel together need more memory than the host has. The kernel then searches for pages to take back, programs wait for it, guests are
swapped out, and in the end processes are killed. What counts is the memory that could be had: available memory plus what the ZFS cache would give back. A host whose memory is
full of caches is well.

To be sure by hand: \`free -m\` (the column "available"), \`/proc/pressure/memory\`, and \`size\` and \`c_min\` in \`/proc/spl/kstat/zfs/arcstats\`. The sum of what the guests were given is
in \`qm list\` and \`pct list\`.`,
  needs: { usage: memoryUsage, activity: optional(swapActivity), pressure: optional(pressureNow) },
  prior: 1 / 200,
  explains: { 'memory-pressure': 0.95, 'io-delay': 0.4, 'high-load': 0.5, 'guest-slow': 0.5, 'target-missing': 0.3, 'guest-down': 0.2, 'errors-logged': 0.2 },
  evidence: [
    {
      when: ({ usage, activity, pressure }) => usage.obtainablePercent < shortPercent && reclaimHolds(pressure, activity),
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.0005 },
      says: ({ usage, pressure, activity }) =>
        `Only ${gibibytesText(usage.obtainableBytes)} of ${gibibytesText(usage.totalBytes)} could be had, what caches would give back included, and programs wait for memory: ${
          pressure ? `they were held up ${percentText(pressure.memory.somePercent)} of the time` : `${Math.round(activity?.allocationStallsPerSecond ?? 0)} allocations a second had to wait`
        }.`,
      saysNot: ({ usage }) =>
        usage.obtainablePercent >= shortPercent
          ? `${gibibytesText(usage.obtainableBytes)} of ${gibibytesText(usage.totalBytes)} could be had.`
          : `Only ${gibibytesText(usage.obtainableBytes)} could be had, but programs do not wait for memory.`,
      excerpt: ({ usage }) => `available ${Math.round(usage.availableBytes / 1024)} kB of ${Math.round(usage.totalBytes / 1024)} kB; ZFS cache ${Math.round(usage.arcBytes / 1024)} kB`,
      group: 'memory',
    },
    {
      when: ({ usage }) => usage.obtainablePercent < shortPercent,
      likelihood: { ifCause: 0.95, otherwise: 0.03 },
      says: ({ usage }) => `${percentText(usage.obtainablePercent)} of the memory could be had.`,
      saysNot: ({ usage }) => `${percentText(usage.obtainablePercent)} of the memory could be had, what caches would give back included.`,
      group: 'memory',
    },
  ],
  ruledOut: [
    {
      when: ({ usage, pressure, activity }) => usage.obtainablePercent >= 20 && (pressure?.memory.somePercent ?? 0) < 1 && (activity?.allocationStallsPerSecond ?? 0) < 1,
      says: ({ usage }) => `${gibibytesText(usage.obtainableBytes)} of ${gibibytesText(usage.totalBytes)} could be had, and nothing waits for memory`,
    },
  ],
  broughtBy: ['guest', 'guest-settings'],
  mechanisms: ['hung-tasks'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Stop or move the guest that is needed least.', 'Put off backups and copies.'],
  doNot: ['Do not switch swap off while memory is short: processes would be killed.'],
  mitigations: [giveGuestsLessMemory, lowerSwappiness],
  references: ['Linux Documentation/accounting/psi.rst', 'proc_meminfo(5)'],
  examples: {
    supporting: [
      {
        name: 'guests take all, and programs wait',
        given: {
          usage: memoryUsageOf({ freeBytes: 3e8, availableBytes: 1e9, programsBytes: 62e9 }),
          activity: swapActivityOf({ allocationStallsPerSecond: 40, swapOutPagesPerSecond: 900 }),
          pressure: pressureOf({ memory: { somePercent: 45, someAvg60: 40 } }),
        },
        expect: 'identified',
      },
      {
        name: 'a kernel without pressure stall information',
        given: { usage: memoryUsageOf({ freeBytes: 3e8, availableBytes: 1e9 }), activity: swapActivityOf({ allocationStallsPerSecond: 60 }) },
      },
    ],
    refuting: [
      { name: 'an idle host', given: { usage: memoryUsageOf(), activity: swapActivityOf(), pressure: pressureOf({ memory: { somePercent: 0 } }) }, expect: 'ruled-out' },
      {
        name: 'memory full of page cache while a backup reads',
        given: { usage: memoryUsageOf({ freeBytes: 5e8, availableBytes: 28e9 }), activity: swapActivityOf({ reclaimScannedPagesPerSecond: 90_000 }), pressure: pressureOf({ memory: { somePercent: 2 } }) },
      },
      {
        name: 'memory full of ZFS cache: little is "available", much could be had',
        given: { usage: memoryUsageOf({ freeBytes: 5e8, availableBytes: 2e9, arcBytes: 32e9, arcReclaimableBytes: 30e9 }), activity: swapActivityOf(), pressure: pressureOf({ memory: { somePercent: 0 } }) },
        expect: 'ruled-out',
      },
      {
        name: 'little is left, but nothing waits: guests of a fixed size fill the host',
        given: { usage: memoryUsageOf({ availableBytes: 2.5e9, freeBytes: 2e9 }), activity: swapActivityOf(), pressure: pressureOf({ memory: { somePercent: 0 } }) },
        symptoms: [],
      },
    ],
  },
});
