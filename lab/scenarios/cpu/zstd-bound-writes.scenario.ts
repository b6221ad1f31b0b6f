import { defineScenario } from '../../define.ts';
import { makeGuestPool, mirror, writeThreadsPercent, type Cipher } from './guest-pool.ts';

interface Variant {
  readonly level: number;
  readonly cipher?: Cipher;
}

export default defineScenario<Variant>({
  name: 'zstd-bound-writes',
  subject: 'cpu',
  kind: 'control',
  why: 'Files are copied to a dataset that compresses with a high level of zstd, as somebody chose who wanted it so. The threads of ZFS that write are as busy as in the fault of the story, but with compressing: all instructions are in use, and encryption, if there is any, costs next to nothing. What may be said is that compressing takes all the time of a processor.',
  weight: 'heavy',
  variants: { 'plain-zstd-12': { level: 12 }, 'encrypted-zstd-9': { level: 9, cipher: 'aes-256-gcm' } },
  inject: async (host, { level, cipher }) => {
    await makeGuestPool(host, { layout: mirror, compression: `zstd-${level}`, ...(cipher === undefined ? {} : { cipher }) });
    // What may wait to be written is in the proportion of an emulated processor: with the usual share of the memory a transaction group would be compressed for a minute.
    await host.run('echo 8388608 >/sys/module/zfs/parameters/zfs_dirty_data_max');
    await host.start('copy-of-usr', `while :; do for pass in 1 2 3; do tar -C /usr -cf - lib/python3 lib/x86_64-linux-gnu | dd of=/tank/usr-$pass.tar bs=1M iflag=fullblock conv=fsync status=none; done; done`);
  },
  settleSeconds: 20,
  check: async (host) => {
    const percent = await writeThreadsPercent(host);
    return percent >= 60 ? undefined : `the threads that compress take only ${percent.toFixed(0)} % of a processor`;
  },
  truth: {
    first: [],
    allowed: ['zfs-compression-costly', 'cpu-saturated'],
    never: ['zfs-crypto-unaccelerated', 'cpu-lacks-crypto-instructions', 'zfs-crypto-ccm', 'disk-slow'],
    status: ['healthy', 'suspected', 'identified'],
  },
});
