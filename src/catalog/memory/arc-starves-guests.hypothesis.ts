import { defineHypothesis } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import zfsArc from '../zfs/zfs-arc.probe.ts';
import limitArc from './limit-arc.mitigation.ts';
import memoryUsage, { type MemoryUsage } from './memory-usage.fact.ts';
import { arcOf, memoryUsageOf, swapActivityOf } from './memory.samples.ts';
import { gibibytesText } from './memory-text.ts';
import oomEvents from './oom-events.fact.ts';
import swapActivity, { type SwapActivity } from './swap-activity.fact.ts';

const gibibyte = 1024 ** 3;
const recentSeconds = 3_600;

const isLarge = (usage: MemoryUsage): boolean => usage.arcReclaimableBytes >= 0.2 * usage.totalBytes;
const isShort = (usage: MemoryUsage): boolean => usage.availablePercent < 8;

/** Pages that nobody asks for may go out to swap without harm: something must wait as well. */
const heldWhileSwapping = 4;

/** Memory is really missing: programs wait, are swapped while they wait a little, or were killed in the last hour. */
function suffers(pressure: { memory: { somePercent: number } } | undefined, activity: SwapActivity | undefined, hostKillsLately: number): boolean {
  const isSwapped = (activity?.swapOutPagesPerSecond ?? 0) >= 100 || (activity?.swapInPagesPerSecond ?? 0) >= 200;
  const held = pressure?.memory.somePercent;
  return hostKillsLately > 0 || (held ?? 0) >= 10 || (isSwapped && (held ?? heldWhileSwapping) >= heldWhileSwapping);
}

function killsLately(oom: { kills: readonly { scope: string; secondsAgo?: number | undefined }[] } | undefined): number {
  return (oom?.kills ?? []).filter((kill) => kill.scope === 'host' && (kill.secondsAgo ?? recentSeconds + 1) <= recentSeconds).length;
}

const largeArc = memoryUsageOf({ freeBytes: gibibyte, availableBytes: 2 * gibibyte, programsBytes: 24 * gibibyte, arcBytes: 36 * gibibyte, arcReclaimableBytes: 34 * gibibyte });

