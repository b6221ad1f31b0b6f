import { defineHypothesis } from '../../define/hypothesis.ts';
import blockDevices from '../disk/block-devices.probe.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import taskUsage from '../kernel/task-usage.fact.ts';
import cpuInfo from './cpu-info.probe.ts';
import cryptoSpeed from './crypto-speed.experiment.ts';
import { driverFor, encryptionPercent, isSoftware } from './disk-encryption.ts';
import { blockDevicesOf, cryptoWith } from './kernel-crypto.samples.ts';
import kernelCipherSpeed from './kernel-cipher-speed.experiment.ts';
import kernelCrypto from './kernel-crypto.probe.ts';
import loadCryptoDriver from './load-crypto-driver.mitigation.ts';
import { intelServer, virtualCpu } from './processors.ts';

export default defineHypothesis({
  id: 'kernel-crypto-unaccelerated',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The kernel encrypts disks without the AES instructions that the processor has',
  about: `LUKS and dm-crypt take the cipher of the highest priority in \`/proc/crypto\`. Where the driver for the processor's AES instructions is not loaded or refused to load, a
generic one is taken, ten to forty times slower: one stream then fills a processor in \`kcryptd\`, and disks behind it look slow. Programs such as openssl are
not affected, nor is ZFS with its own encryption.

To be sure by hand: \`grep -A3 'xts(aes)' /proc/crypto\` shows only generic drivers although \`/proc/cpuinfo\` has the flag \`aes\`, and \`cryptsetup benchmark -c aes-xts\` gives
some hundred MiB/s at most.`,
  needs: { cpu: cpuInfo, crypto: kernelCrypto, blocks: blockDevices, usage: taskUsage },
  prior: 1 / 800,
  explains: { 'io-delay': 0.6, 'high-load': 0.5, 'cpu-pressure': 0.3, 'disk-latency': 0.4, 'guest-slow': 0.4 },
  evidence: [
    {
      when: ({ crypto }) => isSoftware(driverFor(crypto, 'xts(aes)') ?? ''),
      likelihood: { ifCause: 0.97, otherwise: 0.004 },
      says: ({ crypto }) => `For xts(aes) the kernel takes the generic driver ${driverFor(crypto, 'xts(aes)') ?? ''}, although the processor has AES instructions.`,
      saysNot: 'For the cipher of LUKS the kernel takes a driver that uses the processor’s instructions.',
      excerpt: ({ crypto }) => driverFor(crypto, 'xts(aes)') ?? 'xts(aes) is not listed',
    },
    {
      when: ({ crypto, usage }) => isSoftware(driverFor(crypto, 'xts(aes)') ?? '') && encryptionPercent(usage) >= 50,
      decisive: true,
      likelihood: { ifCause: 0.8, otherwise: 0.001 },
      says: ({ usage }) => `Encrypting disks so takes ${Math.round(encryptionPercent(usage))} % of a processor at this moment.`,
      saysNot: 'No processor is kept busy by a generic driver at this moment.',
      group: 'work',
    },
  ],
  tested: [
    {
      experiment: kernelCipherSpeed,
      table: {
        'the kernel does without the instructions': { ifCause: 0.96, otherwise: 0.004, decisive: true },
        'the kernel uses the instructions': { ifCause: 0.04, otherwise: 0.996 },
      },
    },
    {
      experiment: cryptoSpeed,
      table: {
        'kernel slow, programs quick': { ifCause: 0.9, otherwise: 0.003, decisive: true },
        'kernel and programs are quick': { ifCause: 0.02, otherwise: 0.9 },
        'kernel and programs are slow': { ifCause: 0.03, otherwise: 0.02 },
        'kernel quick, programs slow': { ifCause: 0.01, otherwise: 0.01 },
      },
    },
  ],
  ruledOut: [
    { when: ({ blocks }) => !blocks.devices.some((device) => device.type === 'crypt'), says: 'no disk of this host is encrypted by the kernel (dm-crypt, LUKS)' },
    { when: ({ cpu }) => !cpu.flags.includes('aes'), says: 'this processor has no AES instructions' },
  ],
  broughtBy: ['kernel', 'kernel-settings'],
  mechanisms: ['cpu-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [loadCryptoDriver],
  references: ['Linux Documentation/crypto/architecture.rst', 'amazonlinux/amazon-linux-2023 #1126'],
  examples: {
    supporting: [
      {
        name: 'nothing is written just now, and the kernel is no quicker than with tables',
        given: { cpu: intelServer, crypto: cryptoWith('xts(ecb(aes-fixed-time))', 101), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf({ name: 'kworker/u8:2', kernelThread: true, cpuPercent: 1 }) },
        found: [{ experiment: kernelCipherSpeed, findings: [{ object: 'host', outcome: 'the kernel does without the instructions', says: 'The kernel’s own AES-256 (ecb(aes-generic)) does 0.19 GB/s, 1.0 times as much as its generic driver.' }] }],
        expect: 'identified',
      },
      {
        name: 'the driver is not loaded while a LUKS volume is written',
        given: { cpu: intelServer, crypto: cryptoWith('xts(ecb(aes-fixed-time))', 101), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf({ name: 'kworker/u8:2+kcryptd/253:0', kernelThread: true, cpuPercent: 96 }) },
        expect: 'identified',
      },
      {
        name: 'at rest just now, but measured: the kernel is slow and programs are not',
        given: { cpu: intelServer, crypto: cryptoWith('xts(ecb(aes-fixed-time))', 101), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf() },
        found: [{ experiment: cryptoSpeed, findings: [{ object: 'host', outcome: 'kernel slow, programs quick', says: 'In the kernel, AES-XTS is 0.3 times as quick as SHA-512 (95 % between 0.3 and 0.3).' }] }],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'a generic driver is named, but the kernel encrypts as quickly as programs do',
        given: { cpu: intelServer, crypto: cryptoWith('xts(ecb(aes-lib))', 150), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf() },
        found: [{ experiment: cryptoSpeed, findings: [{ object: 'host', outcome: 'kernel and programs are quick', says: 'In the kernel, AES-XTS is 6.1 times as quick as SHA-512 (95 % between 5.8 and 6.4).' }] }],
        expect: 'not-a-cause',
      },
      { name: 'the right driver, at full speed', given: { cpu: intelServer, crypto: cryptoWith('xts-aes-aesni', 401), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf({ name: 'kworker/u8:2+kcryptd/253:0', kernelThread: true, cpuPercent: 96 }) }, expect: 'not-a-cause' },
      { name: 'no encrypted disk', given: { cpu: virtualCpu, crypto: cryptoWith('xts(ecb(aes-fixed-time))', 101), blocks: blockDevicesOf('disk'), usage: taskUsageOf() }, expect: 'ruled-out' },
      { name: 'encrypted, but at rest', given: { cpu: intelServer, crypto: cryptoWith('xts-aes-vaes-avx2', 600), blocks: blockDevicesOf('disk', 'crypt'), usage: taskUsageOf() }, expect: 'not-a-cause' },
    ],
  },
});
