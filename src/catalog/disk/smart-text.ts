import { z } from 'zod';
import { counterOf, nvmeHealthOf, nvmeHealthSchema } from './nvme-health.ts';

export const smartAttributeSchema = z.object({
  id: z.number(),
  name: z.string(),
  /** Normalised, counting down to the threshold. */
  value: z.number(),
  worst: z.number(),
  threshold: z.number(),
  raw: z.number(),
  rawText: z.string(),
  prefailure: z.boolean(),
  whenFailed: z.enum(['', 'now', 'past']),
});
export type SmartAttribute = z.infer<typeof smartAttributeSchema>;

export const smartDiskSchema = z.object({
  /** Kernel name: sda, nvme0n1. */
  device: z.string(),
  /** `sleeping`: not woken; `no-answer`: its time was up; `offline`: the kernel gave it up; `failed`: smartctl could not read it. */
  status: z.enum(['answered', 'sleeping', 'no-answer', 'offline', 'failed']),
  /** What smartctl said where it failed. */
  detail: z.string().optional(),
  /** Bits as in smartctl(8): 8 failing now, 16 prefailure attribute below its threshold, 64 errors logged, 128 self-test failed. */
  exitStatus: z.number(),
  model: z.string().optional(),
  modelFamily: z.string().optional(),
  serial: z.string().optional(),
  firmware: z.string().optional(),
  /** ATA, SCSI or NVMe. */
  protocol: z.string().optional(),
  /** Turns a minute; 0 for a solid-state disk. */
  rotationRate: z.number().optional(),
  trimSupported: z.boolean().optional(),
  /** As the disk says of itself: device_managed is SMR. */
  zonedCapability: z.string().optional(),
  healthPassed: z.boolean().optional(),
  temperatureCelsius: z.number().optional(),
  powerOnHours: z.number().optional(),
  enduranceUsedPercent: z.number().optional(),
  attributes: z.array(smartAttributeSchema),
  nvme: nvmeHealthSchema.optional(),
  /** Of SAS disks. */
  scsi: z.object({ grownDefects: z.number().optional(), uncorrectedErrors: z.number().optional(), tooHot: z.boolean().optional() }).optional(),
  errorLogCount: z.number().optional(),
  /** The newest first, at most five. */
  errors: z.array(z.object({ hours: z.number(), text: z.string() })),
  selfTest: z.object({ passed: z.boolean().optional(), text: z.string(), hours: z.number().optional() }).optional(),
  /** Time after which the disk gives a sector up; 0: it tries for as long as it likes. */
  errorRecovery: z.object({ readDeciseconds: z.number(), writeDeciseconds: z.number() }).optional(),
  databaseWarning: z.string().optional(),
});
export type SmartDisk = z.infer<typeof smartDiskSchema>;

type Json = Record<string, unknown>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
function objects(value: unknown, most: number): Json[] {
  return Array.isArray(value) ? value.slice(0, most).map(object) : [];
}
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;
}
function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function attributeOf(row: Json): SmartAttribute | undefined {
  const id = number(row['id']);
  if (id === undefined) return undefined;
  const raw = object(row['raw']);
  const failed = row['when_failed'];
  return {
    id,
    name: text(row['name']) ?? `attribute ${id}`,
    value: number(row['value']) ?? 0,
    worst: number(row['worst']) ?? 0,
    threshold: number(row['thresh']) ?? 0,
    raw: counterOf(raw['value']) ?? 0,
    rawText: text(raw['string']) ?? '',
    prefailure: flag(object(row['flags'])['prefailure']) ?? false,
    whenFailed: failed === 'now' || failed === 'past' ? failed : '',
  };
}

function selfTestOf(json: Json): SmartDisk['selfTest'] {
  const log = object(json['ata_smart_self_test_log']);
  const ata = objects(object(log['extended'] ?? log['standard'])['table'], 1)[0];
  if (ata !== undefined) {
    const status = object(ata['status']);
    return { passed: flag(status['passed']), text: text(status['string']) ?? '', hours: number(ata['lifetime_hours']) };
  }
  const nvme = objects(object(json['nvme_self_test_log'])['table'], 1)[0];
  if (nvme !== undefined) {
    const result = object(nvme['self_test_result']);
    const value = number(result['value']);
    return { passed: value === 0 ? true : value !== undefined && value >= 5 && value <= 7 ? false : undefined, text: text(result['string']) ?? '', hours: number(nvme['power_on_hours']) };
  }
  const scsi = object(json['scsi_self_test_0']);
  const result = object(scsi['result']);
  const value = number(result['value']);
  if (value === undefined) return undefined;
  return { passed: value === 0 ? true : value >= 3 && value <= 7 ? false : undefined, text: text(result['string']) ?? '', hours: number(object(scsi['power_on_time'])['hours']) };
}

function scsiOf(json: Json): SmartDisk['scsi'] {
  const grownDefects = counterOf(json['scsi_grown_defect_list']);
  const counters = Object.values(object(json['scsi_error_counter_log'])).slice(0, 4).map((log) => counterOf(object(log)['total_uncorrected_errors']));
  const known = counters.filter((count) => count !== undefined);
  const status = object(object(json['smart_status'])['scsi']);
  const tooHot = number(status['asc']) === 0x0b && number(status['ascq']) === 1;
  if (grownDefects === undefined && known.length === 0 && !tooHot) return undefined;
  return { ...(tooHot && { tooHot }), ...(grownDefects !== undefined && { grownDefects }), ...(known.length > 0 && { uncorrectedErrors: known.reduce((sum, count) => sum + count, 0) }) };
}

