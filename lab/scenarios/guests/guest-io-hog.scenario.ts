import { defineScenario } from '../../define.ts';
import { database } from '../../loads/database.ts';
import { makePool, makeVmDisk } from '../../loads/pool.ts';

export default defineScenario<{ readonly pattern: string; readonly disk: { readonly operationsPerSecond: number } }>({
  name: 'guest-io-hog',
  subject: 'guests',
  kind: 'fault',
  why: 'One guest floods the shared disks with I/O, another only wants to commit a few small transactions and waits for seconds. The guest that floods is right; the disks are healthy and at their limit.',
  weight: 'heavy',
  variants: {
    'random-reads': { pattern: '--rw=randread --bs=16k --numjobs=6', disk: { operationsPerSecond: 110 } },
    'random-writes': { pattern: '--rw=randwrite --bs=16k --numjobs=6', disk: { operationsPerSecond: 60 } },
  },
  inject: async (host, { pattern, disk }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'], compression: 'off' });
    const [victim, hog] = [await makeVmDisk(host, 100), await makeVmDisk(host, 103)];
    await host.run(`dd if=/dev/urandom of=${hog} bs=1M count=400 status=none; sync; echo 67108864 >/sys/module/zfs/parameters/zfs_arc_max`, { timeoutSeconds: 240 });
    for (const id of ['data1', 'data2']) await host.throttle(id, disk);
    await database(host, { target: victim, connections: 1, commitsPerSecond: 5, guest: 'qemu/100' });
    await host.start('hog', `exec fio --name=hog --filename=${hog} --direct=1 ${pattern} --size=400m --time_based --runtime=3000 --thread`, { guest: 'qemu/103' });
  },
  settleSeconds: 25,
  check: async (host) => {
    const busy = async (): Promise<number> => Number((await host.run("awk '{ print $10 }' /sys/block/vdb/stat")).trim());
    const before = await busy();
    // ZFS writes in bursts.
    await host.wait(12);
    const percent = ((await busy()) - before) / 120;
    return percent > 60 ? undefined : `the disk is busy only ${percent.toFixed(0)} % of the time`;
  },
  truth: { first: ['guest-io-hog'], allowed: ['disk-saturated', 'zfs-txg-stalled', 'workload-grew'], objects: { 'guest-io-hog': 'qemu/103' }, never: ['disk-slow', 'disk-failing'] },
});
