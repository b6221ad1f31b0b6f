import { createHash } from 'node:crypto';

function hashOf(scenario: string, variant: string): string {
  return createHash('sha256').update(`${scenario}.${variant}`).digest('hex');
}

/**
 * The variants of a scenario that may be looked at while rules are written: the first half, rounded up, in the order of the
 * SHA-256 of `<scenario>.<variant>`.
 */
export function openVariants(scenario: string, variants: readonly string[]): string[] {
  const keyed = [...new Set(variants)].map((variant) => ({ variant, hash: hashOf(scenario, variant) }));
  keyed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return keyed.slice(0, Math.ceil(keyed.length / 2)).map((one) => one.variant);
}

/** Whether a variant is scored apart and not looked at. Throws for a variant that the scenario does not have. */
export function isHeldOut(scenario: string, variants: readonly string[], variant: string): boolean {
  if (!variants.includes(variant)) throw new Error(`The scenario ${scenario} has no variant ${variant}.`);
  return !openVariants(scenario, variants).includes(variant);
}
