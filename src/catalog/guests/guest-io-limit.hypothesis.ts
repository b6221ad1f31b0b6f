import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import guestIoLimits, { type GuestIoLimits } from './guest-io-limits.fact.ts';
import raiseGuestIoLimit from './raise-guest-io-limit.mitigation.ts';
import runningTasks from './running-tasks.probe.ts';

type Limit = GuestIoLimits['guests'][number]['limits'][number];

/** A guest held by its limit runs right at it; more is a burst that was allowed, or comes past QEMU's throttle, as backups do. */
const isAt = ({ percentOfLimit }: Limit): boolean => percentOfLimit >= 90 && percentOfLimit <= 112;

function nearest(limits: readonly Limit[]): Limit | undefined {
  return limits.toSorted((a, b) => Number(isAt(b)) - Number(isAt(a)) || Number(b.onlyDisk) - Number(a.onlyDisk) || b.percentOfLimit - a.percentOfLimit)[0];
}

function amount({ kind }: Limit, perSecond: number): string {
  if (kind === 'reads' || kind === 'writes') return `${Math.round(perSecond)} ${kind} a second`;
  return `${(perSecond / 1e6).toFixed(perSecond < 1e7 ? 1 : 0)} MB/s ${kind === 'read bytes' ? 'read' : 'written'}`;
}

const inWords = (limit: Limit | undefined): string =>
  limit === undefined
    ? ''
    : `${amount(limit, limit.ratePerSecond)}, which is ${percentText(limit.percentOfLimit)} of what ${limit.where === 'control group' ? 'its control group' : limit.where} allows (${amount(limit, limit.limitPerSecond)})`;

function limited(object: string, more: Partial<Limit> = {}): GuestIoLimits {
  const limit: Limit = { kind: 'written bytes', where: 'scsi0', limitPerSecond: 20e6, ratePerSecond: 2e5, percentOfLimit: 1, onlyDisk: true, ...more };
  return { guests: [{ object, limits: [{ ...limit, ratePerSecond: (limit.limitPerSecond * limit.percentOfLimit) / 100 }] }] };
}

export default defineHypothesis({
  id: 'guest-io-limit',
  subject: 'guests',
  proven: 'documentation',
  title: 'The guest is held by the limit that was set for its I/O',
  about: `A disk of a VM can be given a limit in bytes or operations a second (\`mbps_rd\`, \`iops_wr\` and the like in \`/etc/pve/qemu-server/<id>.conf\`, \`<iotune>\` in libvirt), a control group one in \`io.max\`. A guest that
wants more waits: it reports a slow, busy disk, while the storage of the host has time to spare. Such a limit is often left from a copy or an old, slower storage. It may be meant: then this is just what it does.
What QEMU holds back itself does not show as pressure on the host, and I/O through network storage is not in the accounting that this is told from.

To be sure by hand: \`qm config <id>\` and, beside it, \`iostat -x 5\` inside the guest: it moves exactly the limit, at 100 % busy. Raise the limit and watch it move more.`,
  needs: { io: guestIoLimits, running: optional(runningTasks) },
  objects: ({ io }) => io.guests.map((guest) => ({ object: guest.object, limits: guest.limits })),
  noObjects: 'no running guest has a limit of its I/O',
  prior: 1 / 60,
  explains: { 'guest-slow': 0.85, 'target-missing': 0.1, 'io-delay': 0.5, 'backup-missed': 0.05 },
  evidence: [
    {
      outcome: ({ running }, { object, limits }) => {
        const near = nearest(limits);
        if ((running?.tasks ?? []).some(({ type, guestId }) => type === 'vzdump' && (guestId === '' || object === `qemu/${guestId}`))) return 'backup';
        if (near === undefined || !isAt(near)) return limits.some(({ percentOfLimit }) => percentOfLimit >= 3) ? 'below' : 'idle';
        return near.onlyDisk ? 'at-limit' : 'about-limit';
      },
      table: {
        'at-limit': { ifCause: 0.75, otherwise: 0.003, decisive: true, says: (_, { object, limits }) => `${object} does ${inWords(nearest(limits))}.` },
        'about-limit': { ifCause: 0.15, otherwise: 0.015, says: (_, { object, limits }) => `${object} does, on all its disks together, ${inWords(nearest(limits))}.` },
        below: { ifCause: 0.03, otherwise: 0.4, says: (_, { object, limits }) => `${object} stays away from its limits: ${inWords(nearest(limits))}.` },
        idle: { ifCause: 0.06, otherwise: 0.55, says: (_, { object }) => `${object} hardly uses its disks, as far as the kernel accounts for it.` },
        backup: { ifCause: 0.01, otherwise: 0.01, says: (_, { object }) => `A backup that may be of ${object} runs, and what it reads is accounted to the guest.` },
      },
      excerpt: (_, { limits }) => limits.slice(0, 4).map(({ where, kind, limitPerSecond, ratePerSecond }) => `${where} ${kind} ${Math.round(ratePerSecond)}/${limitPerSecond}`).join(', '),
    },
  ],
  broughtBy: ['guest-settings'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [raiseGuestIoLimit],
  references: ['pve-docs qm.conf(5) (mbps_rd, iops_rd)', 'Linux Documentation/admin-guide/cgroup-v2.rst (io.max)', 'qemu docs/throttle.txt'],
  examples: {
    supporting: [
      { name: 'a VM that writes as much as it may', given: { io: limited('qemu/100', { percentOfLimit: 99.4 }), running: { copying: [], tasks: [] } }, object: 'qemu/100', symptoms: ['guest-slow'], expect: 'identified' },
      { name: 'a container at the reads that its control group allows', given: { io: limited('lxc/101', { kind: 'reads', where: 'control group', limitPerSecond: 100, percentOfLimit: 100 }) }, symptoms: ['guest-slow'], expect: 'identified' },
    ],
    refuting: [
      { name: 'a limit far above what it does', given: { io: limited('qemu/100', { percentOfLimit: 12 }) }, symptoms: ['guest-slow'] },
      { name: 'an idle guest with a limit', given: { io: limited('qemu/100') }, symptoms: ['guest-slow'] },
      { name: 'a burst that the settings allow', given: { io: limited('qemu/100', { percentOfLimit: 400 }) }, symptoms: ['guest-slow'] },
      { name: 'its backup reads as much as it may', given: { io: limited('qemu/100', { kind: 'read bytes', percentOfLimit: 100 }), running: { copying: [], tasks: [{ type: 'vzdump', guestId: '100', pid: 1, elapsedSeconds: 60 }] } }, symptoms: ['guest-slow'] },
      { name: 'no guest has a limit', given: { io: { guests: [] } }, expect: 'ruled-out' },
    ],
  },
});
