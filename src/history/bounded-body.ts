/** Thrown when an answer is longer than it may be. */
export class TooLong extends Error {}

/** The text of an answer, of `maxBytes` at most. Counts while it arrives, so that an endless answer ends here. */
export async function boundedBody(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces).toString('utf8');
    length += value.byteLength;
    if (length > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new TooLong(`more than ${maxBytes} bytes`);
    }
    pieces.push(value);
  }
}
