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
  [/^(?:usb|hub) ([\d.-]{1,20}): USB disconnect/, 'other', (name) => `the USB device ${name} was taken away`],
  [/^usb ([\d.-]{1,20}): New USB device found/, 'other', (name) => `the USB device ${name} appeared`],
  [/(?:^|\s)([a-z][\w.-]{1,14}): renamed from /, 'network-card', (name) => `the network interface ${name} appeared`],
];

/** Disks, network cards and USB devices that came or went while the host ran, from the kernel's log of this boot. */
export function hardwareChanges(log: Log, bootedMs: number): Change[] {
  return log.lines.flatMap(({ secondsSinceBoot, text }): Change[] => {
    if (secondsSinceBoot === undefined || secondsSinceBoot < bootSeconds) return [];
    const line = text.slice(0, 300);
    for (const [pattern, component, says] of kinds) {
      const name = pattern.exec(line)?.[1];
      if (name !== undefined) return [{ atMs: bootedMs + secondsSinceBoot * 1_000, precisionMs: 1_000, kind: 'hardware', what: name, components: [component], says: says(name), source: 'kernel-log' }];
    }
    return [];
  });
}
