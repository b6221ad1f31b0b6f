import imageCopy from '../zfs/image-copy.experiment.ts';
import { busiestIs, copied } from '../zfs/experiment-findings.samples.ts';
import encryptedAgainstPlain from '../zfs/encrypted-against-plain.experiment.ts';
import busiestDatasets, { isEncrypted, writesOutEncrypted } from '../zfs/busiest-datasets.fact.ts';
import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockDevices from '../disk/block-devices.probe.ts';
import kernelCommandLine from '../kernel/command-line.probe.ts';
import taskUsage from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import { ampleCpu, implementations, pool, threads, writtenTo } from '../zfs/crypto.samples.ts';
import { busyThreadsPercent } from '../zfs/crypto-promise.ts';
import encryptedPools from '../zfs/encrypted-pools.fact.ts';
import moveToUnencryptedDataset from '../zfs/move-to-unencrypted-dataset.mitigation.ts';
import zfsImplementations from '../zfs/zfs-implementations.probe.ts';
import zfsThreads from '../zfs/zfs-threads.fact.ts';
import { avxDisabledText, parameterAgainstAvx } from './avx-switched-off.ts';
import cpuInfo from './cpu-info.probe.ts';
import cryptoSpeed from './crypto-speed.experiment.ts';
import { driverFor, encryptionPercent, isSoftware } from './disk-encryption.ts';
import kernelCrypto from './kernel-crypto.probe.ts';
import { blockDevicesOf, cryptoWith } from './kernel-crypto.samples.ts';
import useCpuWithAvx from './use-cpu-with-avx.mitigation.ts';
import vulnerabilities from './vulnerabilities.probe.ts';

const needed = ['aes', 'pclmulqdq', 'avx'] as const;

function lacking(flags: readonly string[]): string[] {
  return needed.filter((flag) => !flags.includes(flag));
}

interface Place extends ObjectRef {
  /** Which of ZFS's pools; undefined for volumes that the kernel encrypts (dm-crypt, LUKS). */
  readonly pool?: string;
  readonly writtenBytesPerSecond?: number | undefined;
  readonly readBytesPerSecond?: number | undefined;
}

/** Where ZFS counts no traffic, the pool may be in use. */
function isInUse({ writtenBytesPerSecond, readBytesPerSecond }: { writtenBytesPerSecond?: number | undefined; readBytesPerSecond?: number | undefined }): boolean {
  return writtenBytesPerSecond === undefined || writtenBytesPerSecond + (readBytesPerSecond ?? 0) >= 500_000;
}

function isX86(vendor: string): boolean {
  return /^(GenuineIntel|AuthenticAMD|HygonGenuine|CentaurHauls|Shanghai)$/.test(vendor.trim());
}

const pentium = { ...ampleCpu, model: 'Intel(R) Pentium(R) CPU G4400 @ 3.30GHz', flags: ['sse2', 'ssse3', 'aes', 'pclmulqdq'] };
const withoutAvx = {
  cpu: pentium,
  zfs: implementations('generic pclmulqdq', 'generic x86_64 aesni', 'scalar sse2 ssse3'),
};

