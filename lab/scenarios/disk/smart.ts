import type { Host } from '../../define.ts';

interface Attribute {
  readonly id: number;
  readonly name: string;
  readonly value: number;
  readonly threshold: number;
  readonly raw: number;
  readonly prefailure: boolean;
}

export interface SmartAnswer {
  readonly serial: string;
  readonly passed: boolean;
  readonly powerOnHours: number;
  readonly attributes: readonly Attribute[];
  /** Errors in the disk's own log, the newest first: hour of its life, and text. */
  readonly errors: readonly { readonly hour: number; readonly text: string }[];
  readonly selfTest?: { readonly hour: number; readonly passed: boolean };
}

/** The attributes that every mechanical SATA disk has, with the values of a healthy middle-aged one. */
export function attributes(changes: Readonly<Record<number, Partial<Attribute>>> = {}): Attribute[] {
  const usual: Attribute[] = [
    { id: 1, name: 'Raw_Read_Error_Rate', value: 200, threshold: 51, raw: 0, prefailure: true },
    { id: 5, name: 'Reallocated_Sector_Ct', value: 200, threshold: 140, raw: 0, prefailure: true },
    { id: 9, name: 'Power_On_Hours', value: 61, threshold: 0, raw: 28_511, prefailure: false },
    { id: 194, name: 'Temperature_Celsius', value: 116, threshold: 0, raw: 34, prefailure: false },
    { id: 197, name: 'Current_Pending_Sector', value: 200, threshold: 0, raw: 0, prefailure: false },
    { id: 198, name: 'Offline_Uncorrectable', value: 100, threshold: 0, raw: 0, prefailure: false },
    { id: 199, name: 'UDMA_CRC_Error_Count', value: 200, threshold: 0, raw: 0, prefailure: false },
  ];
  return usual.map((one) => ({ ...one, ...changes[one.id] }));
}

/** smartctl's JSON (version 1.0), as its ataprint.cpp writes it. Exit status bits: 8 failing, 64 errors logged, 128 self-test failed. */
function json(answer: SmartAnswer, device: string): { text: string; status: number } {
  const failedTest = answer.selfTest?.passed === false;
  const status = (answer.passed ? 0 : 8) | (answer.errors.length > 0 ? 64 : 0) | (failedTest ? 128 : 0);
  const table = answer.attributes.map(({ id, name, value, threshold, raw, prefailure }) => ({
    id, name, value, worst: value, thresh: threshold, when_failed: value <= threshold ? 'now' : '',
    flags: { value: prefailure ? 51 : 50, string: prefailure ? 'PO--CK ' : '-O--CK ', prefailure, updated_online: true, performance: false, error_rate: false, event_count: true, auto_keep: true },
    raw: { value: raw, string: String(raw) },
  }));
  const log = answer.errors.map(({ hour, text }, index) => ({ error_number: answer.errors.length - index, lifetime_hours: hour, error_description: text, previous_commands: [] }));
  const tests = answer.selfTest && [{
    type: { value: 2, string: 'Extended offline' },
    status: failedTest ? { value: 121, string: 'Completed: read failure', remaining_percent: 90, passed: false } : { value: 0, string: 'Completed without error', passed: true },
    lifetime_hours: answer.selfTest.hour,
  }];
  const document = {
    json_format_version: [1, 0],
    smartctl: { version: [7, 3], exit_status: status },
    device: { name: device, info_name: `${device} [SAT]`, type: 'sat', protocol: 'ATA' },
    model_family: 'Western Digital Red', model_name: 'WDC WD40EFRX-68N32N0', serial_number: answer.serial, firmware_version: '82.00A82',
    logical_block_size: 512, physical_block_size: 4096, rotation_rate: 5400, in_smartctl_database: true,
    power_mode: { ata_value: 255, name: 'ACTIVE or IDLE' },
    smart_status: { passed: answer.passed },
    ata_smart_attributes: { revision: 16, table },
    power_on_time: { hours: answer.powerOnHours }, power_cycle_count: 61, temperature: { current: 34 },
    ata_smart_error_log: { summary: { revision: 1, count: log.length, logged_count: log.length, ...(log.length > 0 ? { table: log } : {}) } },
    ata_smart_self_test_log: { standard: tests ? { revision: 1, table: tests, count: 1 } : { revision: 1, count: 0 } },
    ata_sct_erc: { read: { enabled: true, deciseconds: 70 }, write: { enabled: true, deciseconds: 70 } },
  };
  return { text: JSON.stringify(document), status };
}

/**
 * Lets smartctl give a SATA disk's answer for a device that has no SMART of its own in QEMU. Only this program's answer is made up, in the
 * form of the real one's; other disks are asked by the real one. A real smartctl needs some tenths of a second for a mechanical disk.
 */
export async function answerSmart(host: Host, device: string, answer: SmartAnswer): Promise<void> {
  const { text, status } = json(answer, device);
  await host.run(`mkdir -p /usr/lib/lab-smart; cat >/usr/lib/lab-smart/${device.split('/').pop()} <<'JSON'
${text}
JSON
echo ${status} >/usr/lib/lab-smart/${device.split('/').pop()}.status
[ -e /usr/sbin/smartctl.real ] || mv /usr/sbin/smartctl /usr/sbin/smartctl.real
cat >/usr/sbin/smartctl <<'SHIM'
#!/bin/sh
for last; do :; done
answer=/usr/lib/lab-smart/\${last##*/}
[ -e "$answer" ] || exec /usr/sbin/smartctl.real "$@"
sleep 0.3
cat "$answer"
exit "$(cat "$answer.status")"
SHIM
chmod +x /usr/sbin/smartctl`);
}

/** Whether the answer is what the product will get. */
export async function checkSmart(host: Host, device: string, text: string): Promise<string | undefined> {
  const printed = await host.run(`smartctl --json=cu -A ${device}`, { mayFail: true });
  return printed.includes(text) ? undefined : `smartctl does not say ${text} of ${device}`;
}
