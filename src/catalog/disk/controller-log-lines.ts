/** What a line of the kernel's log says about a storage controller. */
export interface ControllerLine {
  /** As the driver names it: `mpt3sas_cm0`, `megaraid_sas 0000:18:00.0`. */
  readonly name: string;
  readonly driver: string;
  /** `fault`: its firmware stopped; `reset`: the driver restarted it because it did not answer. */
  readonly kind: 'fault' | 'reset';
}

const patterns: readonly { readonly driver: string; readonly words: string; readonly name: RegExp; readonly fault: RegExp; readonly reset?: RegExp }[] = [
  {
    driver: 'mpt3sas',
    words: 'sas_cm',
    name: /^(mpt[23]sas_cm\d{1,3}): /,
    fault: /fault_state\(0x[0-9a-f]{1,8}\)|coredump_state\(0x|SAS host is non-operational/,
    reset: /sending diag reset|diag reset: FAILED/,
  },
  {
    driver: 'megaraid_sas',
    words: 'mega',
    name: /^(megaraid_sas(?: [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])?|megasas): /,
    fault: /FW in FAULT state|Diag reset adapter never cleared|Fatal firmware error/,
    reset: /resetting fusion adapter|Controller in crit error|pending commands remain after waiting, will reset/,
  },
  { driver: 'hpsa', words: 'hpsa', name: /^(hpsa [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): /, fault: /controller lockup detected/i },
  { driver: 'smartpqi', words: 'smartpqi', name: /^(smartpqi [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]): /, fault: /controller is offline/ },
  { driver: 'aacraid', words: 'aacraid', name: /^(aacraid(?: [0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])?): /, fault: /[Aa]dapter kernel panic/, reset: /Host (?:adapter abort|adapter reset|bus reset) request/ },
  { driver: 'mpi3mr', words: 'mpi3mr', name: /^(mpi3mr\d{1,3}): /, fault: /fault code|in fault state/, reset: /controller reset is triggered by/ },
];

/** Undefined: the line is not about a controller, or nothing bad: the reset of a single disk is no fault of the controller. Texts of drivers/scsi (mpt3sas, megaraid, hpsa, smartpqi, aacraid, mpi3mr). */
export function controllerLineOf(line: string): ControllerLine | undefined {
  const text = line.slice(0, 400);
  for (const { driver, words, name, fault, reset } of patterns) {
    if (!text.includes(words)) continue;
    const found = name.exec(text)?.[1];
    if (found === undefined) continue;
    const kind = fault.test(text) ? 'fault' : reset?.test(text) ? 'reset' : undefined;
    if (kind !== undefined) return { name: found === 'megasas' ? 'megaraid_sas' : found, driver, kind };
  }
  return undefined;
}
