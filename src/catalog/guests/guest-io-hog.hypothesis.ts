import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import activityPattern from '../changes/activity-pattern.fact.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import diskActivity from '../disk/disk-activity.fact.ts';
import { busy, during, twoDisks } from '../disk/disk-examples.ts';
import disks from '../disk/disks.fact.ts';
import attribution from '../changes/attribution.fact.ts';
import { broughtBy } from '../changes/brought-by.ts';
import { attributedTo } from '../changes/attribution.samples.ts';
import { percentText } from '../kernel/number-text.ts';
import { arcOf } from '../memory/memory.samples.ts';
import zfsArc from '../zfs/zfs-arc.probe.ts';
import guestUsage from './guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';
import { backupOf, isHidden, isMuch, megabytes, othersSuffer, shareOf, slowest } from './guest-io-share.ts';
import limitGuestIo from './limit-guest-io.mitigation.ts';
import runningTasks from './running-tasks.probe.ts';
import timedReadsByTurns from '../disk/timed-reads-by-turns.experiment.ts';
import freezeOneGuest from './freeze-one-guest.experiment.ts';
import quietOneGuest from './quiet-one-guest.experiment.ts';

const writer = usedBy('qemu/100', { writeBytesPerSecond: 140e6, ioBytesPerSecond: 140e6, iosPerSecond: 900 });
const victim = usedBy('qemu/104', { ioBytesPerSecond: 4e5, iosPerSecond: 20, pressure: pressureOn({ io: { somePercent: 60, someAvg60: 55 } }) });
const saturated = during(busy('sda', 1000, 60, 100, { writeBytesPerSecond: 150e6, readBytesPerSecond: 0 }));
const waiting = pressureOf({ io: { somePercent: 70 } });