export default defineHypothesis({
  id: 'cpu-lacks-crypto-instructions',
  subject: 'cpu',
  proven: 'lab',
  title: 'This CPU lacks the instructions that fast encryption needs',
  about: `ZFS encrypts many times faster with the instructions AES, PCLMULQDQ and AVX. Small or old processors (Pentium, Celeron and Atom models, anything before
2011) and virtual machines with a basic CPU type (\`kvm64\`, \`x86-64-v2-AES\`) do not have all of them, and then a single stream of encrypted writes takes a whole core. It is no
defect and no update brings them; it has always been so on this machine, unless the CPU type of the virtual machine or a mitigation (\`gather_data_sampling=force\`) took them away. For LUKS and dm-crypt, AES alone matters.

To be sure by hand: \`grep -o -m1 -w -E 'avx|aes|pclmulqdq' /proc/cpuinfo\` must name all three.`,
  needs: {
    cpu: cpuInfo,
    encrypted: encryptedPools,
    encryptedIfAny: optional(encryptedPools),
    zfs: zfsImplementations,
    threads: zfsThreads,
    blocks: optional(blockDevices),
    crypto: kernelCrypto,
    usage: taskUsage,
    vulnerabilities: optional(vulnerabilities),
    commandLine: optional(kernelCommandLine),
    busiest: optional(busiestDatasets),
  },
  objects: (facts): readonly Place[] => {
    const hasVolumes = facts.blocks?.devices.some((device) => device.type === 'crypt') ?? false;
    return hasVolumes ? [...(facts.encryptedIfAny?.pools ?? []), { object: 'host' }] : facts.encrypted.pools;
  },
  noObjects: 'nothing on this host is encrypted by ZFS with its key loaded, or by the kernel',
  // For a place whose encrypted data is in use: about one such host in fifty has no AVX, and a third of them write enough to feel it.
  prior: 1 / 150,
  explains: { 'io-delay': 0.8, 'high-load': 0.4, 'cpu-pressure': 0.4, 'disk-latency': 0.1, 'guest-slow': 0.4, 'target-missing': 0.2 },
  evidence: [
    {
      outcome: (facts, place) => {
        if (place.pool === undefined) return isSoftware(driverFor(facts.crypto, 'xts(aes)') ?? '') && encryptionPercent(facts.usage) >= 50 ? 'kernel' : 'not';
        const { writeIssue, readInterrupt } = facts.threads;
        return (isInUse(place) || writesOutEncrypted(facts.busiest, place.object)) && Math.max(writeIssue.totalPercent, readInterrupt.totalPercent) >= busyThreadsPercent ? 'zfs' : 'not';
      },
      table: {
        zfs: {
          ifCause: 0.7,
          otherwise: 0.00022,
          decisive: true,
          says: ({ cpu, threads: { writeIssue, readInterrupt } }) =>
            `The CPU lacks ${lacking(cpu.flags).join(', ')}, and while encrypted data is in use ZFS's threads compute ${Math.max(writeIssue.totalPercent, readInterrupt.totalPercent).toFixed(0)} % of one core's time.`,
        },
        kernel: {
          ifCause: 0.25,
          otherwise: 0.00008,
          decisive: true,
          says: ({ usage }) => `The CPU lacks aes, so the kernel encrypts disks with tables, and that takes ${Math.round(encryptionPercent(usage))} % of a processor at this moment.`,
        },
        not: { ifCause: 0.05, otherwise: 0.9997, says: 'No thread that encrypts computes at its limit for want of an instruction.' },
      },
      excerpt: (facts, { pool }) => `${facts.cpu.model}; ${pool === undefined ? (driverFor(facts.crypto, 'xts(aes)') ?? '') : `icp_gcm_impl: ${facts.zfs.gcm?.available.join(' ') ?? 'missing'}`}`,
    },
  ],
  tested: [
    {
      // What lacks AVX alone is slow in ZFS, not in programs.
      experiment: cryptoSpeed,
      table: {
        'programs slow, kernel not measured': { ifCause: 0.4, otherwise: 0.015 },
        'kernel and programs are slow': { ifCause: 0.15, otherwise: 0.008 },
        'kernel slow, programs quick': { ifCause: 0.004, otherwise: 0.004 },
        'programs quick, kernel not measured': { ifCause: 0.35, otherwise: 0.75 },
        'kernel and programs are quick': { ifCause: 0.1, otherwise: 0.2 },
      },
    },
    {
      experiment: encryptedAgainstPlain,
      // Programs do without AVX, ZFS does not; where AES is lacking, both are slow.
      table: {
        'encrypting costs far too much': { ifCause: 0.7, otherwise: 0.03 },
        'encrypting costs what it must': { ifCause: 0.3, otherwise: 0.97 },
      },
    },
    {
      experiment: imageCopy,
      about: ({ busiest }, { object }) => (isEncrypted(busiest, object) ? [object] : []),
      table: {
        'slow only with the properties of the dataset': { ifCause: 0.8, otherwise: 0.08 },
        'slow everywhere in the pool': { ifCause: 0.04, otherwise: 0.25 },
        'slow in every pool': { ifCause: 0.02, otherwise: 0.07 },
        'quick everywhere': { ifCause: 0.14, otherwise: 0.6 },
      },
    },
  ],
  ruledOut: [
    { when: ({ cpu }) => !isX86(cpu.vendor), says: 'this is told for x86 processors only' },
    {
      when: ({ cpu, vulnerabilities: known, commandLine }) =>
        lacking(cpu.flags).join(' ') === 'avx' && (known?.['gather_data_sampling'] === avxDisabledText || parameterAgainstAvx(commandLine?.parameters ?? [], known) !== undefined),
      says: 'this CPU may well have AVX: a mitigation or a boot parameter switches it off',
    },
    { when: ({ cpu }, { pool }) => pool === undefined && cpu.flags.includes('aes'), says: 'this CPU has AES' },
    { when: ({ cpu }) => isX86(cpu.vendor) && lacking(cpu.flags).length === 0, says: 'this CPU has AES, PCLMULQDQ and AVX' },
  ],
  mechanisms: ['zfs-txg-stalled', 'cpu-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not look for a fault in disks or memory: encryption is what the data waits for.'],
  mitigations: [moveToUnencryptedDataset, useCpuWithAvx],
  references: ['openzfs/zfs PR #9749', 'openzfs/zfs 31b160f0a6'],
  examples: {
    supporting: [
      {
        name: 'a Pentium, where a copy is slow only with encryption',
        given: { ...withoutAvx, encrypted: writtenTo, threads: threads(98), busiest: busiestIs({ encryption: 'aes-256-gcm' }) },
        found: [copied('slow only with the properties of the dataset')],
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: 'writers are held up altogether while what they wrote is still being encrypted',
        given: { ...withoutAvx, encrypted: { pools: [pool({ writtenBytesPerSecond: 0 })] }, threads: threads(98), busiest: busiestIs({ encryption: 'aes-256-gcm', writtenBytesPerSecond: 0 }) },
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: 'a Pentium without AVX writes encrypted data',
        given: { ...withoutAvx, encrypted: writtenTo, threads: threads(98) },
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: 'a Celeron without AES writes to a LUKS volume, without ZFS',
        given: {
          cpu: { ...ampleCpu, model: 'Intel(R) Celeron(R) CPU N3050 @ 1.60GHz', flags: ['sse2', 'ssse3', 'pclmulqdq'] },
          blocks: blockDevicesOf('disk', 'crypt'),
          crypto: cryptoWith('xts(ecb(aes-generic))', 100),
          usage: taskUsageOf({ name: 'kworker/u8:2+kcryptd/253:0', kernelThread: true, cpuPercent: 97 }),
        },
        object: 'host',
        expect: 'identified',
      },
      {
        name: 'a processor without AES writes encrypted data, and is as slow in programs',
        given: {
          cpu: { ...ampleCpu, model: 'Intel(R) Celeron(R) CPU N3050 @ 1.60GHz', flags: ['sse2', 'ssse3', 'pclmulqdq'] },
          encrypted: writtenTo,
          zfs: implementations('generic pclmulqdq', 'generic x86_64', 'scalar sse2 ssse3'),
          threads: threads(98),
        },
        found: [{ experiment: cryptoSpeed, findings: [{ object: 'host', outcome: 'programs slow, kernel not measured', says: 'Beside SHA-512 AES-256-GCM in a program is 0.4 times as quick.' }] }],
        object: 'storage/tank',
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'a LUKS volume on a CPU with AES but without AVX, which it does not need',
        given: {
          cpu: { ...ampleCpu, flags: ['sse2', 'ssse3', 'aes', 'pclmulqdq'] },
          blocks: blockDevicesOf('disk', 'crypt'),
          crypto: cryptoWith('xts-aes-aesni', 401),
          usage: taskUsageOf({ name: 'kworker/u8:2+kcryptd/253:0', kernelThread: true, cpuPercent: 97 }),
        },
        expect: 'ruled-out',
      },
      {
        name: 'a LUKS volume at rest on a CPU without AES',
        given: { cpu: { ...ampleCpu, flags: ['sse2', 'ssse3'] }, blocks: blockDevicesOf('disk', 'crypt'), crypto: cryptoWith('xts(ecb(aes-generic))', 100), usage: taskUsageOf() },
        expect: 'not-a-cause',
      },
      { name: 'a Pentium without AVX, nothing encrypted', given: { ...withoutAvx, encrypted: { pools: [] }, threads: threads(0) }, expect: 'ruled-out' },
      { name: 'a Pentium without AVX whose encrypted data is at rest', given: { ...withoutAvx, encrypted: { pools: [pool({ writtenBytesPerSecond: 0 })] }, threads: threads(1) }, expect: 'not-a-cause' },
      {
        name: 'a Pentium without AVX compresses plain data; the encrypted data is at rest',
        given: { ...withoutAvx, encrypted: { pools: [pool({ writtenBytesPerSecond: 2_000 })] }, threads: threads(97) },
        expect: 'not-a-cause',
      },
      {
        name: 'threads that write are busy, and all that is written to is plain',
        given: { ...withoutAvx, encrypted: { pools: [pool({ writtenBytesPerSecond: 0 })] }, threads: threads(97), busiest: busiestIs({ writtenBytesPerSecond: 0 }) },
        expect: 'not-a-cause',
      },
      {
        name: 'a mitigation took AVX away',
        given: { ...withoutAvx, encrypted: writtenTo, threads: threads(97), vulnerabilities: { gather_data_sampling: avxDisabledText } },
        expect: 'ruled-out',
      },
      {
        name: 'the CPU has all, the kernel hides it',
        given: { ...withoutAvx, cpu: ampleCpu, encrypted: writtenTo, threads: threads(97) },
        expect: 'ruled-out',
      },
    ],
  },
});
