import { describe, expect, it } from 'vitest';
import diskComparison, { type DiskPace } from './disk-comparison.fact.ts';
import { busy, during, twoDisks } from './disk-examples.ts';

const some = (somePercent: number) => ({ somePercent, fullPercent: 0, someAvg10: 0, someAvg60: 0, someAvg300: 0, fullAvg60: 0 });

/** What is made of reads of sda that take 300 ms, and of sdb. */
function paceOf(waitingForCpuPercent: number, otherMs: number): DiskPace | undefined {
  const read = (name: string, ms: number) => ({ name, milliseconds: [ms, ms, ms], errors: 0, stuck: false });
  const result = diskComparison.derive({
    activity: during(busy('sda', 2, 0.4, 1), busy('sdb', 2, 0.4, 1)),
    disks: { disks: twoDisks },
    reads: { disks: [read('sda', 300), read('sdb', otherMs)] },
    pressure: { cpu: some(waitingForCpuPercent), io: some(0), memory: some(0) },
  });
  return (result as { disks: DiskPace[] }).disks[0];
}

describe('the time of our own reads', () => {
  it('is left out where all disks seem slow and the processors are', () => {
    expect(paceOf(94, 280)?.timedReadMs).toBeUndefined();
  });
  it('counts where the processors have time', () => {
    expect(paceOf(20, 280)?.timedReadMs).toBe(300);
  });
  it('counts where another disk answers in time in spite of the processors', () => {
    expect(paceOf(94, 9)?.timedReadMs).toBe(300);
  });
});
