import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import { attribute, goodNvme, nvmeDisk, smartOf, twoDisks } from './disk-examples.ts';
import disks from './disks.fact.ts';
import nvme from './nvme.probe.ts';
import type { NvmeHealth } from './nvme-health.ts';
import smart from './smart.probe.ts';
import type { SmartDisk } from './smart-text.ts';

const healthSchema = z.object({
  name: z.string(),
  object: z.string(),
  label: z.string(),
  /** False: the disk expects to fail. */
  passed: z.boolean().optional(),
  /** Sectors that cannot be read now; a known harmless habit of some models is left out. */
  pendingSectors: z.number(),
  reallocatedSectors: z.number(),
  /** Sectors that a SAS disk has replaced. */
  grownDefects: z.number(),
  /** Errors that a SAS disk could not correct, in its life. */
  uncorrectedErrors: z.number(),
  /** Transfers that broke on the cable, in the disk's life. Constant, it is history. */
  cableErrors: z.number(),
  /** Attributes at their threshold now, which the maker counts as "about to fail". */
  failingAttributes: z.array(z.string()),
  /** Unreadable sectors that the disk itself logged within its last 24 hours of work. */
  recentErrors: z.number(),
  lastError: z.string().optional(),
  /** The last self-test ended in an error, within the last 30 days of work. */
  selfTestFailed: z.boolean(),
  wearPercent: z.number().optional(),
  /** Bits of the critical warning, as NVMe has them. */
  criticalWarning: z.number(),
  availableSparePercent: z.number().optional(),
  spareThresholdPercent: z.number().optional(),
  mediaErrors: z.number(),
  temperatureCelsius: z.number().optional(),
  /** Did not answer in eight seconds, or the kernel gave it up. */
  silent: z.boolean(),
  sleeping: z.boolean(),
});
export type DiskHealth = z.infer<typeof healthSchema>;

/** Crucial's MX500 lets attribute 197 go to 1 and back while it tidies up (smartmontools ticket 1227). */
const pendingFlips = /^CT\d{3,4}MX500/;

/** Attributes whose normalised value is the endurance left, by the names of smartmontools' drive database. */
const lifeLeft = /^(?:Media_Wearout_Indicator|Percent_Lifetime_Remain|Percent_Life_Remaining|SSD_Life_Left|Remaining_Lifetime_Perc|Perc_Rated_Life_Used)$/;

/** Samsung 990 PRO with firmware 0B2QJXD7 counts its wear far too quickly. */
export function countsWearWrongly({ model, firmware }: { readonly model?: string | undefined; readonly firmware?: string | undefined }): boolean {
  return /990 PRO/.test(model ?? '') && firmware === '0B2QJXD7';
}

/** SanDisk's and WD's attribute of this name counts upwards on some firmware and downwards on other, so it tells nothing. */
const ambiguousWearId = 230;

function wearOf(disk: SmartDisk, health: NvmeHealth | undefined): number | undefined {
  if (countsWearWrongly(disk)) return undefined;
  if (health !== undefined) return health.percentageUsed;
  if (disk.rotationRate !== undefined && disk.rotationRate > 0) return undefined;
  if (disk.enduranceUsedPercent !== undefined) return disk.enduranceUsedPercent;
  // Without an entry in the drive database the names are those of other makers' disks.
  if (disk.modelFamily === undefined) return undefined;
  const samsung = /samsung/i.test(disk.model ?? '');
  const row = disk.attributes.find((one) => one.id !== ambiguousWearId && (lifeLeft.test(one.name) || (samsung && one.name === 'Wear_Leveling_Count')));
  // ATA counts normalised values from 1 to 253: 0 means that the disk does not fill the field in.
  return row === undefined || row.value < 1 || row.value > 100 ? undefined : 100 - row.value;
}

/** smartctl shows some raw values in parts, "0 (2000 0)": then the first is the count of now, and the number as a whole means nothing. */
function raw(disk: SmartDisk, id: number): number {
  const row = disk.attributes.find((one) => one.id === id);
  const shown = row?.rawText.match(/^(\d{1,15})(?: |$)/)?.[1];
  return shown === undefined ? (row?.raw ?? 0) : Number(shown);
}

/** A SAS disk that is too hot fails its health check as well; by this code it says that it is no more than the heat (SPC-5, additional sense code 0Bh/01h). */
const tooHotBit = 2;

/** A disk of which nvme-cli alone tells. */
function unasked(model: string | undefined, firmware: string | undefined): SmartDisk {
  return { device: '', status: 'failed', exitStatus: 0, attributes: [], errors: [], model, firmware };
}

function healthOf(seen: SmartDisk, extra: NvmeHealth | undefined): Omit<DiskHealth, 'name' | 'object' | 'label'> {
  const health = seen.nvme ?? extra;
  const hours = seen.powerOnHours;
  const within = (then: number | undefined, most: number): boolean => hours !== undefined && then !== undefined && then <= hours && hours - then <= most;
  const pending = raw(seen, 197);
  const recent = seen.errors.filter((error) => /\b(?:UNC|IDNF|AMNF)\b/.test(error.text) && within(error.hours, 24));
  const wear = wearOf(seen, health);
  return {
    ...(seen.healthPassed !== undefined && { passed: seen.healthPassed }),
    pendingSectors: pendingFlips.test(seen.model ?? '') && pending <= 1 ? 0 : pending,
    reallocatedSectors: raw(seen, 5),
    grownDefects: seen.scsi?.grownDefects ?? 0,
    uncorrectedErrors: seen.scsi?.uncorrectedErrors ?? 0,
    cableErrors: raw(seen, 199),
    failingAttributes: seen.attributes.filter((one) => one.whenFailed === 'now' && one.prefailure).map((one) => one.name),
    recentErrors: recent.length,
    ...(recent[0] !== undefined && { lastError: recent[0].text }),
    selfTestFailed: seen.selfTest?.passed === false && (seen.selfTest.hours === undefined || within(seen.selfTest.hours, 720)),
    ...(wear !== undefined && { wearPercent: wear }),
    criticalWarning: health?.criticalWarning ?? (seen.scsi?.tooHot === true ? tooHotBit : 0),
    ...(health !== undefined && { availableSparePercent: health.availableSparePercent, spareThresholdPercent: health.spareThresholdPercent }),
    mediaErrors: health?.mediaErrors ?? 0,
    ...(seen.temperatureCelsius !== undefined && { temperatureCelsius: seen.temperatureCelsius }),
    silent: seen.status === 'no-answer' || seen.status === 'offline',
    sleeping: seen.status === 'sleeping',
  };
}

