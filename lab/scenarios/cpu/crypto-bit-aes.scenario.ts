import { defineScenario } from '../../define.ts';
import { encryptsSlowly, makeGuestPool, mirror, startCopy, startGuests } from './guest-pool.ts';

interface Variant {
  readonly bits: string;
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'crypto-bit-aes',
  subject: 'cpu',
  kind: 'fault',
  why: 'The kernel does not tell its modules that the processor has AES instructions; programs and /proc/cpuinfo still see them. ZFS then encrypts with tables and without its AVX loop, for that one needs AES too. It is the fault of the story with another bit: right is zfs-crypto-unaccelerated.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  variants: {
    'aes-alone': { bits: '153', writers: 'copy' },
    'aes-and-osxsave': { bits: '153,155', writers: 'guests' },
  },
  beforeZfs: async (host, { bits }) => void (await host.run(`modprobe labcpu bits=${bits}`)),
  inject: async (host, { writers }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    const aes = await host.run('cat /sys/module/icp/parameters/icp_aes_impl /sys/module/zfs/parameters/icp_aes_impl 2>/dev/null', { mayFail: true });
    if (aes.includes('aesni')) return `ZFS has the AES instructions (${aes.trim()})`;
    return encryptsSlowly(host);
  },
  truth: {
    first: ['zfs-crypto-unaccelerated'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['cpu-lacks-crypto-instructions', 'avx-disabled-by-mitigation', 'disk-slow', 'iowait-meter-wrong'],
    objects: { 'zfs-crypto-unaccelerated': 'tank' },
  },
});
