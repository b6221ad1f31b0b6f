import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import kernelLogEvents from '../kernel/kernel-log-events.fact.ts';
import { eventsOf } from '../kernel/kernel-log.samples.ts';
import { swapActivityOf } from './memory.samples.ts';
import { gibibytesText } from './memory-text.ts';
import moveSwapOffZvol from './move-swap-off-zvol.mitigation.ts';
import swapActivity from './swap-activity.fact.ts';
import swaps from './swaps.probe.ts';

const gibibyte = 1024 ** 3;

function areas(path: string, usedBytes: number) {
  const kind = path.startsWith('/dev/zd') ? ('zvol' as const) : ('partition' as const);
  return { swaps: [{ path, kind, sizeBytes: 8 * gibibyte, usedBytes, priority: -2 }], swappiness: 60 };
}

export default defineHypothesis({
  id: 'swap-on-zvol',
  subject: 'memory',
  proven: 'documentation',
  title: 'The host swaps to a ZFS volume',
  about: `ZFS needs memory to write. When the kernel swaps to a zvol because memory is short, each page that goes out asks for more memory, and the host can lock up: kswapd and the
threads of ZFS wait for each other. It strikes mostly at night, when a backup fills the caches. Proxmox VE set swap up this way until version 5, and upgraded hosts still have it. As long as
nothing is swapped it does no harm.

To be sure by hand: \`cat /proc/swaps\` names \`/dev/zd…\`; \`dmesg | grep -e 'blocked for more than'\` names kswapd or ZFS threads.`,
  needs: { swaps, activity: swapActivity, pressure: optional(pressureNow), log: optional(kernelLogEvents) },
  objects: ({ swaps: list }) => list.swaps.filter((area) => area.kind === 'zvol').map((area) => ({ object: 'host', area })),
  noObjects: 'no swap area of this host is a ZFS volume',
  prior: 1 / 100,
  explains: { 'io-delay': 0.6, 'memory-pressure': 0.6, 'high-load': 0.5, 'target-missing': 0.4, 'guest-slow': 0.5, 'errors-logged': 0.3 },
  evidence: [
    {
      when: ({ activity }, { area }) => area.usedBytes > 0 && activity.swapOutPagesPerSecond + activity.swapInPagesPerSecond >= 50,
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.002 },
      says: ({ activity }, { area }) =>
        `${area.path} is a ZFS volume, and the host swaps to it: ${Math.round(activity.swapOutPagesPerSecond)} pages a second out, ${Math.round(activity.swapInPagesPerSecond)} in, ${gibibytesText(area.usedBytes)} in use.`,
      saysNot: (_, { area }) => `${area.path} is a ZFS volume, but the host does not swap to it now.`,
      excerpt: (_, { area }) => `${area.path} ${area.kind} used ${Math.round(area.usedBytes / 1024)} kB`,
    },
    {
      when: ({ log }, { area }) =>
        area.usedBytes > 0 && (log?.events ?? []).some((events) => events.kind === 'hung-task' && events.recentCount > 0 && events.samples.some((line) => line.includes('task kswapd'))),
      decisive: true,
      likelihood: { ifCause: 0.4, otherwise: 0.0005 },
      says: 'The kernel logged that kswapd, which swaps, was blocked for more than two minutes.',
      excerpt: ({ log }) => log?.events.find((events) => events.kind === 'hung-task')?.samples.find((line) => line.includes('kswapd')) ?? '',
    },
    {
      when: ({ pressure }) => (pressure?.memory.somePercent ?? 0) >= 10,
      likelihood: { ifCause: 0.7, otherwise: 0.03 },
      says: ({ pressure }) => `Programs wait for memory ${Math.round(pressure?.memory.somePercent ?? 0)} % of the time.`,
    },
  ],
  broughtBy: ['storage-settings'],
  mechanisms: ['hung-tasks', 'zfs-txg-stalled'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Put off backups and copies: they push memory into swap.'],
  doNot: ['Do not run `swapoff` while memory is short: it has to read all of it back.'],
  mitigations: [moveSwapOffZvol],
  references: ['openzfs/zfs #7734', 'pve-docs local-zfs.adoc (swap)', 'zfs-create(8)'],
  examples: {
    supporting: [
      {
        name: 'a backup pushes guests out to a zvol',
        given: { swaps: areas('/dev/zd0', 3 * gibibyte), activity: swapActivityOf({ swapOutPagesPerSecond: 1500, swapInPagesPerSecond: 300 }), pressure: pressureOf({ memory: { somePercent: 30 } }), log: eventsOf() },
        expect: 'identified',
      },
      {
        name: 'kswapd was blocked',
        given: {
          swaps: areas('/dev/zd0', 3 * gibibyte),
          activity: swapActivityOf(),
          log: eventsOf({ kind: 'hung-task', samples: ['INFO: task kswapd0:98 blocked for more than 122 seconds.'] }),
        },
      },
    ],
    refuting: [
      { name: 'a partition', given: { swaps: areas('/dev/sda3', 3 * gibibyte), activity: swapActivityOf({ swapOutPagesPerSecond: 1500 }) }, expect: 'ruled-out' },
      { name: 'a zvol that nobody swaps to', given: { swaps: areas('/dev/zd0', 0), activity: swapActivityOf(), pressure: pressureOf(), log: eventsOf() } },
      { name: 'a zvol with old, idle pages', given: { swaps: areas('/dev/zd0', gibibyte), activity: swapActivityOf(), pressure: pressureOf(), log: eventsOf() } },
    ],
  },
});
