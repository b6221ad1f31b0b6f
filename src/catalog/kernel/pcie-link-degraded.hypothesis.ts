import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import disks from '../disk/disks.fact.ts';
import pciDevices, { type PciDevice } from '../network/pci.probe.ts';
import kernelLog from './kernel-log.probe.ts';
import { logOf } from './kernel-log.samples.ts';
import { pcieName, pcieObject } from './pcie-device.ts';
import pcieEvents from './pcie-events.fact.ts';
import reseatCard from './reseat-card.mitigation.ts';

interface LinkedDevice extends PciDevice {
  readonly link: NonNullable<PciDevice['link']>;
  readonly portLimit: NonNullable<PciDevice['portLimit']>;
}
interface Slow extends ObjectRef {
  readonly device: LinkedDevice;
}

const isLinked = (device: PciDevice): device is LinkedDevice => device.link !== undefined && device.portLimit !== undefined;
/** What both ends can do: the device and the port that it is plugged into. */
const promised = ({ link, portLimit }: LinkedDevice): { speed: number; width: number } => ({ speed: Math.min(link.maxSpeed, portLimit.maxSpeed), width: Math.min(link.maxWidth, portLimit.maxWidth) });
const isNarrow = (device: LinkedDevice): boolean => device.link.width < promised(device).width;
const isSlow = (device: LinkedDevice): boolean => device.link.speed < promised(device).speed;
const linkText = (speed: number, width: number): string => `${speed} GT/s on ${width} ${width === 1 ? 'lane' : 'lanes'}`;

/** Another device of the same model on a port that can do as much, and it runs in full. */
function twinOf(devices: readonly PciDevice[], device: LinkedDevice): LinkedDevice | undefined {
  return devices.filter(isLinked).find((one) => one.slot !== device.slot && one.model === device.model && promised(one).width === promised(device).width && promised(one).speed === promised(device).speed && !isNarrow(one) && !isSlow(one));
}

/** The kernel says at boot, before anything saves power, what limits a device (pcie_print_link_status in drivers/pci/pci.c). */
function limitedAtBoot(lines: readonly { readonly text: string }[], { slot, link }: LinkedDevice): string | undefined {
  const words = ` limited by ${link.speed.toFixed(1)} GT/s PCIe x${link.width} link at `;
  return lines.find(({ text }) => text.includes(slot) && text.includes('available PCIe bandwidth') && text.slice(0, 400).includes(words))?.text;
}

const disk = (slot: string, link: Partial<LinkedDevice['link']>, more: Partial<PciDevice> = {}): PciDevice => ({
  slot,
  kind: 'nvme',
  model: '144d:a80a',
  name: 'Samsung PM9A3',
  driver: 'nvme',
  link: { speed: 16, width: 4, maxSpeed: 16, maxWidth: 4, ...link },
  portLimit: { maxSpeed: 16, maxWidth: 4 },
  errors: { correctable: 0, nonFatal: 0, fatal: 0 },
  ...more,
});
const quiet = { devices: [], coversBoot: true };
const bootLine = logOf([1, 'pci 0000:02:00.0: 15.752 Gb/s available PCIe bandwidth, limited by 16.0 GT/s PCIe x1 link at 0000:00:1d.0 (capable of 63.012 Gb/s with 16.0 GT/s PCIe x4 link)']);

