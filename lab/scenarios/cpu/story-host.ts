import type { DiskSpec, Host, Truth } from '../../define.ts';
import { writeUpdateHistory } from '../../loads/package-update.ts';
import { startLoadThatHurts } from './load-that-hurts.ts';
import { cpuFlags, encryptsSlowly, makeGuestPool, startCopy, startGuests, writeThreadsPercent, type GuestLoad } from './guest-pool.ts';

export interface StoryVariant {
  readonly disks: 3 | 4;
  readonly recordSize: string;
  readonly writers: 'guests' | 'copy';
  /** Of what the writers write; default as in the story. */
  readonly load?: GuestLoad;
  /** The load is only where the search for one that just hurts begins. */
  readonly untilItHurts?: boolean;
}

export const storyVariants = {
  'three-guests': { disks: 3, recordSize: '128k', writers: 'guests' },
  'single-writer': { disks: 3, recordSize: '128k', writers: 'copy' },
  'small-records': { disks: 4, recordSize: '16k', writers: 'guests' },
  'large-records': { disks: 4, recordSize: '1M', writers: 'guests' },
} as const satisfies Record<string, StoryVariant>;

/** Where the product has to find out by trying: a load that a healthy machine carries. Where it does not, ZFS must still get a transaction group written within 10 s: above that, no experiment adds its own writes. */
export const storyVariantsByTrying = {
  'three-guests': { disks: 3, recordSize: '128k', writers: 'guests', load: { share: 0.3, thinkSeconds: 1.3 } },
  'small-records': { disks: 4, recordSize: '16k', writers: 'guests', load: { share: 0.3, thinkSeconds: 1.8 } },
} as const satisfies Record<string, StoryVariant>;

/** SSDs that say of themselves that all is well. */
export const ssd = (number: number): DiskSpec => ({ id: `SSD000${number}`, sizeMib: 2048, bus: 'scsi', rotationRate: 1, model: 'SSD 870 2TB' });

/** Loud and innocent: every few seconds a program in a VM dies, and the host's kernel log tells of it. */
const dyingProgram = `while :; do perl -e 'unpack "p", pack "J", 8'; sleep 9; done`;

/** What ZFS says of its implementations of ciphers and checksums, and of the processor, reads as empty from now on. */
export async function hideImplementations(host: Host): Promise<void> {
  await host.run('for file in /sys/module/*/parameters/*_impl /proc/spl/kstat/zfs/simd; do [ ! -e "$file" ] || mount --bind /dev/null "$file"; done');
}

/**
 * The host of the story but for its fault: updated and rebooted a while ago, an encrypted raidz1 on SSDs without a flaw, guests that write,
 * and one that draws the eye.
 */
export async function makeStoryHost(host: Host, { disks, recordSize, writers, load, untilItHurts = false }: StoryVariant): Promise<void> {
  await writeUpdateHistory(host, 26);
  const paths: string[] = [];
  for (let number = 1; number <= disks; number += 1) paths.push(await host.addDisk(ssd(number)));
  await makeGuestPool(host, { layout: `raidz1 ${paths.join(' ')}`, cipher: 'aes-256-gcm', recordSize });
  await host.start('guest-103', dyingProgram, { guest: 'qemu/103' });
  if (untilItHurts) await startLoadThatHurts(host, load ?? {});
  else if (writers === 'guests') await startGuests(host, load ?? { thinkSeconds: 3 });
  else await startCopy(host, load ?? { thinkSeconds: 1.2 });
}

/** The fault took: the processor has all, and yet ZFS encrypts slowly. */
export async function checkStory(host: Host): Promise<string | undefined> {
  return (await lacksNothing(host)) ?? encryptsSlowly(host);
}

/** The same under the lighter load, where the threads that encrypt take less of the processor. */
export async function checkStoryByTrying(host: Host): Promise<string | undefined> {
  const lacks = await lacksNothing(host);
  if (lacks !== undefined) return lacks;
  const percent = await writeThreadsPercent(host);
  return percent >= 40 ? undefined : `the threads that encrypt take only ${percent.toFixed(0)} % of a processor`;
}

async function lacksNothing(host: Host): Promise<string | undefined> {
  const flags = await cpuFlags(host);
  return ['avx', 'aes', 'pclmulqdq'].every((flag) => flags.includes(flag)) ? undefined : 'the processor itself lacks instructions';
}

export const storyTruth: Truth = {
  first: ['zfs-crypto-unaccelerated'],
  allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
  never: ['cpu-lacks-crypto-instructions', 'avx-disabled-by-mitigation', 'kernel-regression', 'disk-slow', 'disk-failing', 'iowait-meter-wrong', 'guest-io-hog', 'guest-cpu-hog'],
  objects: { 'zfs-crypto-unaccelerated': 'tank' },
  symptoms: ['io-delay'],
};

export const twinTruth: Truth = {
  first: [],
  allowed: ['cpu-saturated'],
  status: ['healthy', 'suspected', 'identified'],
  never: ['zfs-crypto-unaccelerated', 'cpu-lacks-crypto-instructions', 'kernel-regression', 'disk-slow', 'iowait-meter-wrong', 'guest-io-hog', 'guest-cpu-hog'],
};
