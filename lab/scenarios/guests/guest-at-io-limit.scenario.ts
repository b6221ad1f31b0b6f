import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { fioAlways } from '../../loads/target.ts';

interface Variant {
  /** As io.max of the control group takes it, without the number of the disk. */
  readonly limit: string;
  /** The same limit by its field in io.stat, which counts. */
  readonly counted: 'wbytes' | 'rios';
  readonly perSecond: number;
  readonly pattern: string;
}

const group = '/sys/fs/cgroup/lxc/101';

export default defineScenario<Variant>({
  name: 'guest-at-io-limit',
  subject: 'guests',
  kind: 'fault',
  why: 'Somebody once gave a container a limit of its input and output, and now it needs far more: all its work waits, while the disk could do many times that. The limit is right; neither the disk nor the guest is to blame.',
  weight: 'light',
  variants: {
    'bytes-written': { limit: 'wbps=1500000', counted: 'wbytes', perSecond: 1_500_000, pattern: '--rw=write --bs=64k' },
    'reads-a-second': { limit: 'riops=40', counted: 'rios', perSecond: 40, pattern: '--rw=randread --bs=8k' },
  },
  zfs: false,
  inject: async (host, { limit, pattern }) => {
    await expectNoPool(host);
    await host.run('mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb && mkdir -p /srv/data && mount /dev/vdb /srv/data && dd if=/dev/urandom of=/srv/data/table bs=1M count=200 status=none && sync', { timeoutSeconds: 120 });
    const disk = (await host.run('lsblk -dno MAJ:MIN /dev/vdb')).trim();
    await host.start('database', `exec fio --name=database --filename=/srv/data/table --direct=1 --ioengine=psync --size=200m ${pattern} ${fioAlways}`, { guest: `lxc/101 --set 'io.max=${disk} ${limit}'` });
  },
  settleSeconds: 40,
  check: async (host, { counted, perSecond }) => {
    const read = async (): Promise<number> => Number((await host.run(`grep -o '${counted}=[0-9]*' ${group}/io.stat | cut -d= -f2 | sort -n | tail -n 1`)).trim());
    const before = await read();
    await host.wait(8);
    const share = (await read() - before) / 8 / perSecond;
    return share > 0.8 && share < 1.25 ? undefined : `it does ${Math.round(share * 100)} % of what it may`;
  },
  truth: { first: ['guest-io-limit'], objects: { 'guest-io-limit': 'lxc/101' }, symptoms: ['guest-slow'], never: ['guest-io-hog', 'disk-slow', 'disk-saturated', 'disk-failing'] },
});
