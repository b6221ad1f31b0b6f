import { defineScenario } from '../../define.ts';
import { cpuFlags, encryptsSlowly, makeGuestPool, mirror, startCopy, startGuests } from './guest-pool.ts';
import { skylake } from './processors.ts';

interface Variant {
  readonly how: 'mitigation' | 'by-hand';
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'avx-off-by-mitigation',
  subject: 'cpu',
  kind: 'fault',
  why: 'A processor with AVX that gather data sampling affects, old microcode, and a kernel told to insist on the mitigation (gather_data_sampling=force): it switches AVX off for everybody, and ZFS encrypts on a slow path. One variant takes AVX away by hand, with clearcpuid. The processor does not lack AVX, and no kernel hides it from its modules alone: right is avx-disabled-by-mitigation.',
  weight: 'heavy',
  variants: {
    'forced-mitigation': { how: 'mitigation', writers: 'copy' },
    'forced-several-guests': { how: 'mitigation', writers: 'guests' },
    'cleared-by-hand': { how: 'by-hand', writers: 'copy' },
  },
  machine: ({ how }) => (how === 'mitigation' ? { cpu: skylake, append: 'mitigations=auto gather_data_sampling=force' } : { append: 'clearcpuid=156' }),
  inject: async (host, { writers }) => {
    await makeGuestPool(host, { layout: mirror, cipher: 'aes-256-gcm' });
    if (writers === 'guests') await startGuests(host);
    else await startCopy(host);
  },
  settleSeconds: 15,
  check: async (host, { how }) => {
    if ((await cpuFlags(host)).includes('avx')) return 'the kernel left AVX on';
    if (how === 'mitigation') {
      const state = await host.run('cat /sys/devices/system/cpu/vulnerabilities/gather_data_sampling');
      if (!state.includes('AVX disabled')) return `the mitigation is "${state.trim()}"`;
    }
    return encryptsSlowly(host);
  },
  truth: {
    first: ['avx-disabled-by-mitigation'],
    allowed: ['zfs-txg-stalled', 'cpu-saturated', 'hung-tasks'],
    never: ['zfs-crypto-unaccelerated', 'disk-slow', 'iowait-meter-wrong'],
  },
});
