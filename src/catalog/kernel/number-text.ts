/** A percentage for a sentence: `0.4 %`, `33 %`. */
export function percentText(percent: number): string {
  return `${percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)} %`;
}

/** A length of time for a sentence: `40 seconds`, `12 minutes`, `5 hours`, `3 days`. */
export function agoText(seconds: number): string {
  const say = (value: number, unit: string): string => `${Math.round(value)} ${unit}${Math.round(value) === 1 ? '' : 's'}`;
  if (seconds < 120) return say(seconds, 'second');
  if (seconds < 7_200) return say(seconds / 60, 'minute');
  return seconds < 172_800 ? say(seconds / 3_600, 'hour') : say(seconds / 86_400, 'day');
}

/** `1 I/O error`, `3 I/O errors`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
