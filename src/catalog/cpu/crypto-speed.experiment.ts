import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { numberIn, words } from '../../lib/host-text.ts';
import { pairedRatio, type Estimate } from '../../lib/paired.ts';
import blockDevices from '../disk/block-devices.probe.ts';
import { epycPrograms, epycWithoutInstructions } from './crypto-speed.samples.ts';

const rounds = 3;
/**
 * AES-256 against SHA-512, which hardly any processor has instructions for, so that its time tells how quick the processor is. With instructions AES takes 0.3 to 6 cycles
 * for a byte where SHA-512 takes 2 to 17, slow small cores included: it is 2.5 to 10 times as quick. With tables or vector permutation it takes 10 to 25 cycles, 0.2 to 0.8 of the
 * speed of SHA-512. An emulated processor lies between the two.
 */
const quickFrom = 2;
const slowUpTo = 1.2;
const features = ['aes', 'pmull', 'pclmulqdq', 'avx', 'avx2', 'vaes'];

/** Bytes a second, as the last line of `openssl speed` has them: `AES-256-GCM    3469393.92k`. */
function programRate(line: string): number | undefined {
  const thousands = numberIn(/\s(\d{1,12}(?:\.\d{1,3})?)k$/.exec(line.slice(0, 200).trimEnd())?.[1]);
  return thousands === undefined || thousands <= 0 ? undefined : thousands * 1_000;
}

/** The slower of encrypting and decrypting, as `cryptsetup benchmark` has them: `aes-xts        512b      2034.7 MiB/s      2037.0 MiB/s`. */
function kernelRate(line: string): number | undefined {
  const [name, bits, encrypt, , decrypt] = words(line.slice(0, 200));
  const rate = Math.min(numberIn(encrypt) ?? 0, numberIn(decrypt) ?? 0);
  return name === 'aes-xts' && bits === '512b' && rate > 0 ? rate * 1_048_576 : undefined;
}

type Pace = 'quick' | 'slow' | 'not measured' | undefined;

/** Undefined: neither is sure. */
function paceOf(ratio: Estimate | undefined, measured: boolean): Pace {
  if (!measured) return 'not measured';
  if (ratio !== undefined && ratio.low >= quickFrom) return 'quick';
  return ratio !== undefined && ratio.high <= slowUpTo ? 'slow' : undefined;
}

/** By the pace of the kernel's cipher, then of that in programs. */
const outcomeOf: Readonly<Record<string, string>> = {
  'quick quick': 'kernel and programs are quick',
  'slow quick': 'kernel slow, programs quick',
  'slow slow': 'kernel and programs are slow',
  'quick slow': 'kernel quick, programs slow',
  'not measured quick': 'programs quick, kernel not measured',
  'not measured slow': 'programs slow, kernel not measured',
};

const gigabytes = (rates: readonly number[]): string => (rates.reduce((sum, rate) => sum + rate, 0) / rates.length / 1e9).toFixed(2);
const times = (ratio: Estimate | undefined): string => (ratio === undefined ? 'cannot be compared' : `is ${ratio.mean.toFixed(1)} times as quick (95 % between ${ratio.low.toFixed(1)} and ${ratio.high.toFixed(1)})`);

function findingOf(flags: readonly string[], aes: readonly number[], sha: readonly number[], kernel: readonly number[]): Finding {
  const programs = pairedRatio(aes.map((rate, index) => [rate, sha[index] ?? Number.NaN]));
  // In each round the kernel has its turn between two of SHA-512.
  const inKernel = pairedRatio(kernel.map((rate, index) => [rate, Math.sqrt((sha[2 * index] ?? Number.NaN) * (sha[2 * index + 1] ?? Number.NaN))]));
  const pace = `${paceOf(inKernel, kernel.length > 0)} ${paceOf(programs, true)}`;
  const beside = kernel.length === 0 ? 'The kernel’s own cipher was not measured.' : `In the kernel, AES-XTS ${times(inKernel)}, ${gigabytes(kernel)} GB/s.`;
  const offers = flags.length === 0 ? 'The processor shows no instructions for it.' : `The processor shows ${flags.join(', ')}.`;
  const says = `Beside SHA-512 (${gigabytes(sha)} GB/s) AES-256-GCM in a program ${times(programs)}, ${gigabytes(aes)} GB/s; with instructions for AES it is ${quickFrom} or more, without them less than 1. ${beside} ${offers}`;
  return { object: 'host', outcome: outcomeOf[pace] ?? tooNoisy, says };
}

