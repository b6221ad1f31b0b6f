import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import ataLinks from './ata-links.probe.ts';
import { disk, healthOfDisk as health, logged, nothingLogged, nvmeDisk, twoDisks } from './disk-examples.ts';
import diskHealth from './disk-health.fact.ts';
import { byName } from './disk-limits.ts';
import diskLog, { countEvents } from './disk-log.fact.ts';
import disks, { type Disk } from './disks.fact.ts';
import replaceSataCable from './replace-sata-cable.mitigation.ts';

export default defineHypothesis({
  id: 'sata-link-errors',
  subject: 'disk',
  proven: 'documentation',
  title: 'Transfers break on the way to a SATA disk (cable, backplane, port)',
  about: `Data is damaged between controller and disk. The checksum of the transfer catches it and it is sent again, so nothing is lost, but each time everything stops for a moment, the
kernel resets the link for seconds, and at last it slows the link down from 6 to 3 or 1.5 Gb/s. A cable, a backplane slot, a connector or the power of the disk is to blame, seldom the disk.

The kernel logs "ICRC", "BadCRC" and "hard resetting link". The disk counts such errors for life in attribute 199 (UDMA_CRC_Error_Count): large and constant it is only the history of an old cable,
and it must grow to mean something now. "UNC" instead of "ICRC" is an unreadable sector: then the disk is failing.

To be sure by hand: \`smartctl -A /dev/<disk>\` twice some hours apart, \`dmesg -T | grep -E 'ata[0-9]+'\`, \`cat /sys/class/ata_link/*/sata_spd\`. With another cable the counter stops.`,
  needs: { disks, log: diskLog, links: optional(ataLinks), health: optional(diskHealth) },
  objects: ({ disks: { disks: list } }) => list.filter((disk) => disk.ataPort !== undefined || disk.transport === 'sata'),
  noObjects: 'this host has no SATA disk',
  prior: 1 / 400,
  explains: { 'errors-logged': 0.9, 'disk-latency': 0.25, 'io-delay': 0.2, 'data-errors': 0.1, 'redundancy-lost': 0.2, 'guest-slow': 0.2 },
  evidence: [
    {
      outcome: ({ log }, disk: Disk) => {
        const entry = byName(log.disks, disk);
        const crc = countEvents(entry, ['link-crc']);
        if (crc.today > 0) return 'broken transfers';
        if (countEvents(entry, ['link-reset', 'link-slowed']).today > 1 && countEvents(entry, ['medium-error']).today === 0) return 'resets';
        return crc.count > 0 ? 'old' : log.complete ? 'none' : 'not covered';
      },
      table: {
        'broken transfers': {
          ifCause: 0.7,
          otherwise: 0.0004,
          decisive: true,
          says: ({ log }, disk) => `The kernel met ${countEvents(byName(log.disks, disk), ['link-crc']).today} broken transfers within the last 24 hours: ${disk.label}.`,
        },
        'resets': { ifCause: 0.2, otherwise: 0.004, says: ({ log }, disk) => `The link was reset or slowed down ${countEvents(byName(log.disks, disk), ['link-reset', 'link-slowed']).today} times within the last 24 hours, without an unreadable sector: ${disk.label}.` },
        'old': { ifCause: 0.05, otherwise: 0.02, says: 'Transfers broke more than a day ago.' },
        'none': { ifCause: 0.05, otherwise: 0.97, says: 'The kernel has met no broken transfer since boot.' },
      },
      group: 'log',
      excerpt: ({ log }, disk) => countEvents(byName(log.disks, disk), ['link-crc', 'link-reset', 'link-slowed']).last?.lastText ?? '',
    },
    {
      when: ({ links }, disk) => {
        const link = links?.links.find((one) => one.port === disk.ataPort);
        return (link?.slowedDown ?? 0) > 0 || (link?.limitGbps ?? 99) < (link?.hardwareLimitGbps ?? 0);
      },
      likelihood: { ifCause: 0.35, otherwise: 0.002 },
      decisive: true,
      says: ({ links }, disk) => `The kernel slowed the link down to ${links?.links.find((one) => one.port === disk.ataPort)?.gbps ?? 'fewer'} Gb/s because of errors.`,
      group: 'speed',
    },
    {
      outcome: ({ health: read }, disk) => {
        const own = byName(read?.disks ?? [], disk);
        return own === undefined || own.sleeping || own.silent ? 'not read' : own.cableErrors > 0 ? 'counted' : 'zero';
      },
      table: {
        counted: { ifCause: 0.9, otherwise: 0.15, says: ({ health: read }, disk) => `The disk has counted ${byName(read?.disks ?? [], disk)?.cableErrors} broken transfers in its life; whether they grow is not known.` },
        zero: { ifCause: 0.1, otherwise: 0.85, says: 'The disk has not counted a single broken transfer in its life (attribute 199).' },
      },
      group: 'smart',
    },
  ],
  broughtBy: ['disk', 'kernel', 'kernel-settings'],
  urgency: 'today',
  dataAtRisk: false,
  doNot: ['Do not replace the disk before the cable: the errors come from the way to it.'],
  mitigations: [replaceSataCable],
  references: ['Linux drivers/ata/libata-eh.c', 'Linux ABI: sysfs-ata', 'OpenZFS documentation: Troubleshooting'],
  examples: {
    supporting: [
      { name: 'broken transfers and resets today', given: { disks: { disks: twoDisks }, log: { complete: true, disks: [logged('sda', ['link-crc', 9, 500, 'ata3.00: error: { ICRC ABRT }'], ['link-reset', 4, 499])] }, health: { disks: [health('sda', { cableErrors: 212 }), health('sdb')] } }, object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['errors-logged', 'disk-latency'], expect: 'identified' },
      { name: 'the link was slowed down twice', given: { disks: { disks: twoDisks }, log: { complete: false, disks: [logged('sda', ['link-slowed', 1, 30_000], ['link-reset', 2, 30_000])] }, links: { links: [{ port: 3, gbps: 1.5, hardwareLimitGbps: 6, limitGbps: 1.5, slowedDown: 2 }, { port: 4, gbps: 6 }] }, health: { disks: [health('sda', { cableErrors: 40 })] } }, symptoms: ['errors-logged'], expect: 'identified' },
    ],
    refuting: [
      { name: 'a large but constant counter', given: { disks: { disks: twoDisks }, log: nothingLogged, health: { disks: [health('sda', { cableErrors: 18_204 }), health('sdb')] } } },
      { name: 'resets because of unreadable sectors', given: { disks: { disks: [disk('sda', { ataPort: 3 })] }, log: { complete: true, disks: [logged('sda', ['link-reset', 6, 100], ['medium-error', 12, 100])] }, health: { disks: [health('sda', { pendingSectors: 16 })] } } },
      { name: 'an old disk that only knows 3 Gb/s', given: { disks: { disks: [disk('sda', { ataPort: 3 })] }, log: nothingLogged, links: { links: [{ port: 3, gbps: 3, slowedDown: 0 }] }, health: { disks: [health('sda')] } } },
      { name: 'NVMe disks only', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, log: nothingLogged }, expect: 'ruled-out' },
    ],
  },
});
