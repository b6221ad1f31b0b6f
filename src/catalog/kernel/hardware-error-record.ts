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

/**
 * Gives the lines of hardware errors (`[Hardware Error]`) the kind of the whole record that they belong to: lines of one record follow each
 * other within a second. Records of the boot before are dropped: some firmware shows them again at each boot.
 */
export function withHardwareRecords<L extends Line>(lines: readonly L[]): readonly L[] {
  const result: L[] = [];
  let record: L[] = [];
  let isOld = false;
  const close = (): void => {
    if (record.length > 0 && !isOld) {
      const kind = kindOfRecord(record.map((line) => line.text.slice(0, 400)));
      result.push(...record.map((line) => ({ ...line, kind })));
    }
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