export default defineHypothesis({
  id: 'pcie-link-degraded',
  subject: 'kernel',
  proven: 'documentation',
  title: 'A PCIe device runs with fewer lanes or slower than it and its slot can',
  about: `Device and slot agree on speed and width when the host starts. A bad contact, a riser, dirt or a broken lane makes them settle for less: a disk or network card then has a half, a quarter or
an eighth of its throughput, and nothing fails. Much of what looks like it is harmless: a slot that is narrower than the card or wired with fewer lanes than it is long, an adapter, and
devices that lower the speed while they idle, as graphics cards do and some others. So the device is compared with its own port, and with others of its model.

To be sure by hand: \`lspci -vv -s <slot> | grep -E 'LnkCap:|LnkSta:'\`, for the device and for the port above it, under load; and \`journalctl -k -b | grep 'available PCIe bandwidth'\`.`,
  needs: { pci: pciDevices, log: kernelLog, events: optional(pcieEvents), disks: optional(disks) },
  objects: ({ pci, disks: list }): Slow[] =>
    pci.devices.filter(isLinked).filter((device) => isNarrow(device) || isSlow(device)).slice(0, 64).map((device) => ({ object: pcieObject(device.slot, list), device })),
  noObjects: 'no PCIe link that can be seen here runs below what its device and its port can do',
  prior: 1 / 300,
  explains: { 'disk-latency': 0.3, 'io-delay': 0.15, 'network-errors': 0.1, 'guest-slow': 0.1 },
  evidence: [
    {
      outcome: ({ pci }, { device }) => {
        if (isNarrow(device)) return twinOf(pci.devices, device) === undefined ? 'narrow' : 'narrower-than-its-twin';
        return device.kind === 'display' ? 'graphics' : 'slow';
      },
      table: {
        'narrower-than-its-twin': {
          ifCause: 0.35,
          otherwise: 0.0006,
          decisive: true,
          says: ({ pci }, { device }) => `${pcieName(device.slot, device)} runs at ${linkText(device.link.speed, device.link.width)}; ${twinOf(pci.devices, device)?.slot}, of the same model and on an equal port, has ${promised(device).width}.`,
        },
        narrow: { ifCause: 0.4, otherwise: 0.02, says: (_, { device }) => `${pcieName(device.slot, device)} runs at ${linkText(device.link.speed, device.link.width)}; it and its port can do ${promised(device).width}.` },
        slow: { ifCause: 0.24, otherwise: 0.05, says: (_, { device }) => `${pcieName(device.slot, device)} runs at ${device.link.speed} GT/s; it and its port can do ${promised(device).speed}. Some devices do that to save power.` },
        graphics: { ifCause: 0.01, otherwise: 0.1, says: (_, { device }) => `The graphics card ${pcieName(device.slot, device)} runs at ${device.link.speed} GT/s, as they do while they idle.` },
      },
      excerpt: (_, { device }) => `${device.slot} ${device.link.speed} GT/s x${device.link.width}, device ${device.link.maxSpeed} GT/s x${device.link.maxWidth}, port ${device.portLimit.maxSpeed} GT/s x${device.portLimit.maxWidth}`,
    },
    {
      when: ({ log }, { device }) => limitedAtBoot(log.lines, device) !== undefined,
      likelihood: { ifCause: 0.6, otherwise: 0.12 },
      says: (_, { device }) => `It was so already when the kernel found ${device.slot}, so it is not a way of saving power.`,
      excerpt: ({ log }, { device }) => limitedAtBoot(log.lines, device) ?? '',
    },
    {
      when: ({ events }, { device }) => (device.errors?.correctable ?? 0) + (device.errors?.nonFatal ?? 0) >= 100 || events?.devices.some(({ slot, correctedRecent }) => slot === device.slot && correctedRecent >= 10) === true,
      likelihood: { ifCause: 0.4, otherwise: 0.01 },
      says: (_, { device }) => `${device.slot} also counts transmission errors.`,
      group: 'errors',
    },
  ],
  broughtBy: ['kernel', 'firmware', 'disk', 'network-card'],
  settledBy: 'the manual of the board (how many lanes the slot really has), and a second look under load',
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [reseatCard],
  references: ['Linux Documentation/ABI/testing/sysfs-bus-pci', 'lspci(8)'],
  examples: {
    supporting: [
      {
        name: 'one of three equal disks has one lane since the boot',
        given: { pci: { devices: [disk('0000:01:00.0', {}), disk('0000:02:00.0', { width: 1 }), disk('0000:03:00.0', {})] }, log: bootLine, events: quiet },
        object: 'pci/0000:02:00.0',
        symptoms: ['disk-latency'],
        expect: 'identified',
      },
      { name: 'a narrow link that also has errors', given: { pci: { devices: [disk('0000:02:00.0', { width: 1 }, { errors: { correctable: 4_000, nonFatal: 0, fatal: 0 } })] }, log: bootLine, events: quiet }, symptoms: ['disk-latency'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'all run in full', given: { pci: { devices: [disk('0000:01:00.0', {}), disk('0000:02:00.0', {})] }, log: logOf(), events: quiet }, expect: 'ruled-out' },
      { name: 'a slot that is narrower than the card', given: { pci: { devices: [disk('0000:01:00.0', { width: 2, speed: 8 }, { portLimit: { maxSpeed: 8, maxWidth: 2 } })] }, log: logOf(), events: quiet }, expect: 'ruled-out' },
      { name: 'a graphics card that idles', given: { pci: { devices: [disk('0000:01:00.0', { speed: 2.5, width: 16, maxWidth: 16 }, { kind: 'display', driver: 'nvidia', portLimit: { maxSpeed: 16, maxWidth: 16 } })] }, log: logOf(), events: quiet }, symptoms: ['io-delay', 'guest-slow'], expect: 'not-a-cause' },
      { name: 'a disk that lowers its speed while it idles', given: { pci: { devices: [disk('0000:01:00.0', { speed: 2.5 })] }, log: logOf(), events: quiet }, symptoms: ['io-delay'], expect: 'not-a-cause' },
      { name: 'an adapter with one lane, on a busy host', given: { pci: { devices: [disk('0000:01:00.0', { width: 1 })] }, log: logOf(), events: quiet }, symptoms: ['io-delay', 'guest-slow'], expect: 'not-a-cause' },
      { name: 'a virtual machine without PCIe links', given: { pci: { devices: [{ slot: '0000:00:05.0', kind: 'nvme', model: '1b36:0010', driver: 'nvme' }] }, log: logOf() }, expect: 'ruled-out' },
    ],
  },
});