export default defineFact({
  id: 'disk-health',
  title: 'Health of each disk',
  needs: { smart, smartIfRead: optional(smart), disks, nvme: optional(nvme) },
  schema: z.object({ disks: z.array(healthSchema) }),
  derive: (facts) => {
    const { disks: known, nvme: controllers, smartIfRead } = facts;
    const extra = new Map((controllers?.controllers ?? []).map((controller) => [controller.name, controller.health]));
    const byTool = [...extra.values()].some((health) => health !== undefined);
    const seen = new Map((byTool ? (smartIfRead?.disks ?? []) : facts.smart.disks).map((disk) => [disk.device, disk]));
    const list = known.disks.filter((disk) => seen.has(disk.name) || extra.get(disk.nvmeController ?? '') !== undefined);
    return {
      disks: list.map(({ name, object, label, nvmeController, model, firmware }) => ({ name, object, label, ...healthOf(seen.get(name) ?? unasked(model, firmware), extra.get(nvmeController ?? '')) })),
    };
  },
  examples: [
    {
      name: 'a disk with pending sectors and fresh errors, and one with an old cable fault',
      given: {
        disks: { disks: twoDisks },
        smart: {
          notAsked: 0,
          disks: [
            smartOf('sda', { attributes: [attribute(5, 'Reallocated_Sector_Ct', 8), attribute(197, 'Current_Pending_Sector', 24)], errors: [{ hours: 41_228, text: 'Error: UNC at LBA = 0x0fffffff' }], selfTest: { passed: false, text: 'Completed: read failure', hours: 41_100 } }),
            smartOf('sdb', { attributes: [attribute(199, 'UDMA_CRC_Error_Count', 1_204)], errors: [{ hours: 900, text: 'Error: UNC at LBA = 0x0fffffff' }], selfTest: { passed: false, text: 'Completed: read failure', hours: 900 } }),
          ],
        },
      },
      expect: {
        disks: [
          { name: 'sda', passed: true, pendingSectors: 24, reallocatedSectors: 8, recentErrors: 1, selfTestFailed: true },
          { name: 'sdb', pendingSectors: 0, cableErrors: 1_204, recentErrors: 0, selfTestFailed: false },
        ],
      },
    },
    {
      name: 'a Crucial MX500 whose attribute 197 flips, worn by nine tenths, and an NVMe disk that reports no spare and no threshold',
      given: {
        disks: { disks: [...twoDisks.slice(0, 1), nvmeDisk('nvme0n1')] },
        smart: {
          notAsked: 0,
          disks: [
            smartOf('sda', { model: 'CT1000MX500SSD1', modelFamily: 'Crucial/Micron Client SSDs', rotationRate: 0, attributes: [attribute(197, 'Current_Pending_ECC_Cnt', 1), attribute(202, 'Percent_Lifetime_Remain', 91, { value: 9 })] }),
            smartOf('nvme0n1', { protocol: 'NVMe', nvme: { ...goodNvme, availableSparePercent: 0, spareThresholdPercent: 0, percentageUsed: 0 } }),
          ],
        },
      },
      expect: { disks: [{ pendingSectors: 0, wearPercent: 91 }, { criticalWarning: 0, availableSparePercent: 0, spareThresholdPercent: 0, wearPercent: 0, mediaErrors: 0 }] },
    },
    {
      name: 'replaced sectors that are shown in parts, and a SAS disk that is too hot',
      given: {
        disks: { disks: twoDisks },
        smart: {
          notAsked: 0,
          disks: [
            smartOf('sda', { attributes: [attribute(5, 'Reallocated_Sector_Ct', 131_072_000, { rawText: '0 (2000 0)' })] }),
            smartOf('sdb', { protocol: 'SCSI', healthPassed: false, scsi: { grownDefects: 0, tooHot: true } }),
          ],
        },
      },
      expect: { disks: [{ name: 'sda', reallocatedSectors: 0 }, { name: 'sdb', passed: false, criticalWarning: 2 }] },
    },
    {
      name: 'an NVMe disk of a host without smartctl',
      given: {
        disks: { disks: [nvmeDisk('nvme0n1')] },
        nvme: { controllers: [{ name: 'nvme0', model: 'Samsung SSD 970 EVO 1TB', serial: 'S0', firmware: '2B2QEXE7', state: 'live', transport: 'pcie', health: { ...goodNvme, criticalWarning: 4, mediaErrors: 9 } }] },
      },
      expect: { disks: [{ name: 'nvme0n1', criticalWarning: 4, mediaErrors: 9, silent: false }] },
    },
    {
      name: 'a disk that does not answer',
      given: { disks: { disks: twoDisks }, smart: { notAsked: 0, disks: [{ device: 'sdb', status: 'no-answer', exitStatus: -1, attributes: [], errors: [] }] } },
      expect: { disks: [{ name: 'sdb', silent: true, sleeping: false }] },
    },
  ],
});
