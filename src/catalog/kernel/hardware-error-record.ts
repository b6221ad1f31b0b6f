import type { LogKind } from './log-kinds.ts';

interface Line {
  readonly text: string;
  readonly secondsSinceBoot?: number | undefined;
  readonly kind: LogKind | undefined;
}

const corrected = /\bcorrected error|been corrected|(?:severity|type): corrected/i;
const worse = /uncorrected|fatal|deferred|recoverable|corrupted/i;
/** The status of a bank in hexadecimal: the second bit of its first digit says that the error was not corrected (Intel SDM 3B, IA32_MCi_STATUS). */
const bankStatus = /Bank \d{1,3}: ([0-9a-f])[0-9a-f]{15}\b/;
const announcement = /Machine check events logged/;
const previousBoot = /BERT: Error records from previous boot/;

/** What one record of several lines is: an error, one that the hardware corrected, or one that the firmware kept from the boot before. */
function kindOfRecord(texts: readonly string[]): LogKind {
  const digits = texts.flatMap((text) => bankStatus.exec(text)?.[1] ?? []);
  if (texts.some((text) => worse.test(text)) || digits.some((digit) => (Number.parseInt(digit, 16) & 2) !== 0)) return 'machine-check';
  const isCorrected = texts.some((text) => corrected.test(text)) || digits.length > 0 || texts.every((text) => announcement.test(text));
  return isCorrected ? 'corrected-hardware-error' : 'machine-check';
}

/** Lines of hardware errors (`[Hardware Error]`) that belong together: they follow each other within a second. */
export interface HardwareRecord<L extends Line> {
  readonly kind: LogKind;
  readonly lines: readonly L[];
}

/** The records of hardware errors, and all other lines, in their order. Records of the boot before are dropped: some firmware shows them again at each boot. */
export function splitHardwareRecords<L extends Line>(lines: readonly L[]): readonly (L | HardwareRecord<L>)[] {
  const result: (L | HardwareRecord<L>)[] = [];
  let record: L[] = [];
  let isOld = false;
  const close = (): void => {
    if (record.length > 0 && !isOld) result.push({ kind: kindOfRecord(record.map((line) => line.text.slice(0, 400))), lines: record });
    record = [];
    isOld = false;
  };
  for (const line of lines) {
    const isNew = (line.secondsSinceBoot ?? 0) - (record.at(-1)?.secondsSinceBoot ?? line.secondsSinceBoot ?? 0) > 1;
    if (isNew) close();
    if (line.kind === 'machine-check') record.push(line);
    else if (previousBoot.test(line.text.slice(0, 400))) {
      close();
      isOld = true;
    } else result.push(line);
  }
  close();
  return result;
}

/** Gives the lines of hardware errors the kind of the whole record that they belong to. */
export function withHardwareRecords<L extends Line>(lines: readonly L[]): readonly L[] {
  return splitHardwareRecords(lines).flatMap((one) => ('lines' in one ? one.lines.map((line) => ({ ...line, kind: one.kind })) : [one]));
}
