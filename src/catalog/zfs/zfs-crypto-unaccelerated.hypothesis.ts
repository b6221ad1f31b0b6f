import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import activityPattern from '../changes/activity-pattern.fact.ts';
import cpuInfo from '../cpu/cpu-info.probe.ts';
import cryptoSpeed from '../cpu/crypto-speed.experiment.ts';
import kernelCipherSpeed from '../cpu/kernel-cipher-speed.experiment.ts';
import bootPreviousKernel from './boot-previous-kernel.mitigation.ts';
import busiestDatasets, { isEncrypted } from './busiest-datasets.fact.ts';
import { busyThreadsPercent, promisedHere, type Processor } from './crypto-promise.ts';
import { allListed, ampleCpu, avxHidden, implementations, pool, threads, writtenTo as busy, zenLike } from './crypto.samples.ts';
import encryptedAgainstPlain from './encrypted-against-plain.experiment.ts';
import encryptedPools from './encrypted-pools.fact.ts';
import { busiestIs, copied } from './experiment-findings.samples.ts';
import imageCopy from './image-copy.experiment.ts';
import moveToUnencryptedDataset from './move-to-unencrypted-dataset.mitigation.ts';
import waitForFixedKernel from './wait-for-fixed-kernel.mitigation.ts';
import zfsImplementations from './zfs-implementations.probe.ts';
import zfsSimd from './zfs-simd.probe.ts';
import zfsThreads from './zfs-threads.fact.ts';
import zfsVersion from './zfs-version.probe.ts';

/** Where the instructions for AES or for carry-less multiplication are hidden, the `avx` loop is missing with them, and OSXSAVE and all that hangs on it may well be there. */
function hidesAnother(facts: Processor): boolean {
  return promisedHere(facts).some(({ name, listed }) => name !== 'avx' && !listed);
}

