interface Policy {
  readonly governor: string;
  readonly driver: string;
  readonly currentMhz?: number | undefined;
  readonly maxMhz?: number | undefined;
  readonly hardwareMaxMhz?: number | undefined;
  readonly baseMhz?: number | undefined;
}
interface Frequency {
  readonly policies: readonly Policy[];
  readonly maxPerformancePercent?: number | undefined;
}

/** Drivers whose governor "powersave" goes up to the maximum under load; with all others it stays at the minimum (admin-guide/pm). */
const scalesByItself = /^(intel_pstate|amd[-_]pstate[-_]epp)$/;

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The limit that somebody or something set well below what the processor offers, in words; `undefined` where there is none. */
export function limitSet(frequency: Frequency): string | undefined {
  const { policies } = frequency;
  const most = policies.length / 2;
  const capped = policies.filter(({ maxMhz, hardwareMaxMhz }) => maxMhz !== undefined && hardwareMaxMhz !== undefined && maxMhz <= 0.7 * hardwareMaxMhz);
  const first = capped[0];
  if (capped.length > most && first !== undefined) return `the maximum is set to ${Math.round(first.maxMhz ?? 0)} MHz of ${Math.round(first.hardwareMaxMhz ?? 0)} MHz`;
  const slow = policies.filter(({ governor, driver }) => governor === 'powersave' && !scalesByItself.test(driver));
  if (slow.length > most) return `the governor is powersave with the driver ${slow[0]?.driver ?? ''}, which stays at the lowest frequency`;
  const percent = frequency.maxPerformancePercent;
  return percent !== undefined && percent <= 70 ? `intel_pstate allows ${percent} % of the maximum` : undefined;
}

/**
 * The current frequencies against what the processor should hold under load: its base frequency, or 60 % of its maximum. The mean
 * over the faster half: on a host that is half busy the other half is at rest, and its low clock is thrift.
 */
export function shareOfBase(frequency: Frequency): number | undefined {
  const shares = frequency.policies.flatMap(({ currentMhz, baseMhz, hardwareMaxMhz }) => {
    const base = baseMhz ?? (hardwareMaxMhz === undefined ? undefined : 0.6 * hardwareMaxMhz);
    return currentMhz === undefined || base === undefined || base === 0 ? [] : [currentMhz / base];
  });
  return mean(shares.toSorted((a, b) => b - a).slice(0, Math.ceil(shares.length / 2)));
}
