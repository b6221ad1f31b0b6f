import { defineScenario } from '../../define.ts';
import { mechanicalDisk, ordinaryLoad, pool, readMilliseconds } from './disks.ts';

interface Variant {
  readonly mechanical: boolean;
  readonly operationsPerSecond: number;
}

export default defineScenario<Variant>({
  name: 'slow-mirror-member',
  subject: 'disk',
  kind: 'fault',
  why: 'One half of a mirror answers late and without any error, as a disk does that retries bad sectors by itself. The pool is as slow as its slowest member. Right is the one disk, by its serial number; its twin under the same load is quick.',
  weight: 'light',
  variants: {
    'virtual-twenty-a-second': { mechanical: false, operationsPerSecond: 20 },
    'virtual-six-a-second': { mechanical: false, operationsPerSecond: 6 },
    'mechanical-eight-a-second': { mechanical: true, operationsPerSecond: 8 },
  },
  inject: async (host, { mechanical, operationsPerSecond }) => {
    const disks = mechanical ? [await host.addDisk(mechanicalDisk('WDA0001')), await host.addDisk(mechanicalDisk('WDA0002'))] : ['/dev/vdb', '/dev/vdc'];
    await pool(host, `mirror ${disks.join(' ')}`);
    await ordinaryLoad(host, '/tank');
    await host.wait(8);
    await host.throttle(mechanical ? 'WDA0002' : 'data2', { operationsPerSecond });
  },
  settleSeconds: 15,
  check: async (host, { mechanical }) => {
    const [good, bad] = mechanical ? ['/dev/sda', '/dev/sdb'] : ['/dev/vdb', '/dev/vdc'];
    const [quick, slow] = [await readMilliseconds(host, good!), await readMilliseconds(host, bad!)];
    return slow > 5 * quick && slow > 30 ? undefined : `a small read takes ${quick} ms on the good disk and ${slow} ms on the slow one`;
  },
  truth: ({ mechanical }) => ({
    first: ['disk-slow'],
    allowed: ['zfs-txg-stalled', 'hung-tasks'],
    never: ['disk-io-errors', 'zfs-crypto-unaccelerated', 'iowait-meter-wrong'],
    objects: { 'disk-slow': mechanical ? 'WDA0002' : 'data2' },
  }),
});
