import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import disks from '../disk/disks.fact.ts';
import pciDevices, { type PciDevice } from '../network/pci.probe.ts';
import { denied } from './kernel-log.samples.ts';
import { countText } from './number-text.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost, virtualHost } from './os.samples.ts';
import { pcieName, pcieObject } from './pcie-device.ts';
import pcieEvents, { type PcieEvents } from './pcie-events.fact.ts';
import reseatCard from './reseat-card.mitigation.ts';

interface Device extends ObjectRef {
  readonly slot: string;
  readonly device: PciDevice | undefined;
}

const total = ({ correctable, nonFatal, fatal }: NonNullable<PciDevice['errors']>): number => correctable + nonFatal + fatal;
const correctedPerHour = (device: PciDevice | undefined, uptimeSeconds: number): number => ((device?.errors?.correctable ?? 0) * 3_600) / Math.max(uptimeSeconds, 3_600);
const messagesOf = (events: { readonly devices: readonly PcieEvents[] }, { slot }: Device): PcieEvents | undefined => events.devices.find((one) => one.slot === slot);
const counts = ({ device }: Device): string => (device?.errors === undefined ? '' : `correctable ${device.errors.correctable}, non-fatal ${device.errors.nonFatal}, fatal ${device.errors.fatal}`);

const nvme = (correctable: number, more: Partial<NonNullable<PciDevice['errors']>> = {}): PciDevice => ({ slot: '0000:01:00.0', kind: 'nvme', model: '144d:a80a', name: 'Samsung PM9A3', driver: 'nvme', errors: { correctable, nonFatal: 0, fatal: 0, ...more } });
const logged = (different: Partial<PcieEvents>, coversBoot = true) => ({
  devices: [{ slot: '0000:01:00.0', corrected: 0, correctedRecent: 0, uncorrected: 0, uncorrectedRecent: 0, sample: 'nvme 0000:01:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)', ...different }],
  coversBoot,
});
const quiet = { devices: [], coversBoot: true };

