import { describe, expect, it } from 'vitest';
import { attribute, goodNvme, smartOf, twoDisks } from './disk-examples.ts';
import diskHealth from './disk-health.fact.ts';
import type { SmartDisk } from './smart-text.ts';

function wearOf(more: Partial<SmartDisk>): number | undefined {
  const smart = { notAsked: 0, disks: [smartOf('sda', { rotationRate: 0, ...more })] };
  const result = diskHealth.derive({ disks: { disks: twoDisks }, smart, smartIfRead: smart, nvme: undefined });
  return (result as { disks: { wearPercent?: number }[] }).disks[0]?.wearPercent;
}

function wearout(id: number, value: number): SmartDisk['attributes'] {
  return [attribute(id, 'Media_Wearout_Indicator', 9_120, { value, worst: value })];
}

describe('the wear of a solid-state disk', () => {
  it('is what attribute 233 of an Intel disk has lost', () => {
    expect(wearOf({ modelFamily: 'Intel S4510/S4610/S4500/S4600 Series SSDs', attributes: wearout(233, 4) })).toBe(96);
  });
  it('is not told by attribute 230 of WD Blue, which counts upwards on some firmware', () => {
    expect(wearOf({ modelFamily: 'WD Blue and Green SSDs', attributes: wearout(230, 1) })).toBeUndefined();
  });
  it('is not told by a value of 0, which a disk leaves that does not count', () => {
    expect(wearOf({ modelFamily: 'SandForce Driven SSDs', attributes: wearout(233, 0) })).toBeUndefined();
  });
  it('is not told where the drive database does not know the disk, so that names are guesses', () => {
    expect(wearOf({ attributes: wearout(233, 3) })).toBeUndefined();
  });
  it('is not told by a Samsung 990 PRO with the firmware that counts wrongly', () => {
    expect(wearOf({ model: 'Samsung SSD 990 PRO 2TB', firmware: '0B2QJXD7', nvme: { ...goodNvme, percentageUsed: 93 } })).toBeUndefined();
    expect(wearOf({ model: 'Samsung SSD 990 PRO 2TB', firmware: '1B2QJXD7', nvme: { ...goodNvme, percentageUsed: 93 } })).toBe(93);
  });
});
