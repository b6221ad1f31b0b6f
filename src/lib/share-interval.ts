export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/** 95 % confidence interval of a share, from 0 to 1, of `hits` among `count` (E. B. Wilson 1927). Without anything counted: all is possible. */
export function shareInterval(hits: number, count: number): ShareInterval {
  if (!(count > 0) || !(hits >= 0) || hits > count) return { low: 0, high: 1 };
  const z = 1.96;
  const share = hits / count;
  const centre = share + z ** 2 / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  const whole = 1 + z ** 2 / count;
  return { low: Math.max(0, (centre - spread) / whole), high: Math.min(1, (centre + spread) / whole) };
}
