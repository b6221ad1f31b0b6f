import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { countText, percentText } from '../kernel/number-text.ts';
import memoryUsage from '../memory/memory-usage.fact.ts';
import { memoryUsageOf } from '../memory/memory.samples.ts';
import raiseContainerMemory from '../memory/raise-container-memory.mitigation.ts';
import { gibibytesText } from '../memory/memory-text.ts';
import guestUsage, { type GuestUsed } from './guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';

const gibibyte = 1024 ** 3;
const heldPercent = 10;
/** With less for all, whoever waits may wait for the host's memory: files alone fill the limit of many a container. */
const hostShortPercent = 6;

const isAtLimit = (guest: GuestUsed): boolean => guest.memoryLimitHits > 0 || (guest.memoryPercentOfLimit ?? 0) >= 95;
const isHeld = (guest: GuestUsed): boolean => (guest.pressure?.memory.fullPercent ?? 0) >= heldPercent && (guest.pressure?.memory.fullAvg60 ?? 0) >= heldPercent / 2;

export default defineHypothesis({
  id: 'guest-memory-limit',
  subject: 'guests',
  proven: 'documentation',
  title: 'The container has too small a memory limit for what it does',
  about: `A container is at the limit of its own memory, so that whatever it does first has to throw out some of its pages and read them back, or swap; in the end one of its processes is killed. The
host has plenty meanwhile. A container whose memory is full of page cache only is well: what counts is that its work waits.

Proxmox VE sets \`memory.high\` a little below \`memory.max\`: there the kernel takes pages back and lets the container wait, before it kills.

To be sure by hand: \`memory.current\`, \`memory.high\`, \`memory.max\`, \`memory.events\` (lines \`high\`, \`max\` and \`oom_kill\`) and \`memory.pressure\` in \`/sys/fs/cgroup/lxc/<id>\`.`,
  needs: { usage: guestUsage, host: optional(memoryUsage) },
  objects: ({ usage }) => usage.guests.filter((guest) => guest.memoryLimitBytes !== undefined).map((guest) => ({ object: guest.object, guest })),
  noObjects: 'no running guest has a memory limit in its control group',
  prior: 1 / 60,
  explains: { 'guest-slow': 0.9, 'memory-pressure': 0.5, 'io-delay': 0.2, 'target-missing': 0.1 },
  evidence: [
    {
      when: ({ host }, { guest }) => isAtLimit(guest) && isHeld(guest) && (host?.obtainablePercent ?? 100) >= hostShortPercent,
      decisive: true,
      likelihood: { ifCause: 0.9, otherwise: 0.0005 },
      says: (_, { guest }) =>
        `${guest.object} is at its limit of ${gibibytesText(guest.memoryLimitBytes ?? 0)} (met ${countText(guest.memoryLimitHits, 'time', 'times')} within some seconds), and all its work waited for memory ${percentText(guest.pressure?.memory.fullPercent ?? 0)} of the time.`,
      saysNot: ({ host }, { guest }) =>
        host !== undefined && host.obtainablePercent < hostShortPercent && isHeld(guest)
          ? `${guest.object} waits for memory, but so may everybody: only ${percentText(host.obtainablePercent)} of the host's memory could be had.`
          : `${guest.object} uses ${percentText(guest.memoryPercentOfLimit ?? 0)} of its memory limit without its page cache, and its work does not wait for memory.`,
      excerpt: (_, { guest }) => `memory.current ${guest.memoryBytes ?? 0}, limit ${guest.memoryLimitBytes ?? 0}`,
    },
    {
      when: (_, { guest }) => guest.oomKills > 0,
      likelihood: { ifCause: 0.3, otherwise: 0.001 },
      says: (_, { guest }) => `${countText(guest.oomKills, 'of its processes was', 'of its processes were')} killed at the limit meanwhile.`,
    },
  ],
  ruledOut: [
    {
      when: (_, { guest }) => guest.memoryLimitHits === 0 && guest.pressure !== undefined && guest.pressure.memory.fullPercent < 2,
      says: (_, { guest }) => `${guest.object} does not meet its memory limit now, and hardly waits for memory`,
    },
  ],
  broughtBy: ['guest-settings'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [raiseContainerMemory],
  references: ['Linux Documentation/admin-guide/cgroup-v2.rst (memory.events)', 'pve-docs pct.adoc'],
  examples: {
    supporting: [
      {
        name: 'a database in a container of 1 GiB',
        given: {
          usage: usageOf(
            usedBy('lxc/101', { memoryLimitBytes: gibibyte, memoryBytes: gibibyte, memoryPercentOfLimit: 99, memoryLimitHits: 410, pressure: pressureOn({ memory: { somePercent: 70, fullPercent: 60, fullAvg60: 50 } }) }),
          ),
        },
        object: 'lxc/101',
        expect: 'identified',
      },
      {
        name: 'a container whose files do not fit: it meets memory.high all the time, and reads back what it gave up',
        given: {
          usage: usageOf(
            usedBy('lxc/101', { memoryLimitBytes: gibibyte / 8, memoryBytes: gibibyte / 8, memoryPercentOfLimit: 12, memoryLimitHits: 7_400, pressure: pressureOn({ memory: { somePercent: 88, fullPercent: 85, fullAvg60: 60 } }) }),
          ),
          host: memoryUsageOf(),
        },
        object: 'lxc/101',
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'the host is short of memory for all, and the files of a container fill its limit',
        given: {
          usage: usageOf(usedBy('lxc/101', { memoryLimitBytes: gibibyte, memoryBytes: gibibyte, memoryPercentOfLimit: 30, memoryLimitHits: 60, pressure: pressureOn({ memory: { somePercent: 70, fullPercent: 50, fullAvg60: 45 } }) })),
          host: { ...memoryUsageOf({ availableBytes: 1e9 }), obtainablePercent: 1.5 },
        },
        symptoms: ['memory-pressure', 'guest-slow'],
      },
      { name: 'no container has a limit', given: { usage: usageOf(usedBy('qemu/100')) }, expect: 'ruled-out' },
      { name: 'an idle container', given: { usage: usageOf(usedBy('lxc/101', { memoryLimitBytes: 4 * gibibyte, memoryPercentOfLimit: 37 })) }, expect: 'ruled-out' },
      {
        name: 'a container that reads many files: its page cache fills the limit, and nothing waits',
        given: { usage: usageOf(usedBy('lxc/101', { memoryLimitBytes: gibibyte, memoryBytes: gibibyte, memoryPercentOfLimit: 30, memoryLimitHits: 900, pressure: pressureOn({ memory: { somePercent: 2, fullPercent: 1 } }) })) },
      },
      {
        name: 'the host is short of memory, and the container is far from its limit',
        given: { usage: usageOf(usedBy('lxc/101', { memoryLimitBytes: 8 * gibibyte, memoryPercentOfLimit: 20, pressure: pressureOn({ memory: { somePercent: 60, fullPercent: 40, fullAvg60: 40 } }) })) },
      },
    ],
  },
});
