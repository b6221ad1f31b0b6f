const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

/** A value as Go writes and reads floating-point numbers, with NaN and ±Inf; undefined where it is none. */
export function exposedNumber(text: string): number | undefined {
  const first = text.charCodeAt(text.length - 1);
  // Number() also takes 0x10, and an empty text for 0.
  if (first >= 46 && first <= 57 && text.length <= 64 && !/[^\d.eE+-]/.test(text)) {
    const value = Number(text);
    return Number.isNaN(value) ? undefined : value;
  }
  return text.length <= 9 ? special[text.toLowerCase()] : undefined;
}

/** As Go writes them: `+Inf`, `-Inf`, `NaN`, else the shortest decimal that gives the same number. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