export default defineHypothesis({
  id: 'arc-starves-guests',
  subject: 'memory',
  proven: 'documentation',
  title: 'The ZFS cache leaves the guests too little memory',
  about: `ZFS keeps a cache of its own (ARC). It gives memory back when others need it, but slowly, and up to ZFS 2.2 only in small steps; meanwhile guests are swapped out or killed
although tens of gigabytes of cache could be had. Since ZFS 2.3 the cache may grow to nearly all memory unless \`zfs_arc_max\` is set; before, to half. A large cache by
itself is right and good: it counts only when programs really wait, swap or are killed.

To be sure by hand: \`arc_summary -s arc\` or \`grep -w -e size -e c_min -e c_max /proc/spl/kstat/zfs/arcstats\` beside \`free -m\` and \`vmstat 5\`. Lower \`zfs_arc_max\` for a trial:
if swapping and waiting end, it was that.`,
  needs: { arc: zfsArc, usage: memoryUsage, activity: optional(swapActivity), pressure: optional(pressureNow), oom: optional(oomEvents) },
  prior: 1 / 250,
  explains: { 'memory-pressure': 0.8, 'io-delay': 0.4, 'guest-slow': 0.5, 'guest-down': 0.2, 'high-load': 0.4, 'errors-logged': 0.3, 'target-missing': 0.2 },
  evidence: [
    {
      when: ({ arc, usage, pressure, activity, oom }) => arc.second.sizeBytes > 0 && isLarge(usage) && isShort(usage) && suffers(pressure, activity, killsLately(oom)),
      decisive: true,
      likelihood: { ifCause: 0.85, otherwise: 0.0005 },
      says: ({ usage, pressure, activity, oom }) =>
        `The ZFS cache holds ${gibibytesText(usage.arcBytes)} of ${gibibytesText(usage.totalBytes)}, of which it could give back ${gibibytesText(usage.arcReclaimableBytes)}; only ${gibibytesText(usage.availableBytes)} is available to others, and ${
          killsLately(oom) > 0
            ? 'the kernel has killed a process for want of memory within the last hour'
            : (pressure?.memory.somePercent ?? 0) >= 10
              ? `programs wait for memory ${percentText(pressure?.memory.somePercent ?? 0)} of the time`
              : `${Math.round((activity?.swapInPagesPerSecond ?? 0) + (activity?.swapOutPagesPerSecond ?? 0))} pages a second are swapped`
        }.`,
      saysNot: ({ usage }) => `The ZFS cache holds ${gibibytesText(usage.arcBytes)}, and ${gibibytesText(usage.availableBytes)} is available to others: nobody is short because of it.`,
      excerpt: ({ arc: { second } }) => `size ${second.sizeBytes}, c_min ${second.minBytes}, c_max ${second.maxBytes}`,
      group: 'memory',
    },
    {
      when: ({ arc, usage }) => arc.second.maxBytes > 0.7 * usage.totalBytes,
      likelihood: { ifCause: 0.7, otherwise: 0.1 },
      says: ({ arc, usage }) => `The ZFS cache may grow to ${gibibytesText(arc.second.maxBytes)}, ${percentText((100 * arc.second.maxBytes) / usage.totalBytes)} of the memory.`,
    },
  ],
  ruledOut: [
    { when: ({ usage }) => usage.arcBytes === 0, says: 'ZFS keeps no cache on this host' },
    { when: ({ usage }) => usage.arcBytes < 0.1 * usage.totalBytes, says: ({ usage }) => `the ZFS cache holds no more than ${gibibytesText(usage.arcBytes)} of ${gibibytesText(usage.totalBytes)}` },
    {
      when: ({ usage, pressure, oom }) => usage.availablePercent >= 15 && pressure !== undefined && pressure.memory.somePercent < 5 && killsLately(oom) === 0,
      says: ({ usage }) => `${gibibytesText(usage.availableBytes)} is available beside the ZFS cache, and nothing waits for memory`,
    },
  ],
  broughtBy: ['kernel-settings', 'zfs', 'kernel'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Lower the limit of the ZFS cache at run time (`zfs_arc_max`); it shrinks within minutes.'],
  doNot: ['Do not buy memory before the cache has a limit: by default it takes most of what there is.'],
  mitigations: [limitArc],
  references: ['openzfs/zfs PR #15437', 'openzfs/zfs PR #16909', 'openzfs/zfs #10255', 'zfs(4)', 'pve-docs local-zfs.adoc'],
  examples: {
    supporting: [
      {
        name: 'ZFS 2.3 without a limit, guests are swapped out',
        given: { arc: arcOf(36 * gibibyte, 2 * gibibyte, 63 * gibibyte), usage: largeArc, activity: swapActivityOf({ swapOutPagesPerSecond: 2000, swapInPagesPerSecond: 800 }), pressure: pressureOf({ memory: { somePercent: 30 } }) },
        expect: 'identified',
      },
      {
        name: 'a VM was killed while half of the memory was cache',
        given: { arc: arcOf(36 * gibibyte, 2 * gibibyte), usage: largeArc, activity: swapActivityOf(), pressure: pressureOf(), oom: { kills: [{ scope: 'host', process: 'kvm', pid: 2211, guest: 'qemu/100', secondsAgo: 600 }], coversBoot: true } },
      },
    ],
    refuting: [
      {
        name: 'a large cache on a host where nothing waits: memory is 95 % "used"',
        given: { arc: arcOf(36 * gibibyte, 2 * gibibyte, 63 * gibibyte), usage: largeArc, activity: swapActivityOf({ swapUsedBytes: gibibyte }), pressure: pressureOf({ memory: { somePercent: 0 } }) },
      },
      {
        name: 'a backup in the night: some idle pages go out to swap beside a large cache, and nothing waits',
        given: { arc: arcOf(36 * gibibyte, 2 * gibibyte), usage: largeArc, activity: swapActivityOf({ swapOutPagesPerSecond: 350, swapUsedBytes: gibibyte }), pressure: pressureOf({ memory: { somePercent: 0.5 } }) },
        symptoms: ['io-delay', 'high-load'],
      },
      { name: 'a small cache', given: { arc: arcOf(gibibyte, gibibyte), usage: memoryUsageOf({ arcBytes: gibibyte, availableBytes: gibibyte }), pressure: pressureOf({ memory: { somePercent: 60 } }) }, expect: 'ruled-out' },
      {
        name: 'a container was killed at its own limit beside a large cache',
        given: { arc: arcOf(36 * gibibyte, 2 * gibibyte), usage: largeArc, activity: swapActivityOf(), pressure: pressureOf(), oom: { kills: [{ scope: 'group', process: 'mysqld', pid: 4000, guest: 'lxc/101', secondsAgo: 60 }], coversBoot: true } },
        symptoms: ['errors-logged'],
      },
      { name: 'no ZFS', given: { arc: absent('ZFS is not loaded on this host'), usage: memoryUsageOf(), pressure: pressureOf() }, expect: 'ruled-out' },
    ],
  },
});
