import { countIn, numberIn } from '../../lib/host-text.ts';
import type { GuestConfig, GuestDisk } from './guest-configs.schema.ts';
import { propertyString } from '../../lib/property-string.ts';
import { mebibyte } from '../../lib/units.ts';

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: mebibyte, G: 1024 * mebibyte, T: mebibyte * mebibyte };
const diskKey = /^(scsi|virtio|sata|ide|mp|tpmstate|efidisk)(\d{1,3})$/;
const netKey = /^net\d{1,2}$/;

/** `32G` in bytes, as disk sizes are written in guest configurations. */
function sizeInBytes(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)([KMGT]?)$/.exec(text ?? '') ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * (units[unit] ?? 1));
}

function flag(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : ['1', 'on', 'yes', 'true'].includes(text);
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function diskOf(slot: string, text: string): GuestDisk | undefined {
  const values = propertyString(text);
  const volume = values.get('') ?? values.get('file') ?? values.get('volume');
  if (volume === undefined || volume === 'none' || values.get('media') === 'cdrom' || volume.includes('cloudinit')) return undefined;
  const at = volume.startsWith('/') ? -1 : volume.indexOf(':');
  const megabytes = (key: string): number | undefined => {
    const limit = numberIn(values.get(key)) ?? numberIn(values.get('mbps'));
    return limit === undefined ? undefined : Math.round(limit * mebibyte);
  };
  const discard = values.get('discard');
  return withoutUndefined({
    slot,
    bus: slot.replace(/\d+$/, ''),
    storage: at > 0 ? volume.slice(0, at) : undefined,
    volume: volume.slice(at + 1),
    sizeBytes: sizeInBytes(values.get('size')),
    format: values.get('format') ?? /\.(qcow2|raw|vmdk)$/.exec(volume)?.[1],
    cache: values.get('cache'),
    aio: values.get('aio'),
    ioThread: flag(values.get('iothread')),
    discard: discard === undefined ? undefined : discard === 'on',
    backup: flag(values.get('backup')),
    readBytesPerSecondLimit: megabytes('mbps_rd'),
    writeBytesPerSecondLimit: megabytes('mbps_wr'),
    readsPerSecondLimit: numberIn(values.get('iops_rd') ?? values.get('iops')),
    writesPerSecondLimit: numberIn(values.get('iops_wr') ?? values.get('iops')),
  });
}

function netOf(slot: string, text: string): GuestConfig['nets'][number] {
  const values = propertyString(text);
  const model = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3', 'model', 'type'].find((key) => values.has(key));
  return withoutUndefined({
    slot,
    model: model === 'model' || model === 'type' ? values.get(model) : model,
    bridge: values.get('bridge'),
    megabytesPerSecondLimit: numberIn(values.get('rate')),
  });
}

/** One guest from the lines of its file up to the first section (a snapshot or pending changes). */
export function proxmoxGuest(kind: 'qemu' | 'lxc', name: string, lines: readonly string[]): GuestConfig {
  const values = new Map<string, string>();
  for (const line of lines) {
    if (line.startsWith('[')) break;
    const at = line.indexOf(':');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim().slice(0, 2000));
  }
  const mebibytes = (key: string): number | undefined => {
    const text = propertyString(values.get(key) ?? '');
    const size = countIn(text.get('') ?? text.get('current'));
    return size === undefined ? undefined : size * mebibyte;
  };
  const slots = [...values].filter(([key]) => key === 'rootfs' || diskKey.test(key));
  const agent = propertyString(values.get('agent') ?? '');
  const cpu = propertyString(values.get('cpu') ?? '');
  return withoutUndefined({
    object: `${kind}/${name}`,
    kind,
    name,
    label: values.get('name') ?? values.get('hostname'),
    memoryBytes: mebibytes('memory') ?? 512 * mebibyte,
    balloonBytes: mebibytes('balloon'),
    swapBytes: mebibytes('swap'),
    cores: countIn(values.get('cores')),
    sockets: countIn(values.get('sockets')),
    cpuLimit: numberIn(values.get('cpulimit')) || undefined,
    cpuUnits: countIn(values.get('cpuunits')),
    cpuType: values.has('cpu') ? (cpu.get('') ?? cpu.get('cputype')) : undefined,
    osType: values.get('ostype'),
    machine: values.get('machine'),
    scsiController: values.get('scsihw'),
    guestAgent: values.has('agent') ? flag(agent.get('') ?? agent.get('enabled')) : undefined,
    startsOnBoot: flag(values.get('onboot')) ?? false,
    template: flag(values.get('template')) ?? false,
    lock: values.get('lock'),
    unprivileged: flag(values.get('unprivileged')),
    hugePages: values.get('hugepages'),
    numa: flag(values.get('numa')),
    disks: slots.flatMap(([slot, text]) => diskOf(slot, text) ?? []),
    nets: [...values].filter(([key]) => netKey.test(key)).map(([slot, text]) => netOf(slot, text)),
    passthrough: [...values].flatMap(([key, text]) => (/^hostpci\d{1,2}$/.test(key) ? (text.split(',', 1)[0] ?? '') : [])),
  });
}
