import { defineHypothesis } from '../../define/hypothesis.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import controllers, { type StorageController } from './controllers.fact.ts';
import { logged } from './disk-examples.ts';
import diskLog, { countEvents, type DiskLog } from './disk-log.fact.ts';
import replaceController from './replace-controller.mitigation.ts';

function disksInTrouble(disks: readonly DiskLog[]): number {
  return disks.filter((entry) => countEvents(entry, ['io-error', 'timeout', 'offlined']).today > 0).length;
}

function controller(more: Partial<StorageController> = {}): { controllers: StorageController[]; complete: boolean } {
  return { complete: true, controllers: [{ object: 'controller/mpt3sas_cm0', name: 'mpt3sas_cm0', driver: 'mpt3sas', model: 'Broadcom / LSI SAS3008', faults: 0, resets: 0, today: 0, lastHour: 0, ...more }] };
}

const faulted = { faults: 1, resets: 1, today: 2, lastHour: 2, lastSecondsAgo: 900, lastText: 'mpt3sas_cm0: fault_state(0x5854)!' };

export default defineHypothesis({
  id: 'hba-fault',
  subject: 'disk',
  proven: 'documentation',
  title: 'The storage controller fails and is reset',
  about: `The firmware of the RAID controller or host bus adapter stops, or no longer answers, and the driver restarts it. All disks behind it stall together for 10 to 60 seconds; guests see timeouts, ZFS counts
slow requests on all of them, and in the worst case all disks are gone until the next cold start. Heat is a frequent reason (these cards are made for the air flow of servers), then old firmware, a bad slot, or a disk
that takes the whole bus down.

To be sure by hand: \`dmesg -T | grep -E 'mpt[23]sas|megaraid|megasas|hpsa|smartpqi|aacraid|mpi3mr'\`. A reset while the driver is loaded, in the first minutes after the boot, is normal.`,
  needs: { controllers, log: diskLog },
  objects: ({ controllers: { controllers: list } }) => list,
  noObjects: 'this host has no RAID controller or host bus adapter that is known here',
  prior: 1 / 250,
  explains: { 'errors-logged': 0.95, 'disk-latency': 0.5, 'io-delay': 0.5, 'guest-slow': 0.4, 'high-load': 0.3, 'redundancy-lost': 0.2, 'data-errors': 0.1, 'guest-down': 0.1 },
  evidence: [
    {
      outcome: ({ controllers: { complete } }, { faults, resets, today }) => {
        if (today > 0) return faults > 0 ? 'fault' : 'reset';
        return faults + resets > 0 ? 'old' : complete ? 'none' : 'not covered';
      },
      table: {
        fault: {
          ifCause: 0.7,
          otherwise: 0.0002,
          decisive: true,
          says: (_, { name, model, faults, resets, lastSecondsAgo }) =>
            `The firmware of ${name}${model === undefined ? '' : ` (${model})`} stopped: ${countText(faults, 'fault')} and ${countText(resets, 'reset')} since boot, the last ${agoText(lastSecondsAgo ?? 0)} ago.`,
        },
        reset: {
          ifCause: 0.25,
          otherwise: 0.0006,
          decisive: true,
          says: (_, { name, model, resets, lastSecondsAgo }) => `The driver reset ${name}${model === undefined ? '' : ` (${model})`} ${countText(resets, 'time')} since boot because it did not answer, the last time ${agoText(lastSecondsAgo ?? 0)} ago.`,
        },
        old: { ifCause: 0.03, otherwise: 0.02, says: (_, { name }) => `The controller ${name} had a fault or reset more than a day ago, or at a time that is not known.` },
        none: { ifCause: 0.02, otherwise: 0.979, says: 'The kernel logged no fault or reset of the controller since boot.' },
      },
      excerpt: (_, { lastText }) => lastText ?? '',
      group: 'log',
    },
    {
      when: ({ log }) => disksInTrouble(log.disks) >= 2,
      likelihood: { ifCause: 0.5, otherwise: 0.02 },
      says: ({ log }) => `${disksInTrouble(log.disks)} disks had failed or late commands within the last day: they share something.`,
      group: 'disks',
    },
  ],
  broughtBy: ['kernel', 'firmware'],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Make sure that the last backup is complete and off this host.', 'Look at the temperature of the card and at the fans of the host.'],
  doNot: ['Do not replace disks because several of them reported errors at the same second: the controller is what they share.', 'Do not start a scrub or rebuild before the controller is stable.'],
  mitigations: [replaceController],
  references: ['torvalds/linux drivers/scsi/mpt3sas/mpt3sas_base.c', 'torvalds/linux drivers/scsi/megaraid/megaraid_sas_fusion.c', 'torvalds/linux drivers/scsi/hpsa.c'],
  examples: {
    supporting: [
      { name: 'the firmware of a SAS controller stopped', given: { controllers: controller(faulted) }, object: 'controller/mpt3sas_cm0', symptoms: ['errors-logged', 'io-delay'], expect: 'identified' },
      { name: 'a RAID controller is reset, and two disks have timeouts', given: { controllers: controller({ name: 'megaraid_sas 0000:18:00.0', driver: 'megaraid_sas', resets: 3, today: 3, lastSecondsAgo: 50_000 }), log: { complete: true, disks: [logged('sda', ['timeout', 4, 50_000]), logged('sdb', ['timeout', 2, 50_000])] } }, symptoms: ['errors-logged'] },
    ],
    refuting: [
      { name: 'a quiet controller', given: { controllers: controller() } },
      { name: 'a fault of three weeks ago', given: { controllers: controller({ faults: 1, resets: 1, lastSecondsAgo: 1_800_000 }) }, symptoms: ['io-delay'] },
      { name: 'several disks have errors, the controller none', given: { controllers: controller(), log: { complete: true, disks: [logged('sda', ['io-error', 4, 500]), logged('sdb', ['io-error', 2, 500])] } }, symptoms: ['errors-logged'] },
      { name: 'a log that does not go back', given: { controllers: { ...controller(), complete: false } }, expect: 'cannot-tell' },
    ],
  },
});
