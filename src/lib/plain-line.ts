/** A host's words as one line that does no harm in a terminal: without control characters, at most `maxLength` long. */
export function plainLine(text: string, maxLength: number): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.slice(0, maxLength * 4).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim().slice(0, maxLength);
}
