import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import guestUsage from '../guests/guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from '../guests/guests.samples.ts';
import { percentText } from '../kernel/number-text.ts';
import giveGuestsLessMemory from './give-guests-less-memory.mitigation.ts';
import lowerSwappiness from './lower-swappiness.mitigation.ts';
import memoryUsage from './memory-usage.fact.ts';
import { memoryUsageOf, swapActivityOf } from './memory.samples.ts';
import { gibibytesText, swapsBothWays } from './memory-text.ts';
import swapActivity from './swap-activity.fact.ts';
import swaps from './swaps.probe.ts';

/** A slow swap device gives back few pages; then programs' waiting shows it. */
const backWhileWaiting = 50;

interface Guest {
  readonly object: string;
  readonly memoryLimitHits: number;
  readonly pressure?: { readonly memory: { readonly fullPercent: number } } | undefined;
}

/** A container that swaps for its own limit, on a host that has memory left: the host is not short. */
function atItsOwnLimit(guests: readonly Guest[] | undefined, availablePercent: number | undefined): string | undefined {
  if ((availablePercent ?? 0) < 20) return undefined;
  return guests?.find((guest) => guest.memoryLimitHits > 0 && (guest.pressure?.memory.fullPercent ?? 0) >= 10)?.object;
}

const gibibyte = 1024 ** 3;
const onDisk = { swaps: [{ path: '/dev/sda3', kind: 'partition' as const, sizeBytes: 8 * gibibyte, usedBytes: 6 * gibibyte, priority: -2 }], swappiness: 60 };

