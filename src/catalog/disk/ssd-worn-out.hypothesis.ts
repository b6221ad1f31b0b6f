import { defineHypothesis } from '../../define/hypothesis.ts';
import { disk, healthOfDisk as health, nvmeDisk } from './disk-examples.ts';
import diskHealth, { countsWearWrongly, type DiskHealth } from './disk-health.fact.ts';
import { byName } from './disk-limits.ts';
import disks, { type Disk } from './disks.fact.ts';
import replaceDisk from './replace-disk.mitigation.ts';
import updateDiskFirmware from './update-disk-firmware.mitigation.ts';

function wearOf(own: DiskHealth | undefined, disk: Disk): string {
  if (own?.wearPercent === undefined || countsWearWrongly(disk)) return 'not told';
  return own.wearPercent >= 100 ? 'over' : own.wearPercent >= 90 ? 'nearly' : own.wearPercent >= 80 ? 'much' : 'less';
}

export default defineHypothesis({
  id: 'ssd-worn-out',
  subject: 'disk',
  proven: 'documentation',
  title: 'A solid-state disk is worn out',
  about: `Flash memory bears a limited number of writes. A disk that has used up what its maker guarantees goes on for a while, grows slower, replaces blocks from its spare, and at last
turns read-only or vanishes. ZFS, databases and swap write many times more than the guests do, so that a consumer disk may be through within two years.

It is told by "percentage used" and by the spare blocks of NVMe disks, and by the attributes for endurance of SATA disks. 0 % spare with a threshold of 0 and no warning only means that the disk
does not report it. Samsung's 990 PRO with firmware 0B2QJXD7 counts its wear wrongly.

To be sure by hand: \`smartctl -a /dev/<disk>\` (Percentage Used, Available Spare; for SATA attributes 177, 202, 231 or 233), the maker's own tool, and the bytes written against the data sheet.`,
  needs: { disks, health: diskHealth },
  objects: ({ disks: { disks: list } }) => list.filter((disk) => disk.kind === 'ssd' || disk.kind === 'nvme'),
  noObjects: 'this host has no solid-state disk of its own',
  prior: 1 / 250,
  explains: { 'device-warning': 0.96, 'disk-latency': 0.15, 'io-delay': 0.1, 'errors-logged': 0.05 },
  evidence: [
    {
      outcome: ({ health: { disks: list } }, disk: Disk) => wearOf(byName(list, disk), disk),
      table: {
        over: { ifCause: 0.4, otherwise: 0.001, decisive: true, says: ({ health: { disks: list } }, disk) => `The disk has used ${byName(list, disk)?.wearPercent} % of its endurance: ${disk.label}.` },
        nearly: { ifCause: 0.4, otherwise: 0.002, decisive: true, says: ({ health: { disks: list } }, disk) => `The disk has used ${byName(list, disk)?.wearPercent} % of its endurance: ${disk.label}.` },
        much: { ifCause: 0.1, otherwise: 0.02, says: ({ health: { disks: list } }, disk) => `The disk has used ${byName(list, disk)?.wearPercent} % of its endurance.` },
        less: { ifCause: 0.1, otherwise: 0.97, says: ({ health: { disks: list } }, disk) => `The disk has used only ${byName(list, disk)?.wearPercent} % of its endurance.` },
      },
      group: 'wear',
      excerpt: ({ health: { disks: list } }, disk) => `${disk.name}: ${byName(list, disk)?.wearPercent ?? 'unknown'} % used, spare ${byName(list, disk)?.availableSparePercent ?? 'unknown'} %`,
    },
    {
      when: ({ health: { disks: list } }, disk) => {
        const own = byName(list, disk);
        const [spare, threshold] = [own?.availableSparePercent ?? 100, own?.spareThresholdPercent ?? 0];
        return ((own?.criticalWarning ?? 0) & 1) !== 0 || (threshold > 0 && spare < threshold);
      },
      likelihood: { ifCause: 0.4, otherwise: 0.0004 },
      decisive: true,
      says: ({ health: { disks: list } }, disk) => `Only ${byName(list, disk)?.availableSparePercent ?? 0} % of its spare blocks are left (threshold ${byName(list, disk)?.spareThresholdPercent ?? 0} %).`,
      saysNot: 'Its spare blocks are above the threshold.',
      group: 'spare',
    },
    {
      when: ({ health: { disks: list } }, disk) => ((byName(list, disk)?.criticalWarning ?? 0) & 8) !== 0,
      likelihood: { ifCause: 0.2, otherwise: 0.003 },
      says: 'The disk only reads any more.',
      group: 'spare',
    },
  ],
  ruledOut: [{ when: (_, disk) => countsWearWrongly(disk), says: 'this model counts its wear wrongly with this firmware (Samsung 990 PRO, 0B2QJXD7)' }],
  urgency: 'today',
  dataAtRisk: true,
  doNot: ['Do not replace both disks of a mirror in one step: the second only when the first rebuild is done.'],
  mitigations: [replaceDisk, updateDiskFirmware],
  references: ['NVM Express base specification, SMART / Health Information log', 'pve-docs: disk health monitoring'],
  examples: {
    supporting: [
      { name: '97 % used', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { wearPercent: 97, availableSparePercent: 60, spareThresholdPercent: 10 })] } }, symptoms: ['device-warning'], expect: 'identified' },
      { name: 'spare blocks below the threshold', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { passed: false, criticalWarning: 1, wearPercent: 88, availableSparePercent: 4, spareThresholdPercent: 10 })] } }, symptoms: ['device-warning'], expect: 'identified' },
      { name: 'a SATA disk far beyond its endurance', given: { disks: { disks: [disk('sda', { kind: 'ssd', model: 'CT1000MX500SSD1' })] }, health: { disks: [health('sda', { wearPercent: 134 })] } }, symptoms: ['device-warning'], expect: 'identified' },
    ],
    refuting: [
      { name: 'no spare and no threshold are reported', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { wearPercent: 0, availableSparePercent: 0, spareThresholdPercent: 0 })] } } },
      { name: 'half used', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { wearPercent: 48, availableSparePercent: 100, spareThresholdPercent: 10 })] } } },
      { name: 'firmware that counts wrongly', given: { disks: { disks: [nvmeDisk('nvme0n1', { model: 'Samsung SSD 990 PRO 2TB', firmware: '0B2QJXD7' })] }, health: { disks: [health('nvme0n1', { wearPercent: 93, availableSparePercent: 100, spareThresholdPercent: 10 })] } }, expect: 'ruled-out' },
      { name: 'mechanical disks', given: { disks: { disks: [disk('sda')] }, health: { disks: [health('sda')] } }, expect: 'ruled-out' },
    ],
  },
});
