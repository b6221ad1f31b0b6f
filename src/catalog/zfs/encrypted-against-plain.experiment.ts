import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { absent, unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { estimate, pairedRatio } from '../../lib/paired.ts';
import { optional } from '../../define/source.ts';
import encryptedPools from './encrypted-pools.fact.ts';
import { refusalsOfWriting } from './pool-refusals.ts';
import snapshotTools from './snapshot-tools.probe.ts';
import { createOptions, historyTrace, makeTemporaries, plainPoolName, removeTemporaries, temporaryDatasets } from './temporary-datasets.ts';
import zpools from './zpools.fact.ts';

const megabyte = 1_048_576;
/** Largest amount written to one side in one round, and how many rounds of four writes there are. */
const mostMib = 48;
const rounds = 3;
const limitSeconds = 120;
/** A round takes half a minute at most: what was measured until then must not be lost at the limit. */
const lastRoundMs = 70_000;
const longSyncMs = 1_500;
/** ZFS on the slow path takes five to fifteen times the processor time of AES-GCM in a program, on the quick one about as much. */
const farTooMuch = 4;
/** Quicker than this, a program uses wider instructions (VAES) than the quick path of ZFS, which does no harm. */
const mostProgramBytesPerSecond = 3e9;

interface Write {
  readonly side: 'plain' | 'encrypted';
  readonly bytes: number;
  readonly milliseconds: number;
  /** Processor time of ZFS's writing threads. */
  readonly cpuSeconds: number;
}

function writeOf([, side, bytes, milliseconds, ticks]: readonly string[], hertz: number): Write[] {
  const numbers = [bytes, milliseconds, ticks].map(countIn);
  if ((side !== 'plain' && side !== 'encrypted') || numbers.includes(undefined) || (numbers[0] ?? 0) === 0) return [];
  const [size = 0, took = 0, cpu = 0] = numbers as number[];
  return [{ side, bytes: size, milliseconds: Math.max(took, 10), cpuSeconds: cpu / hertz }];
}

/**
 * Bytes a second of AES in a program, as `openssl speed` ends its table (`AES-256-GCM     1234567.89k`), or in the kernel, as `cryptsetup benchmark` has it
 * (`aes-xts        512b      2401.3 MiB/s      2399.0 MiB/s`).
 */
function programBytesPerSecond(line: string): number | undefined {
  const [, thousands] = /^aes-\d+-gcm\s.*?(\d{1,12}(?:\.\d{1,3})?)k\s*$/i.exec(line.slice(0, 500)) ?? [];
  const [, mebibytes] = /^\s*aes-xts\s+(?:256|512)b\s+(\d{1,9}(?:\.\d{1,3})?) MiB\/s/.exec(line.slice(0, 500)) ?? [];
  const rate = thousands === undefined ? Number(mebibytes ?? 0) * megabyte : Number(thousands) * 1_000;
  return rate > 0 ? Math.min(rate, mostProgramBytesPerSecond) : undefined;
}

function secondsPerGigabyte(writes: readonly Write[], side: Write['side']): number[] {
  return writes.filter((one) => one.side === side).map((one) => (one.cpuSeconds / one.bytes) * 1e9);
}

function findingOf(pool: string, writes: readonly Write[], program: number): Finding {
  const [plain, encrypted] = [secondsPerGigabyte(writes, 'plain'), secondsPerGigabyte(writes, 'encrypted')];
  const rates = (side: Write['side']): number[] => writes.filter((one) => one.side === side).map((one) => one.bytes / one.milliseconds);
  const slower = pairedRatio(rates('plain').map((rate, index) => [rate, rates('encrypted')[index] ?? Number.NaN]));
  const more = estimate(encrypted.map((one, index) => (one - (plain[index] ?? Number.NaN)) * (program / 1e9)));
  if (more === undefined || slower === undefined) return { object: `storage/${pool}`, outcome: tooNoisy, says: `Too little could be written to ${pool} to compare.` };
  const what = `Encrypting costs ZFS on ${pool} ${more.mean.toFixed(1)} times the processor time that AES takes elsewhere on this host (95 % between ${more.low.toFixed(1)} and ${more.high.toFixed(1)}); an encrypted volume takes data ${slower.mean.toFixed(1)} times as slowly as a plain one.`;
  const outcome = more.low >= farTooMuch ? 'encrypting costs far too much' : more.high < farTooMuch ? 'encrypting costs what it must' : tooNoisy;
  return { object: `storage/${pool}`, outcome, says: what };
}

/**
 * Two sparse volumes of the same pool, alike but for encryption (own random key), are written by turns (plain, encrypted, encrypted, plain): the
 * difference of the processor time of ZFS's threads is what encrypting costs. What it must cost is measured beside it, by the same cipher in a program.
 */
export default defineExperiment({
  id: 'encrypted-against-plain',
  title: 'Writing to an encrypted volume and to a plain one',
  subject: 'zfs',
  about: `Makes two temporary sparse volumes in the pool, alike but for encryption with a random key, and writes up to ${mostMib} MiB to each by turns, ${2 * rounds} times. It tells encryption that is too slow from slow disks, a full pool or
too much work, since those hold up both volumes alike; and by the time that the same cipher takes in a program (\`openssl speed\`, or \`cryptsetup benchmark\` for the kernel's), it tells a slow path of ZFS from a slow processor.`,
  needs: { encrypted: encryptedPools, zpools: optional(zpools), tools: optional(snapshotTools) },
  risk: 'writes-temporary',
  costSeconds: 25,
  costBytes: (4 * rounds * mostMib + 8) * megabyte,
  limitSeconds,
  trace: historyTrace,
  differs: ['encryption'],
  objects: ({ encrypted }) => busiest(encrypted.pools).map((pool) => `storage/${pool}`),
  refusals: (facts) => busiest(facts.encrypted.pools).flatMap((name) => refusalsOfWriting(facts, name, { bytes: 2 * mostMib * megabyte, seconds: limitSeconds })),
  sh: ({ encrypted }) => {
    const [pool = ''] = busiest(encrypted.pools);
    const cipher = encrypted.pools.find((one) => one.pool === pool)?.modes.includes('aes-gcm') === true ? 'aes-256-gcm' : 'aes-256-ccm';
    const side = (name: string, encryption: string) => ({ pool, side: name, type: 'volume' as const, megabytes: 256, options: createOptions('volume', { compression: 'off', encryption }) ?? '' });
    return `is_root || denied 'root is needed to make volumes'
need zfs
have openssl || have cryptsetup || absent 'neither openssl nor cryptsetup is here to compare with'
${temporaryDatasets}
ticks() { cat /proc/[0-9]*/stat 2>/dev/null | awk '$2 ~ /^\\(z_wr_/ { n += $14 + $15 } END { print n + 0 }'; }
write() {
  from_ticks=$(ticks) from=$(experiment_ms)
  dd if=/dev/zero of="$2" bs=1M count="$3" oflag=direct conv=$durable 2>/dev/null || exit 1
  if [ "$durable" = notrunc ]; then as_root zpool sync ${pool} || exit 1; fi
  to=$(experiment_ms)
  echo "write $1 $(($3 * ${megabyte})) $((to - from)) $(($(ticks) - from_ticks))"
}
remove_leftovers ${pool}
no_snapshot_tool
${makeTemporaries([side('plain', 'off'), side('encrypted', cipher)])}
read -r plain <"$TMP/path.plain"
read -r encrypted <"$TMP/path.encrypted"
echo "pool ${pool} ${cipher} $(getconf CLK_TCK)"
if have openssl; then openssl speed -elapsed -seconds 1 -bytes 131072 -evp aes-256-gcm 2>/dev/null | tail -n 1; else as_root cryptsetup benchmark -c aes-xts -s 512 2>/dev/null; fi
# What a write leaves for later would count for the next one; where the pool has long to do for others, each only waits for its own data.
durable=notrunc
began=$(experiment_ms)
as_root zpool sync ${pool} || exit 1
if [ $(($(experiment_ms) - began)) -gt ${longSyncMs} ]; then durable=notrunc,fsync; fi
from=$(experiment_ms)
write plain "$plain" 4 >/dev/null
write encrypted "$encrypted" 4 >/dev/null
took=$(($(experiment_ms) - from))
count=$((12000 / (took + 1)))
[ "$count" -le ${mostMib} ] || count=${mostMib}
[ "$count" -ge 4 ] || count=4
round=0
while [ "$round" -lt ${rounds} ] && [ $(($(experiment_ms) - began)) -lt ${lastRoundMs} ]; do
  write plain "$plain" "$count"
  write encrypted "$encrypted" "$count"
  write encrypted "$encrypted" "$count"
  write plain "$plain" "$count"
  round=$((round + 1))
done`;
  },
  abortWhen: () => [{ metric: 'memory-pressure', limitPercent: 40 }],
  cleanUp: ({ encrypted }) => busiest(encrypted.pools).map((pool) => removeTemporaries(pool, ['plain', 'encrypted'])).join('\n'),
  parse: (stdout) => {
    const rows = stdout.split('\n', 200);
    const [, pool, , hertz] = words(rows.find((row) => row.startsWith('pool ')) ?? '');
    if (pool === undefined) return unparsable('no pool is named');
    const program = rows.map(programBytesPerSecond).find((one) => one !== undefined);
    if (program === undefined) return absent('nothing here could say how quick AES is');
    const writes = rows.filter((row) => row.startsWith('write ')).flatMap((row) => writeOf(words(row), countIn(hertz) || 100));
    return { findings: [findingOf(pool, writes, program)] };
  },
  outcomes: { 'encrypting costs far too much': 0.02, 'encrypting costs what it must': 0.98 },
  examples: [
    {
      name: 'a slow path: 5 s of processor time for a gigabyte that takes a program 0.4 s',
      from: 'documented',
      stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
${abba([64, 10], [320, 35])}`,
      findings: [{ object: 'storage/tank', outcome: 'encrypting costs far too much' }],
    },
    {
      name: 'the quick path',
      from: 'documented',
      stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
${abba([64, 10], [70, 13])}`,
      findings: [{ object: 'storage/tank', outcome: 'encrypting costs what it must' }],
    },
    {
      name: 'the quick path on an emulated machine without openssl, beside the speed of the kernel',
      from: 'recorded',
      stdout: `pool tank aes-256-gcm 100
# Tests are approximate using memory only (no storage IO).
# Algorithm |       Key |      Encryption |      Decryption
    aes-xts        512b        49.7 MiB/s        56.0 MiB/s
write plain 18874368 1060 78
write encrypted 18874368 1660 149
write encrypted 18874368 1660 135
write plain 18874368 860 39
write plain 18874368 860 71
write encrypted 18874368 1720 154
write encrypted 18874368 1750 145
write plain 18874368 880 46
write plain 18874368 900 69
write encrypted 18874368 1760 167
write encrypted 18874368 1720 153
write plain 18874368 970 41
`,
      findings: [{ object: 'storage/tank', outcome: 'encrypting costs what it must' }],
    },
    {
      name: 'the quick path on a machine that was busy with something else',
      from: 'recorded',
      stdout: `pool tank aes-256-gcm 100
# Tests are approximate using memory only (no storage IO).
# Algorithm |       Key |      Encryption |      Decryption
    aes-xts        512b        41.3 MiB/s        42.3 MiB/s
write plain 9437184 940 73
write encrypted 9437184 1390 114
write encrypted 9437184 1490 119
write plain 9437184 1360 98
write plain 9437184 1100 81
write encrypted 9437184 1780 136
write encrypted 9437184 2290 212
write plain 9437184 1140 86
write plain 9437184 1140 82
write encrypted 9437184 2280 183
write encrypted 9437184 1430 115
write plain 9437184 1110 66
`,
      findings: [{ object: 'storage/tank', outcome: tooNoisy }],
    },
    {
      name: 'other writers take turns with us',
      from: 'documented',
      stdout: `pool tank aes-256-gcm 100
AES-256-GCM    2500000.00k
write plain 50331648 64 10
write encrypted 50331648 320 90
write encrypted 50331648 70 4
write plain 50331648 400 60
`,
      findings: [{ object: 'storage/tank', outcome: tooNoisy }],
    },
    { name: 'an openssl that cannot tell', from: 'documented', stdout: 'pool tank aes-256-gcm 100\nwrite plain 50331648 64 10\n', findings: 'absent' },
    { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
  ],
});

/** The pool with encrypted data that most is written to. Names that a shell would take apart are left out. */
function busiest(pools: readonly { readonly pool: string; readonly writtenBytesPerSecond?: number | undefined }[]): string[] {
  const known = pools.filter(({ pool }) => plainPoolName.test(pool));
  return known.toSorted((a, b) => (b.writtenBytesPerSecond ?? 0) - (a.writtenBytesPerSecond ?? 0)).slice(0, 1).map(({ pool }) => pool);
}

/** Three rounds of writes by turns, each of the milliseconds and ticks given, a little apart from each other. */
function abba(plain: readonly [number, number], encrypted: readonly [number, number]): string {
  const line = (side: string, [milliseconds, ticks]: readonly [number, number], more: number): string => `write ${side} 50331648 ${milliseconds + 2 * more} ${ticks + more}\n`;
  return [0, 1, 2].map((more) => line('plain', plain, more % 2) + line('encrypted', encrypted, more) + line('encrypted', encrypted, 1) + line('plain', plain, 0)).join('');
}
