import type { DiskSpec, Host } from '../../define.ts';

/** A mechanical SATA-like disk behind a SCSI controller, as the machine sees it. */
export const mechanicalDisk = (id: string, sizeMib = 1024): DiskSpec => ({
  id,
  sizeMib,
  bus: 'scsi',
  rotationRate: 7200,
  serial: id,
  // Mechanical disks cannot discard, but for shingled ones.
  properties: { discard_granularity: 0 },
});

/** What a small database and its log do all day: small random writes, each made durable, and some reads. Runs for ten minutes. */
export async function ordinaryLoad(host: Host, folder: string, jobs = 2): Promise<void> {
  await host.start(
    'ordinary-load',
    `exec fio --name=db --directory=${folder} --size=64m --numjobs=${jobs} --rw=randrw --rwmixread=40 --bs=8k --ioengine=psync --fdatasync=1 --invalidate=1 --time_based --runtime=600`,
  );
}

/** A pool without compression, so that what is written is what reaches the disks. */
export async function pool(host: Host, layout: string, name = 'tank'): Promise<void> {
  await host.run(`zpool create -f -O compression=off -O atime=off -o ashift=12 ${name} ${layout}`, { timeoutSeconds: 120 });
}

/** Milliseconds that small reads straight from a disk take by dd's own clock, the middle one of five. */
export async function readMilliseconds(host: Host, device: string): Promise<number> {
  const text = await host.run(
    `for i in 1 2 3 4 5; do LC_ALL=C dd if=${device} of=/dev/null bs=4096 count=1 skip=$((RANDOM % 4000)) iflag=direct 2>&1; done | sed -n 's/.*copied, \\([0-9.e-]*\\) s.*/\\1/p' | sort -g | sed -n 3p`,
    { timeoutSeconds: 120 },
  );
  return Number(text) * 1000;
}
