import { defineExperiment, tooNoisy, type Finding } from '../../define/experiment.ts';
import { absent, unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { estimate, medianEstimate, pairedRatio } from '../../lib/paired.ts';
import { optional } from '../../define/source.ts';
import { encryptedAgainstPlainSamples } from './encrypted-against-plain.samples.ts';
import encryptedPools from './encrypted-pools.fact.ts';
import { refusalsOfWriting } from './pool-refusals.ts';
import snapshotTools from './snapshot-tools.probe.ts';
import { createOptions, historyTrace, makeTemporaries, plainPoolName, removeTemporaries, temporaryDatasets, type Temporary } from './temporary-datasets.ts';
import zpools from './zpools.fact.ts';
import kernelCipherSpeed from '../cpu/kernel-cipher-speed.experiment.ts';
import timedReadsByTurns from '../disk/timed-reads-by-turns.experiment.ts';
import { abortWhenWorse } from '../disk/abort-when-worse.ts';
import { mebibyte } from '../../lib/units.ts';

/** Largest amount of one write, and how many rounds of four writes there are. */
const mostMib = 48;
const rounds = 3;
/** Where others write meanwhile, single writes meet their bursts: more of them, and smaller ones, for as long as the median needs. */
const busyRounds = 12;
const mostBusyMib = (mostMib * rounds) / busyRounds;
const busyRoundsMs = 30_000;
/** Making and removing datasets waits for transaction groups, which take 20 s each on hosts that need this experiment most. */
const limitSeconds = 240;
/** A round takes half a minute at most: what was measured until then must not be lost at the limit. */
const lastRoundMs = 70_000;
const longSyncMs = 1_500;
const longMakingMs = 8_000;
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
  // Threads that end take their time with them.
  const numbers = [bytes, milliseconds, ticks?.replace(/^-\d+$/, '0')].map(countIn);
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
  const rate = thousands === undefined ? Number(mebibytes ?? 0) * mebibyte : Number(thousands) * 1_000;
  return rate > 0 ? Math.min(rate, mostProgramBytesPerSecond) : undefined;
}

/**
 * What writing costs: the processor time of ZFS's threads. Where they work for others meanwhile, that cannot be told apart; there each write is flushed at once, and the time until
 * then counts, which holds what encrypting took of it.
 */
function secondsPerGigabyte(writes: readonly Write[], side: Write['side'], isBusy: boolean): number[] {
  return writes.filter((one) => one.side === side).map((one) => ((isBusy ? one.milliseconds / 1_000 : one.cpuSeconds) / one.bytes) * 1e9);
}

function findingOf(pool: string, writes: readonly Write[], { program, isBusy }: { readonly program: number; readonly isBusy: boolean }): Finding {
  const [plain, encrypted] = [secondsPerGigabyte(writes, 'plain', isBusy), secondsPerGigabyte(writes, 'encrypted', isBusy)];
  const rates = (side: Write['side']): number[] => writes.filter((one) => one.side === side).map((one) => one.bytes / one.milliseconds);
  const slower = pairedRatio(rates('plain').map((rate, index) => [rate, rates('encrypted')[index] ?? Number.NaN]));
  const more = (isBusy ? medianEstimate : estimate)(encrypted.map((one, index) => (one - (plain[index] ?? Number.NaN)) * (program / 1e9)));
  if (more === undefined || slower === undefined) return { object: `storage/${pool}`, outcome: tooNoisy, says: `Too little could be written to ${pool} to compare.` };
  const what = `Encrypting costs ZFS on ${pool} ${more.mean.toFixed(1)} times the ${isBusy ? 'time' : 'processor time'} that AES takes elsewhere on this host (95 % between ${more.low.toFixed(1)} and ${more.high.toFixed(1)}); an encrypted file system takes data ${slower.mean.toFixed(1)} times as slowly as a plain one.`;
  const outcome = more.low >= farTooMuch ? 'encrypting costs far too much' : more.high < farTooMuch ? 'encrypting costs what it must' : tooNoisy;
  return { object: `storage/${pool}`, outcome, says: what };
}

/**
 * Two file systems of the same pool, alike but for encryption (own random key), are written by turns (plain, encrypted, encrypted, plain): the
 * difference of the processor time of ZFS's threads is what encrypting costs. What it must cost is measured beside it, by the same cipher in a program.
 */
