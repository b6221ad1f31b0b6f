import { defineScenario } from '../../define.ts';
import { makeDataset, makePool, makeVmDisk } from '../../loads/pool.ts';

interface Variant {
  readonly layout: 'single' | 'raidz1';
  readonly disks: readonly string[];
  readonly volume: boolean;
}

const megabytes = 320;

export default defineScenario<Variant>({
  name: 'zfs-write-amplification',
  subject: 'zfs',
  kind: 'fault',
  why: 'A database writes 4 KiB at a time to random places, and each time a whole block of 128 KiB goes to the disk; or a VM does so with blocks that are spread over a RAID-Z. The disks write ten times what they are asked to and are busy all the time, although nobody writes much. They are as quick as ever.',
  weight: 'heavy',
  variants: {
    'database-in-large-records': { layout: 'single', disks: ['data1'], volume: false },
    'volume-on-raidz': { layout: 'raidz1', disks: ['data1', 'data2', 'data3'], volume: true },
  },
  inject: async (host, { layout, disks, volume }) => {
    await makePool(host, { layout, disks, compression: 'off' });
    const target = volume
      ? await makeVmDisk(host, 100, { sizeMib: megabytes, properties: { volblocksize: '128k' } })
      : `${await makeDataset(host, 'tank/database', { properties: { recordsize: '128k' } })}/data`;
    const fio = `fio --name=db --filename=${target} --size=${megabytes}m --bs=4k --ioengine=psync --output=/dev/null ${volume ? '--direct=1' : ''}`;
    await host.run(`fio --name=fill --filename=${target} --size=${megabytes}m --rw=write --bs=1M --output=/dev/null; ${fio} --rw=randwrite --time_based --runtime=40`, { timeoutSeconds: 400 });
    for (const disk of disks) await host.throttle(disk, { bytesPerSecond: 10_000_000 });
    await host.start('database', `exec ${fio} --rw=randwrite --fdatasync=32 --time_based --runtime=600`);
  },
  settleSeconds: 20,
  check: async (host, { disks }) => {
    const text = await host.run(`read() { cat /proc/spl/kstat/zfs/tank/objset-* | awk '$1 == "nwritten" { n += $3 } END { printf "%d ", n }'; awk '$3 ~ /^vd[b-e]$/ { n += $10 * 512 } END { print n }' /proc/diskstats; }; read; sleep 15; read`, { timeoutSeconds: 60 });
    const [before = [], after = []] = text.trim().split('\n').map((line) => line.split(' ').map(Number));
    const factor = (after[1]! - before[1]!) / (after[0]! - before[0]!) / (disks.length === 3 ? 1.5 : 1);
    return factor >= 5 ? undefined : `the disks write ${factor.toFixed(1)} times what is written (${text})`;
  },
  truth: {
    first: ['zfs-write-amplification'],
    allowed: ['disk-saturated', 'zfs-txg-stalled'],
    objects: { 'zfs-write-amplification': 'tank' },
    symptoms: ['io-delay'],
    never: ['disk-slow', 'disk-failing'],
  },
});
