import { optional } from '../../define/source.ts';
import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { healthOfDisk as health, logged, nothingLogged } from './disk-examples.ts';
import diskHealth, { type DiskHealth } from './disk-health.fact.ts';
import diskLog, { countEvents, type DiskLog } from './disk-log.fact.ts';

const wearLimitPercent = 90;

/** Bits of the NVMe critical warning, in words. */
const warnings: readonly (readonly [number, string])[] = [
  [1, 'its spare blocks run out'],
  [2, 'its temperature is out of bounds'],
  [4, 'it has become unreliable'],
  [8, 'it only reads any more'],
  [16, 'its buffer is no longer safe when power fails'],
  [32, 'its persistent memory has become unreliable'],
];

function warningOf(disk: DiskHealth, entry: DiskLog | undefined): { value: number; limit: number; unit: string; what: string } | undefined {
  if (disk.silent) return { value: 1, limit: 1, unit: 'unanswered questions', what: 'The disk gave no answer when it was asked for its health, or the kernel has given it up' };
  if (disk.criticalWarning > 0) {
    const words = warnings.filter(([bit]) => (disk.criticalWarning & bit) !== 0).map(([, word]) => word);
    return { value: disk.criticalWarning, limit: 1, unit: 'warning bits', what: `The disk warns that ${words.join(' and ') || 'something is wrong'} (critical warning ${disk.criticalWarning})` };
  }
  if (disk.passed === false) return { value: 1, limit: 1, unit: 'failed checks', what: 'The disk itself expects to fail (SMART health check)' };
  if (disk.failingAttributes.length > 0) return { value: disk.failingAttributes.length, limit: 1, unit: 'attributes', what: `A prefailure attribute is at its limit (${disk.failingAttributes.join(', ')})` };
  const unreadable = countEvents(entry, ['medium-error']).today + disk.recentErrors;
  if (disk.pendingSectors >= 8 || (disk.pendingSectors > 0 && unreadable > 0)) {
    return { value: disk.pendingSectors, limit: unreadable > 0 ? 1 : 8, unit: 'sectors', what: `${disk.pendingSectors} sectors cannot be read at present (pending sectors)` };
  }
  if (disk.selfTestFailed) return { value: 1, limit: 1, unit: 'failed tests', what: 'The last self-test of the disk ended in an error' };
  if ((disk.wearPercent ?? 0) >= wearLimitPercent) return { value: disk.wearPercent ?? 0, limit: wearLimitPercent, unit: '% of its endurance', what: `The disk has used ${disk.wearPercent} % of its endurance` };
  return unreadable >= 1 ? { value: unreadable, limit: 1, unit: 'errors', what: `${unreadable} reads failed within the last day because sectors cannot be read` } : undefined;
}

export default defineSymptom({
  id: 'device-warning',
  title: 'A device warns of its own failure',
  about: `A disk says that it may not work for long: it does not answer at all, its SMART health check fails, an NVMe disk sets a critical warning, sectors cannot be read, a
self-test failed within the last month of work, or ${wearLimitPercent} % of the endurance is used. What has been there unchanged for years and harms nothing does not count: errors of an
old cable (attribute 199), a few replaced sectors, an old entry in the error log. By hand: \`smartctl -x /dev/<disk>\`, \`nvme smart-log /dev/<controller>\`.`,
  leak: 0.02,
  needs: { health: diskHealth, log: optional(diskLog) },
  detect: ({ health: { disks }, log }): Detection[] =>
    disks.flatMap((disk) => {
      const warning = warningOf(disk, log?.disks.find((entry) => entry.name === disk.name));
      if (warning === undefined) return [];
      const { what, ...numbers } = warning;
      return [{ object: disk.object, ...numbers, says: `${what}: ${disk.label}.` }];
    }),
  examples: {
    present: [
      { name: 'SMART expects a failure', given: { health: { disks: [health('sda', { passed: false }), health('sdb')] } }, objects: ['disk/ata-WDC_WD40EFRX-68N32N0_WD-A'] },
      { name: 'an NVMe disk that turned read-only', given: { health: { disks: [health('nvme0n1', { passed: false, criticalWarning: 9 })] } } },
      { name: 'a few pending sectors and fresh read errors', given: { health: { disks: [health('sda', { pendingSectors: 2 })] }, log: { complete: true, disks: [logged('sda', ['medium-error', 3, 600])] } } },
      { name: 'a disk that does not answer', given: { health: { disks: [health('sda', { silent: true }), health('sdb')] } } },
      { name: 'worn out', given: { health: { disks: [health('nvme0n1', { wearPercent: 97 })] } } },
    ],
    absent: [
      { name: 'healthy disks', given: { health: { disks: [health('sda'), health('nvme0n1', { wearPercent: 12 })] }, log: nothingLogged } },
      { name: 'errors of an old cable and a few replaced sectors', given: { health: { disks: [health('sda', { cableErrors: 1_204, reallocatedSectors: 16 })] }, log: nothingLogged } },
      { name: 'an NVMe disk that reports no spare blocks and no threshold, without a warning', given: { health: { disks: [health('nvme0n1', { availableSparePercent: 0, spareThresholdPercent: 0, wearPercent: 0 })] } } },
      { name: 'a sleeping disk that was not woken', given: { health: { disks: [health('sda', { sleeping: true })] } } },
      { name: 'one pending sector and nothing else', given: { health: { disks: [health('sda', { pendingSectors: 1 })] }, log: nothingLogged } },
    ],
  },
});