export default defineExperiment({
  id: 'encrypted-against-plain',
  title: 'Writing to an encrypted file system and to a plain one',
  subject: 'zfs',
  about: `Makes two temporary file systems in the pool, alike but for encryption with a random key, and writes up to ${mostMib} MiB to each by turns, ${2 * rounds} times, or smaller pieces more often where others write meanwhile. It tells encryption that is too slow from slow disks, a full pool or
too much work, since those hold up both alike; and by the time that the same cipher takes in a program (\`openssl speed\`, or \`cryptsetup benchmark\` for the kernel's), it tells a slow path of ZFS from a slow processor.`,
  needs: { encrypted: encryptedPools, zpools: optional(zpools), tools: optional(snapshotTools) },
  risk: 'writes-temporary',
  costSeconds: 25,
  costBytes: (4 * rounds * mostMib + 8) * mebibyte,
  limitSeconds,
  trace: historyTrace,
  differs: ['encryption'],
  controls: [kernelCipherSpeed, timedReadsByTurns],
  objects: ({ encrypted }) => busiest(encrypted.pools).map((pool) => `storage/${pool}`),
  refusals: (facts) => busiest(facts.encrypted.pools).flatMap((name) => refusalsOfWriting(facts, name, { bytes: 2 * mostMib * mebibyte, seconds: limitSeconds })),
  sh: ({ encrypted }) => {
    const [pool = ''] = busiest(encrypted.pools);
    const cipher = encrypted.pools.find((one) => one.pool === pool)?.modes.includes('aes-gcm') === true ? 'aes-256-gcm' : 'aes-256-ccm';
    const side = (name: string, encryption: string): Temporary => ({ pool, side: name, type: 'filesystem', megabytes: 256, options: createOptions('filesystem', { blockSizeBytes: 16_384, compression: 'off', encryption }) ?? '' });
    return `is_root || denied 'root is needed to make datasets'
need zfs
have openssl || have cryptsetup || absent 'neither openssl nor cryptsetup is here to compare with'
${temporaryDatasets}
# Asking all processes takes a second where processors are short; it is not needed where time counts.
ticks() { if [ "$manner" = busy ]; then echo 0; return; fi; cat /proc/[0-9]*/stat 2>/dev/null | awk '$2 ~ /^\\(z_wr_/ { n += $14 + $15 } END { print n + 0 }'; }
write() {
  from_ticks=$(ticks) from=$(experiment_ms)
  dd if=/dev/zero of="$2" bs=1M count="$3" conv=$durable 2>/dev/null || exit 1
  if [ "$durable" = notrunc ]; then as_root zpool sync ${pool} || exit 1; fi
  to=$(experiment_ms)
  echo "write $1 $(($3 * ${mebibyte})) $((to - from)) $(($(ticks) - from_ticks))"
}
remove_leftovers ${pool}
no_snapshot_tool
began=$(experiment_ms)
${makeTemporaries([side('plain', 'off'), side('encrypted', cipher)])}
made=$(experiment_ms)
read -r plain <"$TMP/path.plain"
read -r encrypted <"$TMP/path.encrypted"
if have openssl; then openssl speed -elapsed -seconds 1 -bytes 131072 -evp aes-256-gcm 2>/dev/null | tail -n 1; else as_root cryptsetup benchmark -c aes-xts -s 512 2>/dev/null; fi
# What a write leaves for later would count for the next one; where the pool has long to do for others, each only waits for its own data.
durable=notrunc,fsync manner=busy
if [ $((made - began)) -lt ${longMakingMs} ]; then
  durable=notrunc manner=quiet began=$(experiment_ms)
  as_root zpool sync ${pool} || exit 1
  if [ $(($(experiment_ms) - began)) -gt ${longSyncMs} ]; then durable=notrunc,fsync manner=busy; fi
fi
echo "pool ${pool} ${cipher} $(getconf CLK_TCK) $manner"
began=$(experiment_ms)
from=$(experiment_ms)
write plain "$plain" 4 >/dev/null
write encrypted "$encrypted" 4 >/dev/null
took=$(($(experiment_ms) - from))
count=$((12000 / (took + 1)))
most=${mostMib} rounds=${rounds}
if [ "$manner" = busy ]; then most=${mostBusyMib} rounds=${busyRounds}; fi
[ "$count" -le "$most" ] || count=$most
[ "$count" -ge 2 ] || count=2
round=0
while [ "$round" -lt "$rounds" ]; do
  spent=$(($(experiment_ms) - began))
  if [ "$spent" -ge ${lastRoundMs} ] || { [ "$round" -ge ${rounds} ] && [ "$spent" -ge ${busyRoundsMs} ]; }; then break; fi
  write plain "$plain" "$count"
  write encrypted "$encrypted" "$count"
  write encrypted "$encrypted" "$count"
  write plain "$plain" "$count"
  round=$((round + 1))
done`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: ({ encrypted }) => busiest(encrypted.pools).map((pool) => removeTemporaries(pool, ['plain', 'encrypted'])).join('\n'),
  parse: (stdout) => {
    const rows = stdout.split('\n', 200);
    const [, pool, , hertz, manner] = words(rows.find((row) => row.startsWith('pool ')) ?? '');
    if (pool === undefined) return unparsable('no pool is named');
    const program = rows.map(programBytesPerSecond).find((one) => one !== undefined);
    if (program === undefined) return absent('nothing here could say how quick AES is');
    const writes = rows.filter((row) => row.startsWith('write ')).flatMap((row) => writeOf(words(row), countIn(hertz) || 100));
    return { findings: [findingOf(pool, writes, { program, isBusy: manner === 'busy' })] };
  },
  outcomes: { 'encrypting costs far too much': 0.02, 'encrypting costs what it must': 0.98 },
  examples: encryptedAgainstPlainSamples,
});

/** The pool with encrypted data that most is written to. Names that a shell would take apart are left out. */
function busiest(pools: readonly { readonly pool: string; readonly writtenBytesPerSecond?: number | undefined }[]): string[] {
  const known = pools.filter(({ pool }) => plainPoolName.test(pool));
  return known.toSorted((a, b) => (b.writtenBytesPerSecond ?? 0) - (a.writtenBytesPerSecond ?? 0)).slice(0, 1).map(({ pool }) => pool);
}