export default defineHypothesis({
  id: 'swap-thrashing',
  subject: 'memory',
  proven: 'documentation',
  title: 'Guests and programs are swapped in and out all the time',
  about: `What was swapped out is needed again at once, so that programs and guests wait for the swap device instead of working. Swap that is in use but at rest is harmless:
it holds what nobody asks for. What counts is how many pages a second come back, and whether programs wait for them.

To be sure by hand: \`vmstat 5\` (columns \`si\` and \`so\`), \`/proc/pressure/memory\`, and \`grep VmSwap /proc/*/status\` for whose memory is out.`,
  needs: { activity: swapActivity, swaps, pressure: optional(pressureNow), memory: optional(memoryUsage), guests: optional(guestUsage) },
  prior: 1 / 200,
  explains: { 'memory-pressure': 0.9, 'io-delay': 0.8, 'disk-latency': 0.4, 'high-load': 0.5, 'guest-slow': 0.6, 'target-missing': 0.3 },
  evidence: [
    {
      when: ({ activity, pressure }) =>
        swapsBothWays(pressure, activity) || (pressure !== undefined && activity.swapInPagesPerSecond >= backWhileWaiting && pressure.memory.somePercent >= 10),
      decisive: true,
      likelihood: { ifCause: 0.9, otherwise: 0.0005 },
      says: ({ activity, pressure }) =>
        `${Math.round(activity.swapInPagesPerSecond)} pages a second come back from swap and ${Math.round(activity.swapOutPagesPerSecond)} go out${
          pressure ? `, and programs wait for memory ${percentText(pressure.memory.somePercent)} of the time, for input and output ${percentText(pressure.io.somePercent)}` : ''
        }.`,
      saysNot: ({ activity }) =>
        `${activity.swapInPagesPerSecond < backWhileWaiting ? 'Swap is at rest or nearly so' : 'Hardly anything waits for swap'}: ${Math.round(activity.swapInPagesPerSecond)} pages a second come back, and ${gibibytesText(activity.swapUsedBytes)} is in use.`,
      excerpt: ({ activity }) => `pswpin ${activity.swapInPagesPerSecond.toFixed(0)}/s, pswpout ${activity.swapOutPagesPerSecond.toFixed(0)}/s`,
      group: 'swap',
    },
    {
      when: ({ swaps: { swaps: areas } }) => areas.some((area) => area.usedBytes > 0 && area.kind !== 'zram'),
      likelihood: { ifCause: 0.9, otherwise: 0.4 },
      says: ({ activity }) => `${gibibytesText(activity.swapUsedBytes)} of ${gibibytesText(activity.swapTotalBytes)} swap is in use.`,
      saysNot: 'No swap area on a disk is in use.',
      group: 'swap',
    },
  ],
  ruledOut: [
    { when: ({ swaps: { swaps: areas } }) => areas.length === 0, says: 'this host has no swap' },
    {
      when: ({ memory, guests }) => atItsOwnLimit(guests?.guests, memory?.availablePercent) !== undefined,
      says: ({ memory, guests }) => `${atItsOwnLimit(guests?.guests, memory?.availablePercent) ?? ''} swaps because of its own memory limit, while ${percentText(memory?.availablePercent ?? 0)} of the host's memory is available`,
    },
    {
      when: ({ activity, pressure }) => activity.swapInPagesPerSecond < 5 && pressure !== undefined && pressure.memory.someAvg300 < 2,
      says: ({ activity }) => `swap is at rest (${gibibytesText(activity.swapUsedBytes)} in use), and nothing waited for memory in the last five minutes`,
    },
  ],
  mechanisms: ['disk-saturated', 'hung-tasks'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Stop or move the guest that is needed least.', 'Put off backups and copies: they push guests out of memory.'],
  doNot: ['Do not run `swapoff` while memory is short: processes would be killed.'],
  mitigations: [giveGuestsLessMemory, lowerSwappiness],
  references: ['Linux Documentation/accounting/psi.rst', 'pve-docs local-zfs.adoc (swap)'],
  examples: {
    supporting: [
      {
        name: 'guests in and out',
        given: { activity: swapActivityOf({ swapInPagesPerSecond: 3200, swapOutPagesPerSecond: 2800, swapUsedBytes: 6 * gibibyte }), swaps: onDisk, pressure: pressureOf({ memory: { somePercent: 55, someAvg300: 40 } }) },
        expect: 'identified',
      },
      {
        name: 'in and out, and the kernel counts the wait as one for I/O',
        given: { activity: swapActivityOf({ swapInPagesPerSecond: 760, swapOutPagesPerSecond: 720, swapUsedBytes: gibibyte }), swaps: onDisk, pressure: pressureOf({ memory: { somePercent: 6, someAvg300: 3.5 }, io: { somePercent: 50 } }) },
        symptoms: ['memory-pressure', 'io-delay'],
        expect: 'identified',
      },
      {
        name: 'a kernel without pressure stall information',
        given: { activity: swapActivityOf({ swapInPagesPerSecond: 3200, swapOutPagesPerSecond: 2800, swapUsedBytes: 6 * gibibyte }), swaps: onDisk },
      },
    ],
    refuting: [
      {
        name: 'swap is used, but idle',
        given: { activity: swapActivityOf({ swapUsedBytes: 7.9 * gibibyte }), swaps: onDisk, pressure: pressureOf({ memory: { somePercent: 0 } }) },
        expect: 'ruled-out',
      },
      { name: 'no swap', given: { activity: swapActivityOf({ swapTotalBytes: 0 }), swaps: { swaps: [] }, pressure: pressureOf() }, expect: 'ruled-out' },
      {
        name: 'a guest that was swapped out in the night comes back once, and hardly anything waits',
        given: { activity: swapActivityOf({ swapInPagesPerSecond: 260, swapUsedBytes: 3 * gibibyte }), swaps: onDisk, pressure: pressureOf({ memory: { somePercent: 3, someAvg300: 2.5 } }) },
      },
      {
        name: 'a container at its own limit swaps, and the host has plenty',
        given: {
          activity: swapActivityOf({ swapInPagesPerSecond: 2000, swapOutPagesPerSecond: 1900, swapUsedBytes: gibibyte }),
          swaps: onDisk,
          pressure: pressureOf({ memory: { somePercent: 60, someAvg300: 50 } }),
          memory: memoryUsageOf(),
          guests: usageOf(usedBy('lxc/101', { memoryLimitBytes: gibibyte, memoryPercentOfLimit: 99, memoryLimitHits: 300, pressure: pressureOn({ memory: { somePercent: 70, fullPercent: 60 } }) })),
        },
        expect: 'ruled-out',
      },
      {
        name: 'swap in compressed memory is busy, and nothing waits',
        given: {
          activity: swapActivityOf({ swapInPagesPerSecond: 900, swapOutPagesPerSecond: 800, swapUsedBytes: gibibyte }),
          swaps: { swaps: [{ path: '/dev/zram0', kind: 'zram', sizeBytes: 4 * gibibyte, usedBytes: gibibyte, priority: 100 }] },
          pressure: pressureOf({ memory: { somePercent: 2 } }),
        },
      },
    ],
  },
});
