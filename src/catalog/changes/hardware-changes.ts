import type { Change } from '../../define/change.ts';

interface Log {
  readonly lines: readonly { readonly secondsSinceBoot?: number | undefined; readonly text: string }[];
}

/** Devices that come up while the host boots are no change. */
const bootSeconds = 300;

const kinds: readonly (readonly [RegExp, 'disk' | 'network-card' | 'other', (name: string) => string])[] = [
  [/\[(sd[a-z]{1,3})\] Attached SCSI (?:removable )?disk/, 'disk', (name) => `the disk ${name} appeared`],
  [/\[(sd[a-z]{1,3})\] Synchronizing SCSI cache/, 'disk', (name) => `the disk ${name} was taken away`],
  [/^nvme (nvme\d{1,3}): pci function/, 'disk', (name) => `the controller ${name} appeared`],
  [/^nvme (nvme\d{1,3}): (?:Removing after|Device not ready|controller is down)/, 'disk', (name) => `the controller ${name} failed or vanished`],
  [/^(virtio\d{1,3}): .*new device/, 'other', (name) => `the device ${name} appeared`],
  [/^sd ([\d:]{7,20}): Device offlined/, 'disk', (name) => `the disk at ${name} was switched off by the kernel`],
  [/^(ata\d{1,3}\.\d{2}): (?:disabled|disable device|detaching)/, 'disk', (name) => `the disk at ${name} was given up`],
  [/^(?:usb|hub) ([\d.-]{1,20}): USB disconnect/, 'other', (name) => `the USB device ${name} was taken away`],
  [/^usb ([\d.-]{1,20}): New USB device found/, 'other', (name) => `the USB device ${name} appeared`],
  // With driver and place before the name: containers rename their ends of pairs as well, at each start.
  [/^[a-z][\w-]{1,30} [\w:.-]{3,30} ([a-z][\w.-]{1,14}): renamed from /, 'network-card', (name) => `the network card ${name} appeared`],
  [/^\w{1,30} [\da-f:.]{7,20}: removed PHC on ([a-z][\w.-]{1,14})/, 'network-card', (name) => `the network card ${name} vanished`],
  [/^\w{1,30} ([\da-f:.]{7,20})(?:: | )(?:[a-z][\w.-]{1,14}: )?(?:PCIe link lost|Adapter removed)/, 'network-card', (name) => `the network card at ${name} vanished`],
  [/pciehp: Slot\(([\w-]{1,12})\): (?:Card not present|Link Down)/, 'other', (name) => `the card in slot ${name} vanished`],
  [/pciehp: Slot\(([\w-]{1,12})\): Card present/, 'other', (name) => `a card appeared in slot ${name}`],
];

const isUsb = ({ says }: Change): boolean => says.startsWith('the USB device ');
/** A USB device that is back at its port within this time was reset, or has another look at itself: that is no change. */
const resetMs = 60_000;

function withoutResets(changes: readonly Change[]): Change[] {
  return changes.filter((one, index) => !isUsb(one) || !changes.some((other, at) => at !== index && isUsb(other) && other.what === one.what && other.says !== one.says && Math.abs(other.atMs - one.atMs) <= resetMs));
}

/** Disks, network cards and USB devices that came or went while the host ran, from the kernel's log of this boot. */
export function hardwareChanges(log: Log, bootedMs: number): Change[] {
  const all = log.lines.flatMap(({ secondsSinceBoot, text }): Change[] => {
    if (secondsSinceBoot === undefined || secondsSinceBoot < bootSeconds) return [];
    const line = text.slice(0, 300);
    for (const [pattern, component, says] of kinds) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) return [{ atMs: bootedMs + secondsSinceBoot * 1_000, precisionMs: 1_000, kind: 'hardware', what: name, components: [component], says: says(name), source: 'kernel-log' }];
    }
    return [];
  });
  return withoutResets(all);
}