export default defineHypothesis({
  id: 'zfs-crypto-unaccelerated',
  subject: 'zfs',
  proven: 'lab',
  title: 'ZFS encrypts on a slower path than this CPU offers',
  about: `Encrypted datasets are up to ten times slower than plain ones, since ZFS does not use the vector instructions that the CPU has.
It happens when a kernel update no longer tells its own modules about a CPU feature (in August and September 2023 the bit OSXSAVE, and with
it AVX, was lost that way), while /proc/cpuinfo and all programs still see it. Any activity on encrypted data then burns processor time in ZFS's
write and read threads: IO delay and load rise, guests time out, monitoring misses targets, and disks, SMART and memory look healthy.

To be sure by hand, compare \`grep -o -m1 -w -E 'avx|aes|pclmulqdq' /proc/cpuinfo\` with \`cat /sys/module/*/parameters/icp_gcm_impl\`: where the CPU
has \`avx\`, the list must have it too. The brackets around \`fastest\` say nothing. Copying the same data to an encrypted and to a plain dataset of one pool
shows the difference.`,
  needs: { cpu: cpuInfo, zfs: zfsImplementations, encrypted: encryptedPools, threads: zfsThreads, simd: optional(zfsSimd), version: optional(zfsVersion), busiest: optional(busiestDatasets), pattern: optional(activityPattern) },
  objects: ({ encrypted }) => encrypted.pools,
  noObjects: 'nothing on this host is encrypted by ZFS with its key loaded',
  prior: 1 / 500,
  explains: { 'io-delay': 0.9, 'high-load': 0.7, 'cpu-pressure': 0.3, 'disk-latency': 0.2, 'guest-slow': 0.6, 'target-missing': 0.3, 'errors-logged': 0.2 },
  evidence: [
    {
      when: (facts) => promisedHere(facts).some((one) => !one.listed),
      decisive: true,
      likelihood: { ifCause: 0.98, otherwise: 0.0002 },
      says: (facts) =>
        promisedHere(facts)
          .filter((one) => !one.listed)
          .map((one) => `The CPU offers what "${one.name}" needs, but ZFS does not list it in ${one.parameter}`)
          .join('; ') + '.',
      saysNot: (facts) =>
        `ZFS lists all that this CPU offers for encryption (${promisedHere(facts).map((one) => one.name).join(', ') || 'nothing special'}).`,
      excerpt: ({ zfs }) => `icp_gcm_impl: ${zfs.gcm?.available.join(' ') ?? 'missing'}; icp_aes_impl: ${zfs.aes?.available.join(' ') ?? 'missing'}`,
      group: 'lists',
    },
    {
      outcome: (facts) => {
        const { cpu, zfs } = facts;
        if (!cpu.flags.includes('avx2') || zfs.fletcher4 === undefined || zfs.fletcher4.available.includes('avx2')) return hidesAnother(facts) ? 'another is hidden' : 'listed';
        return 'missing';
      },
      table: {
        missing: { ifCause: 0.6, otherwise: 0.0015, says: 'The CPU has AVX2, but ZFS does not list it for checksums either: the kernel hides it from its modules.' },
        listed: { ifCause: 0.15, otherwise: 0.7485, says: 'For checksums, ZFS lists all that the CPU has.' },
        'another is hidden': { ifCause: 0.25, otherwise: 0.25, says: 'For checksums ZFS lists all that the CPU has; it is another feature that is hidden.' },
      },
      excerpt: ({ zfs }) => `zfs_fletcher_4_impl: ${zfs.fletcher4?.available.join(' ') ?? 'missing'}`,
      group: 'lists',
    },
    {
      outcome: (facts) => (facts.simd === undefined ? 'not published' : facts.simd.xsave === true && facts.simd.osxsave === false ? 'lost' : hidesAnother(facts) ? 'another is hidden' : 'kept'),
      table: {
        lost: { ifCause: 0.6, otherwise: 0.0005, says: 'ZFS itself reports that the kernel says osxsave 0 although xsave is 1.', decisive: true },
        kept: { ifCause: 0.15, otherwise: 0.7495, says: 'ZFS sees the CPU feature OSXSAVE.' },
        'another is hidden': { ifCause: 0.25, otherwise: 0.25, says: 'ZFS sees the CPU feature OSXSAVE; it is another feature that is hidden.' },
      },
      group: 'lists',
    },
    {
      outcome: ({ encrypted, threads: { writeIssue, readInterrupt } }, { pool: name }) => {
        const traffic = encrypted.pools.find((one) => one.pool === name);
        const bytes = (traffic?.writtenBytesPerSecond ?? 0) + (traffic?.readBytesPerSecond ?? 0);
        if (Math.max(writeIssue.totalPercent, readInterrupt.totalPercent) >= busyThreadsPercent) return 'busy';
        return bytes > 20e6 ? 'calm' : 'idle';
      },
      table: {
        busy: {
          ifCause: 0.7,
          otherwise: 0.1,
          says: ({ threads: { writeIssue, readInterrupt } }) =>
            `ZFS's own threads are busy computing: those that write take ${writeIssue.totalPercent.toFixed(0)} % of one core's time, those that read ${readInterrupt.totalPercent.toFixed(0)} %.`,
        },
        calm: { ifCause: 0.1, otherwise: 0.5, says: 'ZFS handles more than 20 MB/s of encrypted data without a busy thread.' },
      },
    },
    {
      outcome: ({ pattern }, { object }) => (pattern === undefined ? 'not shown' : pattern.object === object ? 'whoever uses it' : 'of something else'),
      table: {
        'whoever uses it': { ifCause: 0.3, otherwise: 0.08, says: ({ pattern }) => pattern?.says ?? '' },
        'of something else': { ifCause: 0.06, otherwise: 0.1, says: ({ pattern }) => pattern?.says ?? '' },
      },
      group: 'pattern',
    },
  ],
  tested: [
    {
      experiment: encryptedAgainstPlain,
      // AES-CCM is slow on every path.
      about: (_, { object, modes }) => (modes.includes('aes-gcm') ? [object] : []),
      table: {
        // Here the processor is known to have what the quick path needs, so that hardly anything else makes encrypting four times as dear as the cipher is.
        'encrypting costs far too much': { ifCause: 0.95, otherwise: 0.003, decisive: true },
        'encrypting costs what it must': { ifCause: 0.05, otherwise: 0.997 },
      },
    },
    {
      // A kernel that hides features may hide them from its own ciphers as well. Where programs are slow, too, nothing is hidden: the processor is slow at it.
      experiment: cryptoSpeed,
      table: {
        'kernel slow, programs quick': { ifCause: 0.04, otherwise: 0.004 },
        'programs slow, kernel not measured': { ifCause: 0.006, otherwise: 0.03 },
        'kernel and programs are slow': { ifCause: 0.002, otherwise: 0.01 },
      },
    },
    { experiment: kernelCipherSpeed, table: { 'the kernel does without the instructions': { ifCause: 0.05, otherwise: 0.01 } } },
    {
      experiment: imageCopy,
      about: ({ busiest }, { object }) => (isEncrypted(busiest, object) ? [object] : []),
      table: {
        'slow only with the properties of the dataset': { ifCause: 0.84, otherwise: 0.08 },
        'slow everywhere in the pool': { ifCause: 0.04, otherwise: 0.25 },
        'slow in every pool': { ifCause: 0.02, otherwise: 0.07 },
        'quick everywhere': { ifCause: 0.1, otherwise: 0.6 },
      },
    },
  ],
  ruledOut: [
    {
      when: (facts) => {
        const promised = promisedHere(facts);
        return promised.length > 0 && promised.every((one) => one.listed);
      },
      says: (facts) =>
        `ZFS lists every implementation that this CPU offers (${promisedHere(facts).map((one) => one.name).join(', ')})`,
    },
    {
      when: (facts) => promisedHere(facts).length === 0,
      says: 'this CPU offers no instructions for encryption that ZFS could miss',
    },
  ],
  broughtBy: ['kernel', 'zfs', 'microcode', 'kernel-settings'],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks', 'cpu-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Put off backups, scrubs and copies on encrypted datasets: they make everything else on the pool wait.'],
  doNot: ['Do not replace disks or memory for this: they are not the cause.', 'Do not run `zpool upgrade`: it would bar the way back to the older kernel.'],
  mitigations: [waitForFixedKernel, bootPreviousKernel, moveToUnencryptedDataset],
  references: ['torvalds/linux 2c66ca3949dc', 'openzfs/zfs #15223', 'openzfs/zfs #15276', 'pve-kernel 9ba0dde971e6'],
  examples: {
    supporting: [
      {
        name: 'AVX is not listed, and a copy is slow only with encryption',
        given: { cpu: ampleCpu, zfs: avxHidden, encrypted: busy, threads: threads(97), busiest: busiestIs({ encryption: 'aes-256-gcm' }) },
        found: [copied('slow only with the properties of the dataset')],
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: 'the story on ZFS 2.1: no avx in the list, write threads busy',
        given: { cpu: ampleCpu, zfs: avxHidden, encrypted: busy, threads: threads(97) },
        object: 'storage/tank',
        found: [{ experiment: cryptoSpeed, findings: [{ object: 'host', outcome: 'kernel slow, programs quick', says: 'In the kernel, AES-XTS is 0.3 times as quick as SHA-512 (95 % between 0.3 and 0.3).' }] }],
        expect: 'identified',
      },
      {
        name: 'the story on ZFS 2.3, which publishes osxsave',
        given: { cpu: ampleCpu, zfs: avxHidden, encrypted: busy, threads: threads(96), simd: { avx: true, xsave: true, osxsave: false } },
        expect: 'identified',
      },
      {
        name: 'only AES is hidden: OSXSAVE and AVX2 are there',
        given: { cpu: ampleCpu, zfs: implementations('generic pclmulqdq', 'generic x86_64', 'scalar superscalar sse2 ssse3 avx2'), encrypted: busy, threads: threads(100), simd: { avx: true, xsave: true, osxsave: true } },
        symptoms: ['io-delay'],
        expect: 'identified',
      },
      {
        name: 'the kernel hides AES, too, while nothing is written just now',
        given: { cpu: ampleCpu, zfs: implementations('generic pclmulqdq', 'generic x86_64', 'scalar superscalar sse2 ssse3'), encrypted: { pools: [pool({ writtenBytesPerSecond: 0 })] }, threads: threads(0) },
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'all is listed, and a copy is as quick with encryption as without',
        given: { cpu: ampleCpu, zfs: allListed, encrypted: busy, threads: threads(30), busiest: busiestIs({ encryption: 'aes-256-gcm' }) },
        found: [copied('quick everywhere')],
        expect: 'ruled-out',
      },
      {
        name: 'a CPU without AVX lists no avx: nothing is hidden',
        given: { cpu: { ...ampleCpu, flags: ['sse2', 'ssse3', 'aes', 'pclmulqdq'] }, zfs: implementations('generic pclmulqdq', 'generic x86_64 aesni', 'scalar sse2 ssse3'), encrypted: busy, threads: threads(98) },
        expect: 'ruled-out',
      },
      {
        name: 'an ARM processor with a flag of the same name',
        given: {
          cpu: { ...ampleCpu, vendor: '0x41', model: 'Neoverse-N1', flags: ['fp', 'asimd', 'aes', 'pmull', 'sha1', 'sha2'] },
          zfs: implementations('generic', 'generic', 'scalar superscalar aarch64_neon'),
          encrypted: busy,
          threads: threads(98),
        },
        expect: 'ruled-out',
      },
      {
        name: 'ZFS 0.8.3, which does not know the AVX loop yet',
        given: { cpu: ampleCpu, zfs: implementations('generic pclmulqdq', 'generic x86_64 aesni', 'scalar superscalar sse2 ssse3 avx2'), encrypted: busy, threads: threads(90), version: { module: '0.8.3-1' } },
        expect: 'ruled-out',
      },
      {
        name: 'nothing is encrypted',
        given: { cpu: ampleCpu, zfs: implementations('generic pclmulqdq', 'generic x86_64 aesni', 'scalar sse2'), encrypted: { pools: [] }, threads: threads(0) },
        expect: 'ruled-out',
      },
      {
        name: 'an implementation chosen by the user: avx is there, and not hidden',
        given: { cpu: ampleCpu, zfs: { ...allListed, gcm: { available: ['avx', 'generic', 'pclmulqdq'], selected: 'generic' } }, encrypted: busy, threads: threads(97) },
        expect: 'ruled-out',
      },
      {
        name: 'an encrypted pool written at full speed with AVX in use',
        given: { cpu: zenLike, zfs: allListed, encrypted: busy, threads: threads(95) },
        expect: 'ruled-out',
      },
    ],
  },
});
