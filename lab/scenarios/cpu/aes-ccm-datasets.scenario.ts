import { defineScenario } from '../../define.ts';
import { gcmChoices, makeGuestPool, mirror, startCopy, startGuests, writeThreadsPercent } from './guest-pool.ts';

export default defineScenario<'guests' | 'copy'>({
  name: 'aes-ccm-datasets',
  subject: 'zfs',
  kind: 'fault',
  why: 'The pool is encrypted with aes-256-ccm, the default of older ZFS, for which it has no quick code on any processor: each block is computed twice, sixteen bytes at a time. AVX is in use for AES-GCM and helps nothing here. Right is zfs-crypto-ccm, and not a kernel that hides instructions.',
  weight: 'heavy',
  variants: { 'single-writer': 'copy', 'several-guests': 'guests' },
  inject: async (host, writers) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-ccm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    if (!(await gcmChoices(host)).includes('avx')) return 'ZFS has no AVX for AES-GCM';
    const cipher = await host.run('zfs get -Ho value encryption tank');
    if (!cipher.includes('ccm')) return `the pool is encrypted with ${cipher.trim()}`;
    const percent = await writeThreadsPercent(host);
    return percent >= 70 ? undefined : `the threads that encrypt take only ${percent.toFixed(0)} % of a processor`;
  },
  truth: {
    first: ['zfs-crypto-ccm'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['zfs-crypto-unaccelerated', 'cpu-lacks-crypto-instructions', 'disk-slow', 'iowait-meter-wrong'],
    objects: { 'zfs-crypto-ccm': 'tank' },
  },
});
