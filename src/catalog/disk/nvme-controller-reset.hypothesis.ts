import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { disk, logged, nothingLogged, nvmeDisk } from './disk-examples.ts';
import { byName } from './disk-limits.ts';
import diskLog, { countEvents } from './disk-log.fact.ts';
import disks from './disks.fact.ts';
import nvme from './nvme.probe.ts';
import replaceDisk from './replace-disk.mitigation.ts';
import switchOffNvmePowerSaving from './switch-off-nvme-power-saving.mitigation.ts';
import updateDiskFirmware from './update-disk-firmware.mitigation.ts';

interface Controller {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly controller: string;
  /** Known from the log alone: the host no longer has it. */
  readonly gone: boolean;
}

/** A disk that vanished longer ago has probably been replaced, under another name. */
const monthSeconds = 2_592_000;

export default defineHypothesis({
  id: 'nvme-controller-reset',
  subject: 'disk',
  proven: 'documentation',
  title: 'An NVMe disk drops off the bus or has to be reset',
  about: `The controller of an NVMe disk stops answering. The kernel waits (30 seconds for each command), resets it, and if that fails removes the disk: the pool is degraded or
suspended, and a host that boots from it freezes.

"CSTS=0xffffffff" in the log means that the PCIe link itself was gone: very often power saving of the disk or of PCIe (APST, ASPM, D3cold), sometimes the slot, a riser or the power
supply. Another value of CSTS, or timeouts that end in a reset, point at the disk's own firmware or at heat. Two disks of the same model on one board may drop at the same moment.

To be sure by hand: \`dmesg -T | grep nvme\`, \`cat /sys/class/nvme/nvme*/state\`, \`smartctl -a /dev/nvme0\` (temperature, error log). The proof is a host that stays up with power saving switched off.`,
  needs: { disks, log: diskLog, controllers: optional(nvme) },
  objects: ({ disks: { disks: list }, log }): Controller[] => [
    ...list.filter((disk) => disk.kind === 'nvme').map(({ object, name, label, nvmeController }) => ({ object, name, label, controller: nvmeController ?? name, gone: false })),
    ...log.disks.filter((entry) => /^nvme\d+$/.test(entry.name)).map(({ object, name, label }) => ({ object, name, label, controller: name, gone: true })),
  ],
  noObjects: 'this host has no NVMe disk',
  prior: 1 / 300,
  explains: { 'errors-logged': 0.8, 'io-delay': 0.3, 'disk-latency': 0.25, 'redundancy-lost': 0.4, 'high-load': 0.2, 'guest-slow': 0.25, 'guest-down': 0.2, 'device-warning': 0.05 },
  evidence: [
    {
      outcome: ({ log }, device: Controller) => {
        const entry = byName(log.disks, device);
        const lost = countEvents(entry, ['nvme-lost']);
        const resets = countEvents(entry, ['nvme-reset', 'offlined']);
        const lastSecondsAgo = Math.min(lost.last?.lastSecondsAgo ?? Infinity, resets.last?.lastSecondsAgo ?? Infinity);
        if (device.gone && lost.count + resets.count > 0) return lastSecondsAgo > monthSeconds ? 'gone long ago' : 'gone';
        if (lost.today > 0) return 'lost';
        if (resets.today > 0) return 'reset';
        if (countEvents(entry, ['nvme-timeout']).today > 0) return 'timeouts';
        return countEvents(entry, ['nvme-lost', 'nvme-reset', 'nvme-timeout', 'offlined']).count > 0 ? 'old' : log.complete ? 'none' : 'not covered';
      },
      table: {
        gone: { ifCause: 0.3, otherwise: 0.00003, decisive: true, says: (_, device) => `The kernel lost ${device.label} and could not bring it back: the host no longer has this disk.` },
        'gone long ago': { ifCause: 0.1, otherwise: 0.002, says: (_, device) => `More than a month ago the kernel lost ${device.label} and could not bring it back; it may have been taken out since.` },
        lost: { ifCause: 0.4, otherwise: 0.0001, decisive: true, says: (_, device) => `The controller fell off the bus (CSTS=0xffffffff): ${device.label}.` },
        reset: { ifCause: 0.3, otherwise: 0.0002, decisive: true, says: (_, device) => `The kernel had to reset the controller: ${device.label}.` },
        timeouts: { ifCause: 0.06, otherwise: 0.002, says: (_, device) => `Commands of ${device.label} timed out and were aborted within the last 24 hours.` },
        old: { ifCause: 0.02, otherwise: 0.02, says: 'The controller was reset more than a day ago.' },
        none: { ifCause: 0.01, otherwise: 0.97, says: 'The controller has not been reset since boot.' },
      },
      group: 'log',
      excerpt: ({ log }, device) => countEvents(byName(log.disks, device), ['nvme-lost', 'nvme-reset', 'offlined', 'nvme-timeout']).last?.lastText ?? '',
    },
    {
      when: ({ controllers }, device) => /^(?:dead|resetting|connecting|deleting)/.test((controllers?.controllers ?? []).find((one) => one.name === device.controller)?.state ?? ''),
      likelihood: { ifCause: 0.2, otherwise: 0.0003 },
      decisive: true,
      says: ({ controllers }, device) => `The controller is not live but "${(controllers?.controllers ?? []).find((one) => one.name === device.controller)?.state}".`,
      group: 'state',
    },
  ],
  broughtBy: ['kernel', 'firmware', 'kernel-settings'],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Make sure that the last backup is complete; move guests with important data off this disk.'],
  doNot: ['Do not clear a suspended pool (`zpool clear`) before the disk is back.'],
  mitigations: [switchOffNvmePowerSaving, updateDiskFirmware, replaceDisk],
  references: ['Linux drivers/nvme/host/pci.c (nvme_warn_reset)', 'Linux kernel-parameters: nvme_core.default_ps_max_latency_us, pcie_aspm, pcie_port_pm'],
  examples: {
    supporting: [
      { name: 'the link was gone', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, log: { complete: true, disks: [logged('nvme0n1', ['nvme-lost', 1, 700, 'nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10'])] } }, symptoms: ['errors-logged', 'io-delay'], expect: 'identified' },
      { name: 'the disk is gone altogether since five days', given: { disks: { disks: [] }, log: { complete: true, disks: [{ ...logged('nvme1n1', ['nvme-lost', 1, 430_000], ['offlined', 1, 430_000]), name: 'nvme1', object: 'disk/nvme1', label: 'nvme1' }] } }, object: 'disk/nvme1', symptoms: ['redundancy-lost'], expect: 'identified' },
      { name: 'it is being reset just now', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, log: { complete: true, disks: [logged('nvme0n1', ['nvme-timeout', 8, 40], ['nvme-reset', 1, 10])] }, controllers: { controllers: [{ name: 'nvme0', model: 'Samsung SSD 970 EVO 1TB', serial: 'S0', firmware: '2B2QEXE7', state: 'resetting', transport: 'pcie' }] } }, symptoms: ['io-delay', 'errors-logged'], expect: 'identified' },
    ],
    refuting: [
      { name: 'a healthy NVMe disk', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, log: nothingLogged } },
      {
        name: 'a disk that was lost and taken out ten months ago, on a host that has been up for 400 days',
        given: { disks: { disks: [nvmeDisk('nvme2n1')] }, log: { complete: true, disks: [{ ...logged('nvme1n1', ['nvme-lost', 1, 26_000_000], ['offlined', 1, 26_000_000]), name: 'nvme1', object: 'disk/nvme1', label: 'nvme1' }] } },
        symptoms: ['io-delay'],
      },
      { name: 'a reset half a year ago', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, log: { complete: true, disks: [logged('nvme0n1', ['nvme-reset', 1, 15_000_000])] } } },
      { name: 'SATA disks only', given: { disks: { disks: [disk('sda')] }, log: nothingLogged }, expect: 'ruled-out' },
    ],
  },
});
