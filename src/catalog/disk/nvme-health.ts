import { z } from 'zod';

/** The NVMe health log (log page 2), as smartctl and nvme-cli print it. */
export const nvmeHealthSchema = z.object({
  /** Bits: 1 spare below threshold, 2 temperature, 4 reliability degraded, 8 read-only, 16 backup of volatile memory failed, 32 persistent memory. */
  criticalWarning: z.number(),
  availableSparePercent: z.number(),
  spareThresholdPercent: z.number(),
  /** The manufacturer's estimate of the endurance used; may pass 100. */
  percentageUsed: z.number(),
  mediaErrors: z.number(),
  errorLogEntries: z.number(),
  unsafeShutdowns: z.number(),
  powerOnHours: z.number(),
  dataUnitsWritten: z.number(),
  /** Minutes spent above the warning and the critical temperature, in the disk's life. */
  warningTemperatureMinutes: z.number(),
  criticalTemperatureMinutes: z.number(),
});
export type NvmeHealth = z.infer<typeof nvmeHealthSchema>;

/** A counter that tools print as a number or, when it may be too big for one, as a string of digits. */
export function counterOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\d{1,40}$/.test(value) ? Number(value) : undefined;
}

export function nvmeHealthOf(fields: Readonly<Record<string, unknown>>): NvmeHealth | undefined {
  const criticalWarning = counterOf(fields['critical_warning']);
  if (criticalWarning === undefined) return undefined;
  const of = (...names: string[]): number => names.map((name) => counterOf(fields[name])).find((value) => value !== undefined) ?? 0;
  return {
    criticalWarning,
    availableSparePercent: of('available_spare', 'avail_spare'),
    spareThresholdPercent: of('available_spare_threshold', 'spare_thresh'),
    percentageUsed: of('percentage_used', 'percent_used'),
    mediaErrors: of('media_errors'),
    errorLogEntries: of('num_err_log_entries'),
    unsafeShutdowns: of('unsafe_shutdowns'),
    powerOnHours: of('power_on_hours'),
    dataUnitsWritten: of('data_units_written'),
    warningTemperatureMinutes: of('warning_temp_time'),
    criticalTemperatureMinutes: of('critical_comp_time'),
  };
}

/** Reads the JSON of `nvme smart-log`; newer versions of it wrap the critical warning in an object. */
export function nvmeHealthOfTool(text: string): NvmeHealth | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  const warning = fields['critical_warning'];
  const value = typeof warning === 'object' && warning !== null && 'value' in warning ? warning.value : warning;
  return nvmeHealthOf({ ...fields, critical_warning: value });
}