export default defineHypothesis({
  id: 'guest-io-hog',
  subject: 'guests',
  proven: 'documentation',
  title: 'One guest takes most of the I/O, and others wait',
  about: `A single VM or container keeps the disks at their limit, so that the other guests and the host wait. It is told from the accounting of the control groups: the guest's share of what
goes through the disks, disks that are busy all the time, and others that wait meanwhile. A guest that works hard while nobody waits is no fault. Files of containers on ZFS datasets and
on network storage are not in this accounting; such a guest can hide from it.

To be sure by hand: \`iotop -oPa\`, or \`io.stat\` and \`io.pressure\` under \`/sys/fs/cgroup/qemu.slice/<id>.scope\` and \`/sys/fs/cgroup/lxc/<id>\`. Pausing the guest for a minute
(\`qm suspend\`, then \`qm resume\`) shows it; its users notice.`,
  needs: { usage: guestUsage, activity: diskActivity, pressure: optional(pressureNow), running: optional(runningTasks), arc: optional(zfsArc), disks: optional(disks), pattern: optional(activityPattern), attribution: optional(attribution) },
  objects: ({ usage, arc, pressure }) =>
    usage.guests.filter((guest) => guest.ioBytesPerSecond >= 1e6 || guest.iosPerSecond >= 50 || isHidden(guest, arc, pressure)).map((guest) => ({ object: guest.object, guest })),
  noObjects: 'no guest does much I/O through disks or ZFS volumes',
  prior: 1 / 50,
  explains: { 'io-delay': 0.8, 'disk-latency': 0.7, 'guest-slow': 0.7, 'high-load': 0.4, 'target-missing': 0.2 },
  explainsAcross: ['guest-slow'],
  evidence: [
    {
      outcome: ({ attribution: change }, { guest }) => broughtBy(change, guest.object),
      table: {
        'by this guest': { ifCause: 0.4, otherwise: 0.1, says: ({ attribution: change }) => change?.says ?? '' },
        'by another guest': { ifCause: 0.04, otherwise: 0.1, says: ({ attribution: change }) => change?.says ?? '' },
        'no more work': { ifCause: 0.1, otherwise: 0.2, says: ({ attribution: change }) => change?.says ?? '' },
      },
      group: 'before',
    },
    {
      outcome: ({ usage, activity, pressure, running, arc }, { guest }) => {
        const takesMost =
          isMuch(guest) &&
          backupOf(guest, running?.tasks ?? []) === 'none' &&
          shareOf(guest, usage, activity.devices) >= 50 &&
          slowest(activity.devices) !== undefined &&
          (pressure?.io.somePercent ?? 100) >= 30 &&
          othersSuffer(guest, usage, activity.devices);
        if (takesMost) return 'most';
        return isHidden(guest, arc, pressure) ? 'hidden' : 'not';
      },
      table: {
        most: {
          ifCause: 0.85,
          otherwise: 0.002,
          decisive: true,
          says: ({ usage, activity }, { guest }) => {
            const disk = slowest(activity.devices);
            const much = `${percentText(shareOf(guest, usage, activity.devices))} of the I/O (${megabytes(guest.ioBytesPerSecond)}, ${Math.round(guest.iosPerSecond)} requests a second)`;
            return `${guest.object} does ${much} while ${disk?.name ?? 'a disk'} is busy ${percentText(disk?.utilisationPercent ?? 0)} of the time and others wait.`;
          },
        },
        not: {
          ifCause: 0.15,
          otherwise: 0.998,
          says: ({ usage, activity }, { guest }) =>
            `${guest.object} does ${percentText(shareOf(guest, usage, activity.devices))} of the I/O, and it does not keep others from theirs.`,
        },
        hidden: { ifCause: 0.5, otherwise: 0.5, says: 'What a container reads and writes on ZFS datasets is not accounted to it.' },
      },
      excerpt: (_, { guest }) => `${guest.object}: read ${megabytes(guest.readBytesPerSecond)}, written ${megabytes(guest.writeBytesPerSecond)}`,
    },
    {
      // Who writes most is not yet to blame: where every write hurts, the pattern is the pool's, and where it is one guest's, others at work would have shown that they hurt as well.
      outcome: ({ pattern }, { object }) => {
        if (pattern === undefined || (pattern.does !== 'writes' && pattern.does !== 'reads')) return 'not shown';
        return pattern.object === object ? 'its own' : 'of something else';
      },
      table: {
        'its own': { ifCause: 0.3, otherwise: 0.04, says: ({ pattern }) => pattern?.says ?? '' },
        'of something else': { ifCause: 0.04, otherwise: 0.12, says: ({ pattern }) => pattern?.says ?? '' },
      },
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: ({ disks: list }) => list?.disks.map(({ object }) => object) ?? [],
      table: {
        'slow under much work': { ifCause: 0.45, otherwise: 0.06 },
        'slow with little to do': { ifCause: 0.004, otherwise: 0.02 },
        'unlike its siblings': { ifCause: 0.004, otherwise: 0.02 },
        'as slow as its siblings': { ifCause: 0.004, otherwise: 0.02 },
      },
    },
    ...[quietOneGuest, freezeOneGuest].map((experiment) => ({
      experiment,
      about: (_: unknown, { object }: ObjectRef) => [object],
      table: {
        'others are well without it': { ifCause: 0.85, otherwise: 0.01, decisive: true },
        'makes no difference': { ifCause: 0.04, otherwise: 0.83 },
      },
    })),
  ],
  ruledOut: [
    {
      when: ({ running }, { guest }) => backupOf(guest, running?.tasks ?? []) === 'this',
      says: (_, { guest }) => `a backup of ${guest.object} is running, and what it reads is accounted to the guest`,
    },
    {
      when: ({ activity, pressure }) => slowest(activity.devices) === undefined && pressure !== undefined && pressure.io.somePercent < 10,
      says: 'no disk is near its limit, and hardly anything waits for I/O',
    },
  ],
  broughtBy: ['guest'],
  mechanisms: ['disk-saturated', 'zfs-txg-stalled', 'hung-tasks'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Limit the I/O of that guest, or pause what it does.'],
  mitigations: [limitGuestIo],
  references: ['Linux Documentation/admin-guide/cgroup-v2.rst (io.stat)', 'pve-docs qm.adoc (disk bandwidth limits)'],
  examples: {
    supporting: [
      { name: 'a VM writes, another waits, and reads of our own wait as well', given: { usage: usageOf(writer, victim), activity: saturated, pressure: waiting, disks: { disks: twoDisks } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'slow under much work', says: '190 ms' }] }], object: 'qemu/100', expect: 'identified' },
      {
        name: 'a container on ZFS, whose I/O nobody accounts; held back, the others are well',
        given: { usage: usageOf(usedBy('lxc/101')), activity: during(busy('sda', 200, 30, 95)), pressure: waiting, arc: arcOf(8e9, 1e9) },
        found: [{ experiment: quietOneGuest, findings: [{ object: 'lxc/101', outcome: 'others are well without it', says: 'With 75 % less input and output for lxc/101, the others waited 10 % instead of 80 % of the time of one of them for I/O.' }] }],
        object: 'lxc/101',
        symptoms: ['io-delay', 'disk-latency', 'guest-slow'],
      },
      {
        name: 'a container on ZFS hides what it writes, but for days the host suffered when it wrote, and only then',
        given: { usage: usageOf(usedBy('lxc/101')), activity: during(busy('sda', 200, 30, 95)), pressure: waiting, arc: arcOf(8e9, 1e9), pattern: { symptom: 'node_load1', object: 'lxc/101', does: 'writes', says: 'The load was high in 30 of 31 stretches of 10 minutes in which lxc/101 wrote, and in 1 of 90 others.' } },
        object: 'lxc/101',
        symptoms: ['io-delay', 'disk-latency', 'guest-slow'],
        found: [{ experiment: quietOneGuest, findings: [{ object: 'lxc/101', outcome: 'others are well without it', says: 'With 75 % less input and output for lxc/101, the others waited 10 % instead of 80 % of the time of one of them for I/O.' }] }],
        expect: 'identified',
      },
      { name: 'a VM writes more than on average since the boot, and another waits', given: { usage: usageOf(writer, victim), activity: saturated, pressure: waiting, attribution: attributedTo('brings more work', 'qemu/100') }, object: 'qemu/100', expect: 'identified' },
      { name: 'a VM writes, another waits', given: { usage: usageOf(writer, victim), activity: saturated, pressure: waiting }, object: 'qemu/100', expect: 'identified' },
      {
        name: 'the others are VMs whose waiting does not show, but the disk needs 60 ms for each request',
        given: { usage: usageOf(writer, usedBy('qemu/104', { iosPerSecond: 12, ioBytesPerSecond: 1e5 })), activity: saturated, pressure: waiting },
        object: 'qemu/100',
      },
      {
        name: 'a VM on ZFS writes in bursts: the disk is busy two thirds of the time, and slow then; another VM waits',
        given: { usage: usageOf(writer, victim), activity: during(busy('sda', 300, 50, 68, { writeBytesPerSecond: 150e6, readBytesPerSecond: 0 })), pressure: waiting },
        object: 'qemu/100',
      },
    ],
    refuting: [
      {
        name: 'a disk that is busy two thirds of the time and quick: nobody waits for long',
        given: { usage: usageOf(writer, usedBy('qemu/104', { iosPerSecond: 40 })), activity: during(busy('sda', 900, 4, 68)), pressure: pressureOf({ io: { somePercent: 35 } }) },
      },
      { name: 'the disk is slow, also with little to do', given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 2e6, iosPerSecond: 40 }), victim), activity: during(busy('sda', 50, 400, 100)), pressure: waiting, disks: { disks: twoDisks } }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'slow with little to do', says: '400 ms' }] }] },
      {
        name: 'a guest that does much on a disk that is slow for everybody',
        given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 2e6, iosPerSecond: 40 }), victim), activity: during(busy('sda', 50, 400, 100)), pressure: waiting },
        found: [{ experiment: quietOneGuest, findings: [{ object: 'qemu/100', outcome: 'makes no difference', says: 'With 70 % less input and output for qemu/100, the others waited 59 % instead of 60 % of the time of one of them for I/O.' }] }],
        object: 'qemu/100',
      },
      {
        name: 'who writes to the pool makes no difference: every write hurts',
        given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 3e6, iosPerSecond: 60 }), victim), activity: saturated, pressure: waiting, pattern: { symptom: 'node_load1', object: 'storage/tank', does: 'writes', says: 'The load was high in 30 of 31 stretches of 10 minutes in which the pool tank was written to, and in 1 of 90 others.' } },
      },
      { name: 'all idle', given: { usage: usageOf(usedBy('qemu/100')), activity: during(busy('sda', 1, 1, 1)), pressure: pressureOf() }, expect: 'ruled-out' },
      { name: 'one busy guest, and nobody else wants I/O', given: { usage: usageOf(writer, usedBy('qemu/104')), activity: saturated, pressure: waiting } },
      {
        name: 'one busy guest on quick disks',
        given: { usage: usageOf(writer, usedBy('qemu/104', { iosPerSecond: 40 })), activity: during(busy('nvme0n1', 1000, 0.3, 30)), pressure: pressureOf({ io: { somePercent: 4 } }) },
        expect: 'ruled-out',
      },
      { name: 'the VM writes more than before, and nobody else wants I/O', given: { usage: usageOf(writer, usedBy('qemu/104')), activity: saturated, pressure: waiting, attribution: attributedTo('brings more work', 'qemu/100') }, object: 'qemu/100' },
      { name: 'a disk became slow by itself; the guest asks for little', given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 2e6, iosPerSecond: 40 }), victim), activity: during(busy('sda', 50, 400, 100)), pressure: waiting, attribution: attributedTo('slower by itself', 'disk/a') }, object: 'qemu/100' },
      {
        name: 'the load comes from the host itself',
        given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 3e6, iosPerSecond: 60 }), victim), activity: saturated, pressure: waiting },
      },
      {
        name: 'a backup of the guest is running',
        given: { usage: usageOf(writer, victim), activity: saturated, pressure: waiting, running: { copying: [], tasks: [{ type: 'vzdump', guestId: '100', pid: 5432, elapsedSeconds: 60 }] } },
        object: 'qemu/100',
        expect: 'ruled-out',
      },
      {
        name: 'a slow disk: the guest asks for little, and that is most of what the disk does',
        given: { usage: usageOf(usedBy('qemu/100', { ioBytesPerSecond: 2e6, iosPerSecond: 40 }), victim), activity: during(busy('sda', 50, 400, 100)), pressure: waiting },
      },
      {
        name: 'a container on ZFS, whose I/O nobody accounts, while tasks wait: it cannot be told',
        given: { usage: usageOf(usedBy('lxc/101')), activity: during(busy('sda', 200, 30, 95)), pressure: waiting, arc: arcOf(8e9, 1e9) },
      },
      {
        name: 'four guests share it alike',
        given: {
          usage: usageOf(...['qemu/100', 'qemu/101', 'qemu/102', 'qemu/103'].map((object) => usedBy(object, { ioBytesPerSecond: 35e6, iosPerSecond: 240, pressure: pressureOn({ io: { somePercent: 50 } }) }))),
          activity: saturated,
          pressure: waiting,
        },
      },
    ],
  },
});
