import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import extendThinPool from '../filesystem/extend-thin-pool.mitigation.ts';
import freeSpace from '../filesystem/free-space.mitigation.ts';
import { percentText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import { clock, reportsOf, stateOf } from './cluster.samples.ts';
import guestStorages from './guest-storages.fact.ts';
import managerReports, { type ManagerReports } from './manager-reports.probe.ts';
import resumePausedGuest from './resume-paused-guest.mitigation.ts';

type Reported = ManagerReports['guests'][number];

/** pvestatd reports every ten seconds; what is older may have changed. */
const staleSeconds = 120;
const fullPercent = 98;

const isIoError = ({ state, reason }: Reported): boolean => state === 'io-error' || (state === 'paused' && reason === 'ioerror');
const ageOf = ({ reportedAt }: Reported, { now }: ManagerReports): number => (reportedAt === undefined ? 0 : Math.max(0, now - reportedAt));

const onFull = { guests: [{ object: 'qemu/100', storages: [{ name: 'local', type: 'dir', usedPercent: 100 }] }] };
const withRoom = { guests: [{ object: 'qemu/100', storages: [{ name: 'local', type: 'dir', usedPercent: 61 }] }] };

export default defineHypothesis({
  id: 'guest-paused-io-error',
  subject: 'guests',
  proven: 'documentation',
  title: 'QEMU has paused the guest after an I/O error',
  about: `When a write of a VM finds no space, QEMU by default stops the whole VM rather than tell it of an error (\`werror=enospc\`; with \`werror=stop\` or \`rerror=stop\` after any error). The VM is
still "running" in the list, but nothing in it moves: no ping, no console, no CPU use. Nothing is lost: once the storage has room it goes on where it stood. Most often a thin pool, a ZFS pool or the
file system under a qcow2 file is full.

Proxmox VE's status daemon writes the state down every ten seconds (\`/etc/pve/.rrd\`), libvirt in \`/run/libvirt/qemu/<name>.xml\`. To be sure by hand: \`qm status <id> --verbose\` says \`qmpstatus: io-error\`;
\`virsh domstate --reason <name>\` says \`paused (I/O error)\`.`,
  needs: { reports: managerReports, storages: optional(guestStorages) },
  objects: ({ reports }) => reports.guests.map((guest) => ({ object: guest.object, guest })),
  noObjects: 'no VM runs under Proxmox VE or libvirt',
  prior: 1 / 300,
  explains: { 'guest-down': 0.95, 'target-missing': 0.6, 'space-low': 0.5, 'backup-missed': 0.1 },
  evidence: [
    {
      outcome: ({ reports }, { guest }) => {
        if (isIoError(guest)) return ageOf(guest, reports) <= staleSeconds ? 'io-error' : 'io-error-before';
        return guest.state === 'running' ? 'running' : 'other';
      },
      table: {
        'io-error': {
          ifCause: 0.93,
          otherwise: 0.0001,
          decisive: true,
          says: ({ reports }, { guest }) => `QEMU has paused ${guest.object} because of an I/O error, as ${guest.reportedAt === undefined ? 'libvirt' : 'the status daemon'} reported${guest.reportedAt === undefined ? '' : ` ${agoText(ageOf(guest, reports))} ago`}.`,
        },
        'io-error-before': { ifCause: 0.04, otherwise: 0.0005, says: ({ reports }, { guest }) => `${agoText(ageOf(guest, reports))} ago ${guest.object} was paused because of an I/O error; nothing newer is known.` },
        other: { ifCause: 0.02, otherwise: 0.03, says: (_, { guest }) => `${guest.object} is in the state "${guest.state}", which is not that of an I/O error.` },
        running: { ifCause: 0.01, otherwise: 0.97, says: (_, { guest }) => `${guest.object} runs; QEMU has not paused it.` },
      },
      excerpt: (_, { guest }) => `${guest.object} ${guest.state} ${guest.reason ?? ''}`,
    },
    {
      when: ({ storages }, { object }) => (storages?.guests ?? []).some((guest) => guest.object === object && guest.storages.some(({ usedPercent }) => (usedPercent ?? 0) >= fullPercent)),
      likelihood: { ifCause: 0.6, otherwise: 0.01 },
      says: ({ storages }, { object }) => {
        const all = storages?.guests.find((guest) => guest.object === object)?.storages ?? [];
        const full = all.filter(({ usedPercent }) => (usedPercent ?? 0) >= fullPercent).map(({ name, usedPercent }) => `${name} (${percentText(usedPercent ?? 0)} used)`);
        return `A disk of ${object} lies on storage without room: ${full.join(', ')}.`;
      },
    },
  ],
  ruledOut: [{ when: ({ reports }, { guest }) => guest.state === 'running' && ageOf(guest, reports) <= staleSeconds, says: (_, { guest }) => `${guest.object} runs` }],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Make room on the storage, then resume the guest: it goes on where it stood.'],
  doNot: ['Do not stop or reset the guest before that: only then is lost what it had not yet written.'],
  mitigations: [resumePausedGuest, freeSpace, extendThinPool],
  references: ['qemu-system(1), -drive werror, rerror', 'QMP reference, RunState', 'pve-docs pmxcfs(8)'],
  examples: {
    supporting: [
      { name: 'a VM on a full folder', given: { reports: reportsOf([stateOf('qemu/100', 'io-error'), stateOf('qemu/101', 'running')]), storages: onFull }, object: 'qemu/100', symptoms: ['guest-down'], expect: 'identified' },
      { name: 'libvirt says so, and nothing is known of the storage', given: { reports: { now: clock, guests: [{ object: 'libvirt/web', state: 'paused', reason: 'ioerror' }] } }, object: 'libvirt/web', symptoms: ['target-missing'], expect: 'identified' },
    ],
    refuting: [
      { name: 'it runs, although its storage is full', given: { reports: reportsOf([stateOf('qemu/100', 'running')]), storages: onFull }, expect: 'ruled-out' },
      { name: 'an administrator has paused it', given: { reports: reportsOf([stateOf('qemu/100', 'paused')]), storages: withRoom }, expect: 'not-a-cause' },
      { name: 'libvirt paused it for a user', given: { reports: { now: clock, guests: [{ object: 'libvirt/web', state: 'paused', reason: 'user' }] } }, expect: 'not-a-cause' },
      { name: 'no VM at all', given: { reports: reportsOf() }, expect: 'ruled-out' },
      { name: 'an ordinary user', given: { reports: { status: 'failed', reason: 'not-permitted', detail: 'the reports are for root only' } }, expect: 'cannot-tell' },
    ],
  },
});
