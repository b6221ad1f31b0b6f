import type { Host } from '../define.ts';

/** The path that a disk with this serial number has: `data1` … `data4` are the standard disks. */
export function diskPath(serial: string): string {
  return `/dev/disk/by-id/virtio-${serial}`;
}

export interface PoolOptions {
  /** Default `tank`, which storage.cfg knows as a storage of guests. */
  readonly name?: string;
  /** `single` has its disks side by side, without redundancy. */
  readonly layout: 'single' | 'mirror' | 'raidz1';
  /** Serial numbers of virtio disks (`data1`), or paths under /dev. */
  readonly disks: readonly string[];
  /** Encrypts the pool's first dataset, and so all below it, with a key in memory. */
  readonly encryption?: boolean | 'aes-256-gcm' | 'aes-256-ccm';
  /** Default lz4. */
  readonly compression?: string;
  /** Default 128K. */
  readonly recordsize?: string;
  /** More words for `zpool create`, such as `-O sync=always`. */
  readonly more?: string;
}

const keyFolder = '/run/lab/keys';

function encryptionWords(name: string, encryption: PoolOptions['encryption'], flag: string): string {
  if (encryption === undefined || encryption === false) return '';
  const cipher = encryption === true ? 'aes-256-gcm' : encryption;
  return `${flag} encryption=${cipher} ${flag} keyformat=raw ${flag} keylocation=file://${keyFile(name)}`;
}

function keyFile(name: string): string {
  return `${keyFolder}/${name.replaceAll('/', '-')}.key`;
}

function makeKey(name: string): string {
  return `mkdir -p ${keyFolder} && chmod 700 ${keyFolder} && head -c 32 /dev/urandom > ${keyFile(name)}`;
}

/** Makes a pool as the installer and the web interface of Proxmox VE do (ashift 12, lz4), and gives its name. */
export async function makePool(host: Host, { name = 'tank', layout, disks, encryption, compression = 'lz4', recordsize = '128K', more = '' }: PoolOptions): Promise<string> {
  const paths = disks.map((disk) => (disk.startsWith('/') ? disk : diskPath(disk))).join(' ');
  const words = [
    '-o ashift=12',
    `-O compression=${compression} -O recordsize=${recordsize} -O xattr=sa -O acltype=posixacl`,
    encryptionWords(name, encryption, '-O'),
    more,
    name,
    layout === 'single' ? '' : layout,
    paths,
  ];
  const create = `zpool create -f ${words.join(' ')}`;
  // ZFS waits for the links of the partitions that it makes; on a slow machine, udev may be late even so.
  await host.run(`set -e; modprobe zfs; ${makeKey(name)}; udevadm settle -t 20; ${create} || { udevadm settle -t 60; ${create}; }`, { timeoutSeconds: 180 });
  return name;
}

export interface DatasetOptions {
  readonly encryption?: PoolOptions['encryption'];
  /** As `-o` of `zfs create` takes them: `{ recordsize: '16K' }`. */
  readonly properties?: Readonly<Record<string, string>>;
}

function propertyWords(properties: DatasetOptions['properties'] = {}): string {
  return Object.entries(properties).map(([key, value]) => `-o ${key}=${value}`).join(' ');
}

/** Makes a dataset, with those above it, and gives its mount point. */
export async function makeDataset(host: Host, name: string, { encryption, properties }: DatasetOptions = {}): Promise<string> {
  await host.run(`set -e; ${makeKey(name)}; zfs create -p ${encryptionWords(name, encryption, '-o')} ${propertyWords(properties)} ${name}`, { timeoutSeconds: 120 });
  return (await host.run(`zfs get -Ho value mountpoint ${name}`)).trim();
}

/** The root disk of a container, as Proxmox VE makes it (subvol-101-disk-0), and gives its mount point. */
export function makeContainerDisk(host: Host, id: number, { parent = 'tank', sizeMib = 1024, ...options }: DatasetOptions & { parent?: string; sizeMib?: number } = {}): Promise<string> {
  return makeDataset(host, `${parent}/subvol-${id}-disk-0`, { ...options, properties: { acltype: 'posixacl', xattr: 'sa', refquota: `${sizeMib}M`, ...options.properties } });
}

/** The disk of a VM, as Proxmox VE makes it (vm-100-disk-0: sparse, blocks of 16 KiB), and gives its path. */
export async function makeVmDisk(host: Host, id: number, { parent = 'tank', sizeMib = 1024, encryption, properties }: DatasetOptions & { parent?: string; sizeMib?: number } = {}): Promise<string> {
  const name = `${parent}/vm-${id}-disk-0`;
  const path = `/dev/zvol/${name}`;
  await host.run(
    `set -e; ${makeKey(name)}; zfs create -s -V ${sizeMib}M ${encryptionWords(name, encryption, '-o')} ${propertyWords({ volblocksize: '16k', ...properties })} ${name}
for i in $(seq 100); do [ -e ${path} ] && exit; sleep 0.2; done; echo "${path} did not appear" >&2; exit 1`,
    { timeoutSeconds: 120 },
  );
  return path;
}

/** Fills a block device or a file with data that does not compress. Some 20 to 60 MiB a second on a healthy pool. */
export async function fill(host: Host, path: string, sizeMib: number): Promise<void> {
  const direct = path.startsWith('/dev/') ? '--direct=1' : '';
  await host.run(`fio --name=fill --filename=${path} --rw=write --bs=1M --size=${sizeMib}M --refill_buffers ${direct} --end_fsync=1 --output=/dev/null`, { timeoutSeconds: 60 + sizeMib });
}