/** Rounds of AES, SHA-512, the kernel's AES, SHA-512, AES, so that a drift of the clock bears on all alike. `openssl speed` counts its own processor time, not waiting. */
export default defineExperiment({
  id: 'crypto-speed',
  title: 'Speed of AES in programs and in the kernel',
  subject: 'cpu',
  about: `Measures AES-256-GCM in a program (\`openssl speed\`) against SHA-512 on the same processor, which needs no instructions of its own, and where the kernel encrypts disks here, its AES-XTS as
well (\`cryptsetup benchmark\`). It tells encryption that is slow in ZFS alone, in the kernel alone, or in the whole processor. The limits are relative, so that a slow or old processor is not taken for a
broken one. It does not measure ZFS itself; \`encrypted-against-plain\` does.`,
  needs: { blocks: optional(blockDevices) },
  risk: 'read-only',
  costSeconds: 21,
  costBytes: 0,
  limitSeconds: 60,
  differs: ['cipher or hash', 'in the kernel or in a program'],
  objects: () => ['host'],
  refusals: () => [],
  // Asking for the kernel's ciphers can make it load modules, so that is done only where volumes are encrypted or the modules are there already.
  sh: ({ blocks }) => `need openssl
speed() { openssl speed -seconds 1 -bytes 16384 -evp "$1" 2>/dev/null | tail -n 1; }
kernel=${blocks?.devices.some((device) => device.type === 'crypt') === true ? 'yes' : 'no'}
if grep -q '^ALG ' /proc/net/protocols 2>/dev/null && [ -d /sys/module/algif_skcipher ]; then kernel=yes; fi
have cryptsetup || kernel=no
echo "flags $(grep -m 1 -E '^(flags|Features)' /proc/cpuinfo | tr ' ' '\\n' | grep -x -E '${features.join('|')}' | tr '\\n' ' ')"
round=0
while [ "$round" -lt ${rounds} ]; do
  echo "aes $(speed aes-256-gcm)"
  echo "sha $(speed sha512)"
  if [ "$kernel" = yes ]; then cryptsetup benchmark -c aes-xts -s 512 2>/dev/null | sed -n 's/^ *aes-xts/kernel aes-xts/p'; fi
  echo "sha $(speed sha512)"
  echo "aes $(speed aes-256-gcm)"
  round=$((round + 1))
done`,
  abortWhen: () => [{ metric: 'cpu-pressure', limitPercent: 90 }],
  cleanUp: () => ':',
  parse: (stdout) => {
    const rows = stdout.split('\n', 100);
    const of = (word: string): string[] => rows.filter((row) => row.startsWith(`${word} `)).map((row) => row.slice(word.length + 1));
    const [aes, sha] = [of('aes').flatMap((row) => programRate(row) ?? []), of('sha').flatMap((row) => programRate(row) ?? [])];
    const flags = words(of('flags')[0] ?? '').filter((flag) => features.includes(flag));
    if (aes.length === 0 || sha.length === 0) return unparsable('openssl told no speed');
    return { findings: [findingOf(flags, aes, sha, of('kernel').flatMap((row) => kernelRate(row) ?? []))] };
  },
  outcomes: {
    'programs quick, kernel not measured': 0.77,
    'kernel and programs are quick': 0.2,
    'programs slow, kernel not measured': 0.015,
    'kernel and programs are slow': 0.008,
    'kernel slow, programs quick': 0.004,
    'kernel quick, programs slow': 0.003,
  },
  examples: [
    { name: 'a virtual machine on an AMD EPYC', from: 'recorded', stdout: epycPrograms, findings: [{ object: 'host', outcome: 'programs quick, kernel not measured' }] },
    { name: 'the same, with the instructions hidden from OpenSSL', from: 'recorded', stdout: epycWithoutInstructions, findings: [{ object: 'host', outcome: 'programs slow, kernel not measured' }] },
    { name: 'AES twelve times as quick, in both places', from: 'documented', stdout: answer(6_000_000, 500_000, 3_400), findings: [{ object: 'host', outcome: 'kernel and programs are quick' }] },
    { name: 'the kernel takes tables', from: 'documented', stdout: answer(3_400_000, 640_000, 190), findings: [{ object: 'host', outcome: 'kernel slow, programs quick' }] },
    { name: 'a processor without AES', from: 'documented', stdout: answer(240_000, 640_000, 190).replace('flags aes', 'flags'), findings: [{ object: 'host', outcome: 'kernel and programs are slow' }] },
    { name: 'an openssl that was built without assembler', from: 'documented', stdout: answer(140_000, 400_000, 2_400), findings: [{ object: 'host', outcome: 'kernel quick, programs slow' }] },
    { name: 'between the two, as an emulated processor is', from: 'documented', stdout: answer(90_000, 60_000), findings: [{ object: 'host', outcome: tooNoisy }] },
    { name: 'two measurements only', from: 'documented', stdout: 'flags aes\naes AES-256-GCM    3469393.92k\nsha sha512    646316.03k\nsha sha512    646316.03k\naes AES-256-GCM    3469393.92k\n', findings: [{ object: 'host', outcome: tooNoisy }] },
    { name: 'a small old core: slow, and yet three times as quick as SHA-512', from: 'documented', stdout: answer(260_000, 95_000), findings: [{ object: 'host', outcome: 'programs quick, kernel not measured' }] },
    { name: 'an openssl that does not know the options', from: 'documented', stdout: 'flags aes\naes \nsha \n', findings: 'unparsable' },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
  ],
});

/** Three rounds of these speeds (kB/s in programs, MiB/s in the kernel), a little apart from each other. */
function answer(aes: number, sha: number, kernel?: number): string {
  const program = (word: string, name: string, rate: number, more: number): string => `${word} ${name}    ${(rate * (1 + more / 50)).toFixed(2)}k\n`;
  const inKernel = kernel === undefined ? '' : `kernel aes-xts        512b      ${kernel.toFixed(1)} MiB/s      ${(kernel * 1.01).toFixed(1)} MiB/s\n`;
  const round = (more: number): string => program('aes', 'AES-256-GCM', aes, more) + program('sha', 'sha512', sha, 0) + inKernel + program('sha', 'sha512', sha, more) + program('aes', 'AES-256-GCM', aes, 0);
  return `flags aes pclmulqdq avx \n${[0, 1, 2].map(round).join('')}`;
}
