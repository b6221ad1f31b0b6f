import { optional } from '../../define/source.ts';
import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import diskComparison, { type DiskPace } from './disk-comparison.fact.ts';
import { paceOfDisk as pace } from './disk-examples.ts';
import { idleReadLimitMs, kindNames, latencyLimitMs, ms } from './disk-limits.ts';

/** Below this share of the time in which tasks waited for I/O, what a busy disk does is nobody's wait: a scrub at night, large reads ahead. */
const nobodyWaitsPercent = 1;

function detectionOf(disk: DiskPace, nobodyWaits: boolean): Detection | undefined {
  const limit = latencyLimitMs[disk.kind];
  const of = (value: number, says: string): Detection => ({ object: disk.object, value, limit, unit: 'ms', says });
  if (disk.stalled || disk.timedReadStuck) {
    const what = disk.stalled ? 'No input or output ended during the whole window while some was waiting' : 'A small read did not end within seconds';
    return of(4_000, `${what}: ${disk.label}.`);
  }
  const isFelt = !nobodyWaits || disk.utilisationPercent < 50;
  if (disk.latencyMs !== undefined && disk.latencyMs >= limit && isFelt) {
    return of(disk.latencyMs, `An I/O takes ${ms(disk.latencyMs)} on average (limit ${ms(limit)} for ${kindNames[disk.kind]}): ${disk.label}.`);
  }
  if (disk.unlikeSiblings && disk.latencyMs !== undefined && disk.siblingsLatencyMs !== undefined) {
    const most = 5 * disk.siblingsLatencyMs;
    return { ...of(disk.latencyMs, `An I/O takes ${ms(disk.latencyMs)} on average, on its siblings ${ms(disk.siblingsLatencyMs)} (limit: five times as long): ${disk.label}.`), limit: most };
  }
  const read = disk.timedReadMs;
  if (read === undefined || !isFelt || read < 2 * idleReadLimitMs[disk.kind]) return undefined;
  return { ...of(read, `A small read takes ${ms(read)} (median; limit ${ms(2 * idleReadLimitMs[disk.kind])}): ${disk.label}.`), limit: 2 * idleReadLimitMs[disk.kind] };
}

export default defineSymptom({
  id: 'disk-latency',
  title: 'Disk latency',
  about: `A disk takes long to answer: the mean time of its I/Os within the sampling window (what \`iostat -x\` calls await) is above what a disk of its kind
needs even when it is busy (80 ms for a mechanical disk, 25 ms for a SATA solid-state disk, 15 ms for NVMe, 100 ms for a virtual disk), with at least 20 I/Os to
judge by, or five that kept the disk busy for a third of the time; or five times what its siblings in the same mirror, RAIDZ or array need; or nothing that waits is answered at all; or a few small reads of our own take that long. Where tasks waited for I/O in less than
1 % of the time, a disk that is busy by itself (a scrub at night) is slow for nobody and does not count. A long queue makes every disk slow, so this alone is no sign of a
fault. By hand: \`iostat -x 5\`, \`zpool iostat -vl 5\`.`,
  leak: 0.08,
  needs: { pace: diskComparison, pressure: optional(pressureNow) },
  detect: ({ pace: { disks }, pressure }) => disks.map((disk) => detectionOf(disk, pressure !== undefined && pressure.io.somePercent < nobodyWaitsPercent)).filter((detection) => detection !== undefined),
  examples: {
    present: [
      { name: 'a mechanical disk at a quarter of a second', given: { pace: { disks: [pace('sda', { latencyMs: 240 }), pace('sdb', { latencyMs: 18 })] } }, objects: ['disk/ata-WDC_WD40EFRX-68N32N0_WD-A'] },
      { name: 'one half of a mirror is much slower than the other', given: { pace: { disks: [pace('sda', { latencyMs: 60, siblingsLatencyMs: 6, timesSiblings: 10 })] } } },
      { name: 'a disk that answers nothing', given: { pace: { disks: [pace('sda', { stalled: true, completed: 0 })] } } },
      { name: 'an idle disk whose small reads take long, though nobody waits for it now', given: { pace: { disks: [pace('sda', { timedReadMs: 420 })] }, pressure: pressureOf() } },
      { name: 'one half of a mirror is much slower in a scrub, though nobody waits', given: { pace: { disks: [pace('sda', { latencyMs: 160, siblingsLatencyMs: 16, timesSiblings: 10, utilisationPercent: 100 })] }, pressure: pressureOf() } },
    ],
    absent: [
      { name: 'a scrub at night that reads in large pieces, and nobody else', given: { pace: { disks: [pace('sda', { latencyMs: 215, utilisationPercent: 99, timedReadMs: 410 })] }, pressure: pressureOf() } },
      { name: 'a mechanical disk in a scrub', given: { pace: { disks: [pace('sda', { latencyMs: 45, utilisationPercent: 100 })] } } },
      { name: 'an NVMe disk at full speed', given: { pace: { disks: [pace('nvme0n1', { kind: 'nvme', latencyMs: 3.2, utilisationPercent: 100, averageQueue: 30 })] } } },
      { name: 'an idle host', given: { pace: { disks: [pace('sda', { timedReadMs: 11 })] } } },
    ],
  },
});
