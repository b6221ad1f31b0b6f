import { defineHypothesis } from '../../define/hypothesis.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { logOf } from '../kernel/kernel-log.samples.ts';
import { countText } from '../kernel/number-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import buddyInfo from './buddy-info.probe.ts';
import { swapActivityOf } from './memory.samples.ts';
import raiseMinFree from './raise-min-free.mitigation.ts';
import swapActivity from './swap-activity.fact.ts';

const recentSeconds = 86_400;
/** "x: page allocation failure: order:4, mode:…": the order is the power of two of the contiguous pages that were asked for. */
const failure = /page allocation failure: order:(\d{1,2}),/;

interface Line {
  readonly secondsSinceBoot?: number | undefined;
  readonly text: string;
}

function failuresLately(lines: readonly Line[], uptimeSeconds: number): Line[] {
  return lines.filter((line) => {
    const order = Number(failure.exec(line.text.slice(0, 300))?.[1] ?? 0);
    return order >= 2 && line.secondsSinceBoot !== undefined && uptimeSeconds - line.secondsSinceBoot <= recentSeconds;
  });
}

type Zones = readonly { readonly zone: string; readonly freeBlocks: readonly number[] }[];

/** No zone for ordinary use has eight or more contiguous pages. */
function isCutUp(zones: Zones): boolean {
  const ordinary = zones.filter(({ zone }) => zone === 'Normal' || zone === 'DMA32');
  return ordinary.length > 0 && ordinary.every(({ freeBlocks }) => freeBlocks.slice(3).every((count) => count === 0));
}

function blocks(...freeBlocks: readonly number[]) {
  return { zones: [{ node: 0, zone: 'DMA', freeBlocks: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3] }, { node: 0, zone: 'Normal', freeBlocks: [...freeBlocks] }] };
}

const failed = 'swapper/3: page allocation failure: order:4, mode:0x40a20(GFP_ATOMIC|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0';

export default defineHypothesis({
  id: 'memory-fragmented',
  subject: 'memory',
  proven: 'examples',
  title: 'Free memory is in pieces too small for the kernel',
  about: `Network drivers with jumbo frames, ZFS and others ask for many contiguous pages at once. On a host that has run for long, free memory may be there, but in small pieces: the
request fails, packets are dropped, or programs wait until the kernel has moved pages together. A failure of "order:0" is not this, but plain shortage.

To be sure by hand: \`dmesg -T | grep 'page allocation failure'\` and \`cat /proc/buddyinfo\`: zeros from the fourth column on for the zone Normal. It was this if
\`echo 1 > /proc/sys/vm/compact_memory\` relieves it.`,
  needs: { log: kernelLog, system: operatingSystem, buddy: buddyInfo, activity: swapActivity },
  prior: 1 / 600,
  explains: { 'network-errors': 0.5, 'guest-slow': 0.3, 'high-load': 0.2, 'memory-pressure': 0.2 },
  evidence: [
    {
      when: ({ log, system }) => failuresLately(log.lines, system.uptimeSeconds).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.001 },
      says: ({ log, system }) => `In the last 24 hours the kernel failed ${countText(failuresLately(log.lines, system.uptimeSeconds).length, 'time', 'times')} to get several contiguous pages.`,
      saysNot: 'No request for contiguous memory is logged to have failed in the last 24 hours.',
      excerpt: ({ log, system }) => failuresLately(log.lines, system.uptimeSeconds).at(-1)?.text.slice(0, 200) ?? '',
    },
    {
      when: ({ buddy }) => isCutUp(buddy.zones),
      likelihood: { ifCause: 0.7, otherwise: 0.03 },
      says: 'No piece of free memory has eight contiguous pages or more (/proc/buddyinfo).',
      saysNot: 'There is free memory in large pieces.',
      excerpt: ({ buddy }) => buddy.zones.filter(({ zone }) => zone === 'Normal').map(({ node, freeBlocks }) => `node ${node} Normal ${freeBlocks.join(' ')}`).slice(0, 4).join('; '),
    },
    {
      when: ({ activity }) => activity.compactionStallsPerSecond >= 10,
      likelihood: { ifCause: 0.5, otherwise: 0.02 },
      says: ({ activity }) => `Programs had to wait ${Math.round(activity.compactionStallsPerSecond)} times a second until pages were moved together.`,
    },
  ],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [raiseMinFree],
  references: ['proc_buddyinfo(5)', 'Linux Documentation/admin-guide/sysctl/vm.rst (compact_memory, min_free_kbytes)'],
  examples: {
    supporting: [
      {
        name: 'a network driver gets no contiguous memory',
        given: { log: logOf([863_000, failed], [863_500, failed]), system: proxmoxHost, buddy: blocks(90_000, 20_000, 900, 0, 0, 0, 0, 0, 0, 0, 0), activity: swapActivityOf({ compactionStallsPerSecond: 30 }) },
        expect: 'suspected',
      },
    ],
    refuting: [
      { name: 'an idle host', given: { log: logOf(), system: proxmoxHost, buddy: blocks(2803, 2218, 1336, 2258, 3331, 2177, 1079, 531, 254, 111, 158), activity: swapActivityOf() } },
      {
        name: 'plain shortage: order 0',
        given: { log: logOf([863_000, failed.replace('order:4', 'order:0')]), system: proxmoxHost, buddy: blocks(20, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0), activity: swapActivityOf() },
      },
      { name: 'a failure of last week', given: { log: logOf([100_000, failed]), system: proxmoxHost, buddy: blocks(900, 20, 90, 40, 20, 9, 0, 0, 0, 0, 0), activity: swapActivityOf() } },
      {
        name: 'memory full of page cache, in small pieces, and nothing fails',
        given: { log: logOf(), system: proxmoxHost, buddy: blocks(90_000, 200, 9, 0, 0, 0, 0, 0, 0, 0, 0), activity: swapActivityOf({ compactionStallsPerSecond: 2 }) },
        symptoms: ['high-load'],
      },
    ],
  },
});
