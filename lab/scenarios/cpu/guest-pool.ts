import type { Host } from '../../define.ts';

export type Cipher = 'aes-256-gcm' | 'aes-256-ccm';

export interface GuestPool {
  /** As zpool-create(8) takes it: `raidz1 /dev/vdb /dev/vdc /dev/vdd`. */
  readonly layout: string;
  /** Cipher of the whole pool; without it nothing is encrypted. */
  readonly cipher?: Cipher;
  /** Record size of file systems, but for the database, which has 16k; below 128k also the block size of the VMs' volumes. */
  readonly recordSize?: string;
  readonly compression?: string;
}

/** The disks that every machine has. */
export const threeDisks = 'raidz1 /dev/vdb /dev/vdc /dev/vdd';
export const mirror = 'mirror /dev/vdb /dev/vdc';

/** Makes the pool `tank` with the volumes that the guests' settings name. The key lies in memory, as after a boot that somebody unlocked. */
export async function makeGuestPool(host: Host, { layout, cipher, recordSize = '128k', compression = 'lz4' }: GuestPool): Promise<void> {
  const encryption = cipher === undefined ? '' : `-O encryption=${cipher} -O keyformat=raw -O keylocation=file:///run/tank.key`;
  const blockSize = recordSize === '128k' ? '16k' : recordSize;
  await host.run(
    `set -e
    head -c 32 /dev/urandom > /run/tank.key
    zpool create -f -o ashift=12 -O atime=off -O compression=${compression} -O recordsize=${recordSize} ${encryption} tank ${layout}
    zfs create -s -b ${blockSize} -V 1G tank/vm-100-disk-0
    zfs create -o recordsize=16k tank/subvol-101-disk-0
    zfs create tank/subvol-102-disk-0
    for i in $(seq 50); do [ -b /dev/zvol/tank/vm-100-disk-0 ] && exit 0; sleep 0.2; done
    echo 'the volume did not appear' >&2; exit 1`,
    { timeoutSeconds: 120 },
  );
}

/** Fio writes some blocks, makes them durable, and thinks: how much gets written is the machine's doing, as with guests that wait for their disk. */
const fio = (blocks: number, thinkSeconds: number): string =>
  `exec fio --output=/run/lab/$RANDOM.fio --ioengine=psync --fallocate=none --randrepeat=0 --time_based --runtime=900 --thinktime=${Math.round(thinkSeconds * 1e6)} --thinktime_blocks=${blocks}`;

export interface GuestLoad {
  /** Of the blocks that a guest writes before it thinks. Default 1. */
  readonly share?: number;
  /** Default 1, which is more than ZFS encrypts on a slow path. */
  readonly thinkSeconds?: number;
}

/** Starts a web server's VM, a database and a file server in containers. Of 25 MiB that they write in a turn, the file server writes most. */
export async function startGuests(host: Host, { share = 1, thinkSeconds = 1 }: GuestLoad = {}): Promise<void> {
  const blocks = (most: number): number => Math.max(1, Math.round(most * share));
  const web = `${fio(blocks(96), thinkSeconds)} --fsync=${blocks(96)} --name=web --filename=/dev/zvol/tank/vm-100-disk-0 --size=192m --rw=randwrite --bs=64k`;
  const database = `${fio(blocks(32), thinkSeconds)} --fdatasync=${blocks(16)} --name=db --directory=/tank/subvol-101-disk-0 --size=64m --rw=randwrite --bs=16k`;
  const files = `${fio(blocks(36), thinkSeconds)} --fsync=${blocks(36)} --name=files --directory=/tank/subvol-102-disk-0 --size=192m --rw=write --bs=512k`;
  await host.start('guest-100', web, { guest: 'qemu/100' });
  await host.start('guest-101', database, { guest: 'lxc/101' });
  await host.start('guest-102', files, { guest: 'lxc/102' });
}

/** The host itself copies images into the pool, one after another. */
export async function startCopy(host: Host, { thinkSeconds = 0.1 }: Pick<GuestLoad, 'thinkSeconds'> = {}): Promise<void> {
  await host.start('copy', `${fio(36, thinkSeconds)} --fsync=36 --name=image --directory=/tank --size=256m --rw=write --bs=1m`);
}

/** Per cent of one processor's time that ZFS's threads for writing took within some seconds. */
export async function writeThreadsPercent(host: Host, seconds = 10): Promise<number> {
  const text = await host.run(`ticks() { cat /proc/[0-9]*/stat 2>/dev/null | awk '$2 ~ /^\\(z_wr_iss/ { sum += $14 + $15 } END { print sum + 0 }'; }
    read -r from _ < /proc/uptime; before=$(ticks); sleep ${seconds}; read -r to _ < /proc/uptime; after=$(ticks)
    awk -v t="$((after - before))" -v s="$from" -v e="$to" 'BEGIN { print t / (e - s) }'`);
  return Number(text);
}

/** Bytes a second that reach the disks of the pool. */
export async function writtenBytesPerSecond(host: Host): Promise<number> {
  return Number(await host.run(`zpool iostat -Hp tank 8 2 | tail -n 1 | cut -f 7`));
}

/** What AES-GCM of ZFS can choose from. */
export async function gcmChoices(host: Host): Promise<readonly string[]> {
  const text = await host.run('cat /sys/module/icp/parameters/icp_gcm_impl /sys/module/zfs/parameters/icp_gcm_impl 2>/dev/null', { mayFail: true });
  return text.trim().split(/\s+/).map((word) => word.replaceAll(/[[\]]/g, ''));
}

/** Flags that programs see of the processor. */
export async function cpuFlags(host: Host): Promise<readonly string[]> {
  return (await host.run("sed -n 's/^flags[^:]*: //p' /proc/cpuinfo | head -n 1")).trim().split(' ');
}

/** Whether ZFS encrypts without AVX, and writers wait for it: undefined when so, else what is not. */
export async function encryptsSlowly(host: Host): Promise<string | undefined> {
  const choices = await gcmChoices(host);
  if (choices.includes('avx')) return `ZFS has AVX for AES-GCM (${choices.join(' ')})`;
  const percent = await writeThreadsPercent(host);
  return percent >= 70 ? undefined : `the threads that encrypt take only ${percent.toFixed(0)} % of a processor`;
}
