import { defineScenario } from '../../define.ts';
import { cpuFlags } from './guest-pool.ts';
import { makeEncryptedDisk, workersPercent, writeToEncryptedDisk, xtsDriver } from './luks.ts';
import { maxWithoutAes } from './processors.ts';

interface Variant {
  readonly missing: 'driver' | 'instructions';
  readonly writers: 'guests' | 'copy';
}

export default defineScenario<Variant>({
  name: 'luks-without-aes-ni',
  subject: 'cpu',
  kind: 'fault',
  why: 'Guests’ images lie on a LUKS volume, and AES is computed with tables. Either the driver for the AES instructions is kept from loading (somebody blacklisted it) although the processor has them: right is kernel-crypto-unaccelerated. Or the processor has none: right is cpu-lacks-crypto-instructions. ZFS is not in use.',
  weight: 'heavy',
  variants: {
    'driver-missing': { missing: 'driver', writers: 'copy' },
    'cpu-without-aes': { missing: 'instructions', writers: 'copy' },
    'driver-missing-several-guests': { missing: 'driver', writers: 'guests' },
  },
  machine: ({ missing }) => (missing === 'instructions' ? { cpu: maxWithoutAes } : {}),
  zfs: false,
  beforeZfs: async (host, { missing }) => {
    if (missing !== 'driver') return;
    await host.run(`printf 'blacklist aesni_intel\\ninstall aesni_intel /bin/false\\n' > /etc/modprobe.d/no-aesni.conf
      ! grep -q '^aesni_intel ' /proc/modules || rmmod aesni_intel`);
  },
  inject: async (host, { writers }) => {
    await makeEncryptedDisk(host);
    await writeToEncryptedDisk(host, writers);
  },
  settleSeconds: 15,
  check: async (host, { missing }) => {
    if ((await cpuFlags(host)).includes('aes') !== (missing === 'driver')) return 'the processor is not the one that was asked for';
    const driver = await xtsDriver(host);
    if (driver === '' || driver.includes('aesni')) return `xts(aes) is computed by "${driver}"`;
    const percent = await workersPercent(host);
    return percent >= 70 ? undefined : `the threads that encrypt take only ${percent.toFixed(0)} % of a processor`;
  },
  truth: ({ missing }) => ({
    first: [missing === 'driver' ? 'kernel-crypto-unaccelerated' : 'cpu-lacks-crypto-instructions'],
    allowed: ['cpu-saturated', 'hung-tasks'],
    never: ['zfs-crypto-unaccelerated', 'avx-disabled-by-mitigation', missing === 'driver' ? 'cpu-lacks-crypto-instructions' : 'kernel-crypto-unaccelerated', 'disk-slow', 'iowait-meter-wrong'],
  }),
});
