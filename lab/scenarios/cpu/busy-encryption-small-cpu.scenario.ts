import { defineScenario } from '../../define.ts';
import { gcmChoices, makeGuestPool, writeThreadsPercent, writtenBytesPerSecond } from './guest-pool.ts';

export default defineScenario<string>({
  name: 'busy-encryption-small-cpu',
  subject: 'cpu',
  kind: 'control',
  why: 'A machine with one processor encrypts what it is given, with AVX, and has no power to spare: small records are written as fast as it goes. Nothing is wrong but that it is small. What may be said is that the processor is at its limit.',
  weight: 'light',
  variants: { 'one-processor': '16k', 'one-processor-tiny-records': '8k' },
  machine: () => ({ processors: 1 }),
  inject: async (host, recordSize) => {
    await makeGuestPool(host, { layout: '/dev/vdb', cipher: 'aes-256-gcm', recordSize });
    await host.start(
      'archive',
      `exec fio --output=/run/lab/archive.fio --name=archive --directory=/tank --size=96m --numjobs=2 --rw=randwrite --bs=${recordSize} --ioengine=psync --fallocate=none --time_based --runtime=900 --rate=12m`,
    );
  },
  settleSeconds: 20,
  check: async (host) => {
    if (!(await gcmChoices(host)).includes('avx')) return 'ZFS has no AVX';
    const percent = await writeThreadsPercent(host);
    const bytes = await writtenBytesPerSecond(host);
    return percent >= 10 && bytes >= 1e6 ? undefined : `the threads that encrypt take ${percent.toFixed(0)} % of the processor, for ${(bytes / 1e6).toFixed(1)} MB/s`;
  },
  truth: {
    first: [],
    allowed: ['cpu-saturated'],
    never: ['zfs-crypto-unaccelerated', 'cpu-lacks-crypto-instructions', 'zfs-crypto-ccm'],
    status: ['healthy', 'suspected', 'identified'],
  },
});
