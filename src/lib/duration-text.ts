/** A length of time for a sentence: `40 seconds`, `12 minutes`, `5 hours`, `3 days`. */
export function agoText(seconds: number): string {
  const say = (value: number, unit: string): string => `${Math.round(value)} ${unit}${Math.round(value) === 1 ? '' : 's'}`;
  if (seconds < 120) return say(seconds, 'second');
  if (seconds < 7_200) return say(seconds / 60, 'minute');
  return seconds < 172_800 ? say(seconds / 3_600, 'hour') : say(seconds / 86_400, 'day');
}
