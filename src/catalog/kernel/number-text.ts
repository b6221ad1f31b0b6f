/** A percentage for a sentence: `0.4 %`, `33 %`. */
export function percentText(percent: number): string {
  return `${percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent)} %`;
}

/** `1 I/O error`, `3 I/O errors`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