export default defineHypothesis({
  id: 'pcie-errors',
  subject: 'kernel',
  proven: 'documentation',
  title: 'A PCIe device or its slot transmits with errors',
  about: `Both ends of a PCIe link check what they receive and ask for it again: such corrected errors cost time and a line in the log. Now and then one is nothing. Hundreds, or errors that could
not be corrected, mean a worn contact, a riser, a cable, or a power saving state that one side does not bear; the device may then be reset or vanish. Only where the kernel itself handles
these reports (AER) does it count them; some firmware keeps them to itself.

To be sure by hand: \`journalctl -k -b | grep 'PCIe Bus Error'\`, and \`grep TOTAL /sys/bus/pci/devices/*/aer_dev_*\` twice with some minutes between.`,
  needs: { pci: pciDevices, events: pcieEvents, system: operatingSystem, disks: optional(disks) },
  objects: ({ pci, events, disks: list }): Device[] => {
    const counted = pci.devices.filter(({ errors }) => errors !== undefined && total(errors) > 0).map(({ slot }) => slot);
    const slots = [...new Set([...counted, ...events.devices.map(({ slot }) => slot)])].slice(0, 64);
    if (slots.length === 0) return [{ object: 'host', slot: '', device: undefined }];
    return slots.map((slot) => ({ object: pcieObject(slot, list), slot, device: pci.devices.find((one) => one.slot === slot) }));
  },
  noObjects: 'this host has no PCI device for storage, network or display',
  prior: 1 / 300,
  explains: { 'errors-logged': 0.7, 'disk-latency': 0.2, 'network-errors': 0.15, 'io-delay': 0.1, rebooted: 0.05 },
  evidence: [
    {
      outcome: ({ events }, device) => {
        const messages = messagesOf(events, device);
        if ((messages?.uncorrectedRecent ?? 0) > 0) return 'uncorrected';
        if ((messages?.correctedRecent ?? 0) >= 100) return 'flood';
        if ((messages?.correctedRecent ?? 0) >= 10) return 'some';
        return messages === undefined ? 'none' : 'few';
      },
      table: {
        uncorrected: {
          ifCause: 0.3,
          otherwise: 0.0005,
          decisive: true,
          says: ({ events }, one) => `${pcieName(one.slot, one.device)} reported ${countText(messagesOf(events, one)!.uncorrectedRecent, 'PCIe error that was', 'PCIe errors that were')} not corrected within the last 24 hours.`,
        },
        flood: { ifCause: 0.35, otherwise: 0.0006, decisive: true, says: ({ events }, one) => `${pcieName(one.slot, one.device)} logged ${messagesOf(events, one)!.correctedRecent} corrected PCIe errors within the last 24 hours.` },
        some: { ifCause: 0.2, otherwise: 0.004, says: ({ events }, one) => `${pcieName(one.slot, one.device)} logged ${messagesOf(events, one)!.correctedRecent} corrected PCIe errors within the last 24 hours.` },
        few: { ifCause: 0.1, otherwise: 0.06, says: (_, one) => `The log has few PCIe errors of ${pcieName(one.slot, one.device)}: that few are harmless.` },
        none: { ifCause: 0.05, otherwise: 0.93, says: 'The kernel log has no PCIe error.' },
      },
      excerpt: ({ events }, device) => messagesOf(events, device)?.sample ?? '',
      group: 'reports',
    },
    {
      outcome: ({ system }, { device }) => {
        if (device?.errors === undefined) return 'not counted';
        const { correctable, nonFatal, fatal } = device.errors;
        if (fatal > 0) return 'fatal';
        if (correctable >= 1_000 && correctedPerHour(device, system.uptimeSeconds) >= 60) return 'flood';
        if (nonFatal >= 10) return 'non-fatal';
        if (correctedPerHour(device, system.uptimeSeconds) >= 5) return 'some';
        return nonFatal > 0 ? 'some-non-fatal' : 'few';
      },
      table: {
        fatal: { ifCause: 0.15, otherwise: 0.002, says: (_, one) => `The link of ${pcieName(one.slot, one.device)} failed ${countText(one.device?.errors?.fatal ?? 0, 'time')} since the boot (fatal errors).` },
        flood: {
          ifCause: 0.4,
          otherwise: 0.0008,
          decisive: true,
          says: ({ system }, one) => `${pcieName(one.slot, one.device)} has counted ${one.device?.errors?.correctable ?? 0} corrected errors since the boot, about ${Math.round(correctedPerHour(one.device, system.uptimeSeconds))} an hour.`,
        },
        'non-fatal': { ifCause: 0.1, otherwise: 0.005, says: (_, one) => `${pcieName(one.slot, one.device)} has counted ${one.device?.errors?.nonFatal ?? 0} errors since the boot that were not corrected.` },
        some: { ifCause: 0.2, otherwise: 0.02, says: (_, one) => `${pcieName(one.slot, one.device)} has counted ${one.device?.errors?.correctable ?? 0} corrected errors since the boot.` },
        'some-non-fatal': { ifCause: 0.1, otherwise: 0.05, says: (_, one) => `${pcieName(one.slot, one.device)} has counted ${countText(one.device?.errors?.nonFatal ?? 0, 'error')} since the boot that were not corrected.` },
        few: { ifCause: 0.1, otherwise: 0.92, says: (_, one) => `${pcieName(one.slot, one.device)} has counted ${countText(total(one.device!.errors!), 'error')} since the boot: that few are harmless.` },
      },
      excerpt: (_, device) => counts(device),
      group: 'reports',
    },
  ],
  ruledOut: [
    {
      when: ({ pci, events }, { slot }) => slot === '' && events.coversBoot && pci.devices.some(({ errors }) => errors !== undefined),
      says: ({ pci }) => `${countText(pci.devices.filter(({ errors }) => errors !== undefined).length, 'device counts', 'devices count')} PCIe errors, none has counted one, and none was logged since the boot`,
    },
    {
      when: ({ events, system }, one) => {
        const messages = messagesOf(events, one);
        return events.coversBoot && one.device?.errors !== undefined && one.device.errors.fatal === 0 && one.device.errors.nonFatal < 10 && correctedPerHour(one.device, system.uptimeSeconds) < 5 &&
          (messages?.uncorrectedRecent ?? 0) === 0 && (messages?.correctedRecent ?? 0) < 10;
      },
      says: (_, one) => `${pcieName(one.slot, one.device)} has had ${countText(total(one.device!.errors!), 'PCIe error')} since the boot, which is harmless`,
    },
  ],
  broughtBy: ['kernel', 'firmware', 'kernel-settings'],
  settledBy: 'counters of PCIe errors (AER): this host keeps none, or its firmware keeps them to itself (`ipmitool sel elist`)',
  mechanisms: ['unexpected-reboot'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [reseatCard],
  references: ['Linux Documentation/PCI/pcieaer-howto.rst', 'Linux Documentation/ABI/testing/sysfs-bus-pci-devices-aer'],
  examples: {
    supporting: [
      { name: 'errors that were not corrected', given: { pci: { devices: [nvme(12, { nonFatal: 3 })] }, events: logged({ uncorrected: 3, uncorrectedRecent: 3 }), system: proxmoxHost }, object: 'pci/0000:01:00.0', symptoms: ['errors-logged'], expect: 'identified' },
      { name: 'a flood of corrected errors', given: { pci: { devices: [nvme(90_000)] }, events: logged({ corrected: 600, correctedRecent: 500 }), system: proxmoxHost }, symptoms: ['disk-latency'], expect: 'identified' },
      { name: 'a flood that newer kernels hardly log', given: { pci: { devices: [nvme(900_000)] }, events: logged({ corrected: 40, correctedRecent: 20 }), system: proxmoxHost }, symptoms: [], expect: 'identified' },
    ],
    refuting: [
      { name: 'all counters are at zero', given: { pci: { devices: [nvme(0)] }, events: quiet, system: proxmoxHost }, expect: 'ruled-out' },
      { name: 'a dozen corrected errors in ten days', given: { pci: { devices: [nvme(12)] }, events: logged({ corrected: 2 }), system: proxmoxHost }, symptoms: ['disk-latency'], expect: 'ruled-out' },
      { name: 'a request that nobody answered while the host started', given: { pci: { devices: [nvme(0, { nonFatal: 1 })] }, events: logged({ uncorrected: 1 }), system: proxmoxHost }, symptoms: ['errors-logged'], expect: 'ruled-out' },
      { name: 'a virtual machine: nothing counts', given: { pci: { devices: [{ slot: '0000:00:05.0', kind: 'nvme', model: '1b36:0010', driver: 'nvme' }] }, events: quiet, system: virtualHost }, symptoms: [], expect: 'not-a-cause' },
      { name: 'no PCI bus', given: { pci: absent('this host has no PCI bus'), events: quiet, system: virtualHost }, expect: 'ruled-out' },
      { name: 'an ordinary user', given: { pci: { devices: [nvme(0)] }, events: denied, system: proxmoxHost }, symptoms: [], expect: 'cannot-tell' },
    ],
  },
});