/** The drive database's warning: smartctl prints it beside its JSON, as lines that `--json=u` keeps. */
function databaseWarningOf(json: Json): string | undefined {
  const lines = Object.entries(json)
    .filter(([key, value]) => /^smartctl_\d{4}_u$/.test(key) && typeof value === 'string')
    .map(([, value]) => String(value));
  const start = lines.findIndex((line) => line.startsWith('==> WARNING:'));
  if (start < 0) return undefined;
  const rest = lines.slice(start, start + 6);
  const end = rest.findIndex((line) => line.startsWith('=== '));
  return rest.slice(0, end < 0 ? undefined : end).join(' ').replace('==> WARNING:', '').trim().slice(0, 400);
}

function statusOf(json: Json, messages: string, exitStatus: number): SmartDisk['status'] {
  const mode = text(object(json['power_mode'])['name']) ?? '';
  const opened = (exitStatus & 3) === 0;
  if (!opened && (/^(STANDBY|SLEEP)/.test(mode) || /Device is in [A-Z_ ()]{1,40} mode, exit\(/.test(messages))) return 'sleeping';
  return opened ? 'answered' : 'failed';
}

/** Reads one JSON document of smartctl (json_format_version 1). */
export function smartDiskOf(device: string, exitStatus: number, document: unknown): SmartDisk {
  const json = object(document);
  const messages = objects(object(json['smartctl'])['messages'], 8).map((message) => text(message['string']) ?? '').join('; ');
  const status = statusOf(json, messages, exitStatus);
  const errorLog = object(json['ata_smart_error_log']);
  const log = object(errorLog['extended'] ?? errorLog['summary']);
  const erc = object(json['ata_sct_erc']);
  const ercOf = (side: unknown): number => (flag(object(side)['enabled']) === true ? (number(object(side)['deciseconds']) ?? 0) : 0);
  const disk: SmartDisk = {
    device,
    status,
    detail: status === 'answered' || messages === '' ? undefined : messages.slice(0, 200),
    exitStatus,
    model: text(json['model_name']) ?? text(json['scsi_model_name']),
    modelFamily: text(json['model_family']),
    serial: text(json['serial_number']),
    firmware: text(json['firmware_version']) ?? text(json['scsi_revision']),
    protocol: text(object(json['device'])['protocol']),
    rotationRate: number(json['rotation_rate']),
    trimSupported: flag(object(json['trim'])['supported']),
    zonedCapability: text(object(json['zoned_device'])['capabilities']),
    healthPassed: flag(object(json['smart_status'])['passed']),
    temperatureCelsius: number(object(json['temperature'])['current']),
    powerOnHours: counterOf(object(json['power_on_time'])['hours']),
    enduranceUsedPercent: number(object(json['endurance_used'])['current_percent']) ?? number(json['scsi_percentage_used_endurance_indicator']),
    attributes: objects(object(json['ata_smart_attributes'])['table'], 64).map(attributeOf).filter((attribute) => attribute !== undefined),
    nvme: nvmeHealthOf(object(json['nvme_smart_health_information_log'])),
    scsi: scsiOf(json),
    errorLogCount: counterOf(log['count']),
    errors: objects(log['table'], 5).map((row) => ({ hours: counterOf(row['lifetime_hours']) ?? 0, text: text(row['error_description']) ?? '' })),
    selfTest: selfTestOf(json),
    errorRecovery: 'read' in erc || 'write' in erc ? { readDeciseconds: ercOf(erc['read']), writeDeciseconds: ercOf(erc['write']) } : undefined,
    databaseWarning: databaseWarningOf(json),
  };
  if (disk.selfTest !== undefined) disk.selfTest = Object.fromEntries(Object.entries(disk.selfTest).filter(([, field]) => field !== undefined)) as SmartDisk['selfTest'];
  return Object.fromEntries(Object.entries(disk).filter(([, field]) => field !== undefined)) as SmartDisk;
}

/** Reads frames of a line `@disk NAME EXITSTATUS|no-answer|offline` and, behind it, smartctl's document on one line. */
export function parseSmart(stdout: string): { disks: SmartDisk[]; notAsked: number } | undefined {
  const disks = new Map<string, SmartDisk>();
  let notAsked = 0;
  let current: { device: string; exitStatus: number } | undefined;
  let understood = false;
  for (const line of stdout.split('\n', 1000)) {
    const frame = line.match(/^@disk ((?:sd|nvme|hd)[a-z0-9]{1,20}) (\d{1,3}|no-answer|offline)$/);
    const more = line.match(/^@not-asked (\d{1,5})$/);
    if (more !== null) notAsked = Number(more[1]);
    if (frame !== null || more !== null) understood = true;
    if (frame !== null) {
      const [, device = '', how = ''] = frame;
      const status = how === 'no-answer' || how === 'offline' ? how : 'failed';
      current = status === 'failed' ? { device, exitStatus: Number(how) } : undefined;
      disks.set(device, { device, status, exitStatus: status === 'failed' ? Number(how) : -1, attributes: [], errors: [] });
      continue;
    }
    if (line.startsWith('@')) current = undefined;
    if (current === undefined || !line.startsWith('{')) continue;
    try {
      disks.set(current.device, smartDiskOf(current.device, current.exitStatus, JSON.parse(line)));
    } catch {
      disks.set(current.device, { device: current.device, status: 'failed', detail: 'its answer is no JSON', exitStatus: current.exitStatus, attributes: [], errors: [] });
    }
    current = undefined;
  }
  return understood ? { disks: [...disks.values()], notAsked } : undefined;
}
