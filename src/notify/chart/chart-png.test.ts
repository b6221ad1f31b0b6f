import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chartPng } from './chart-png.ts';

const chart = (text: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" width="320" height="120"><style>.axis{font-family:"Inter",system-ui;font-size:12px;fill:#333}</style>
<path d="M0 100 L100 90 L200 30 L320 20" stroke="#b42318" stroke-width="2" fill="none"/><text class="axis" x="10" y="20">${text}</text></svg>`;

/** Width, height and all bytes of the picture's samples (filters left in). */
function decoded(png: Uint8Array): { readonly width: number; readonly height: number; readonly samples: Buffer } {
  const bytes = Buffer.from(png);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), samples: inflateSync(Buffer.concat(data)) };
}

describe('the picture of a chart', () => {
  it('is a PNG of the width of a mail, with the text in it', async () => {
    const [empty, one, other] = await Promise.all([chart(''), chart('IO delay 34 %'), chart('Übliche Last 2 % ≤ 5 µs')].map(async (svg) => decoded(await chartPng(svg))));
    expect([one?.width, one?.height]).toEqual([1_280, 480]);
    expect(one?.samples.equals(empty?.samples ?? Buffer.alloc(0))).toBe(false);
    expect(one?.samples.equals(other?.samples ?? Buffer.alloc(0))).toBe(false);
  });

  it('is not made of what is no chart, or of one that is much too large', async () => {
    await expect(chartPng('no svg')).rejects.toThrow('no SVG');
    await expect(chartPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="100000"/>')).rejects.toThrow('higher than wide');
    await expect(chartPng(' '.repeat(2_000_001))).rejects.toThrow('characters');
  });
});
