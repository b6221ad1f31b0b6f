import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initWasm, Resvg, type ResvgRenderOptions } from '@resvg/resvg-wasm';
import { chartFont, chartFontFamily } from './chart-font.ts';

/** Twice of what a mail shows, for screens with small pixels. */
const widthPixels = 1_280;
const mostHeightPixels = 4_000;
const mostSvgCharacters = 2_000_000;

let ready: Promise<Uint8Array> | undefined;

/** The renderer once for the process, and the font. */
function start(): Promise<Uint8Array> {
  ready ??= (async () => {
    const font = await chartFont();
    await initWasm(await readFile(fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
    return font;
  })();
  // A font may be installed later.
  ready.catch(() => (ready = undefined));
  return ready;
}

function drawn(svg: string, options: ResvgRenderOptions): InstanceType<typeof Resvg> {
  try {
    return new Resvg(svg, options);
  } catch (error) {
    throw new Error('the chart is no SVG that can be drawn', { cause: error });
  }
}

/** PNG picture of a chart on white: mail clients show no SVG. Whatever font the chart asks for, it gets ours. */
export async function chartPng(svg: string): Promise<Uint8Array> {
  if (svg.length > mostSvgCharacters) throw new Error(`the chart has more than ${mostSvgCharacters} characters`);
  const font = await start();
  const families = { defaultFontFamily: chartFontFamily, serifFamily: chartFontFamily, sansSerifFamily: chartFontFamily, monospaceFamily: chartFontFamily, cursiveFamily: chartFontFamily, fantasyFamily: chartFontFamily };
  const picture = drawn(svg, { font: { fontBuffers: [font], ...families }, fitTo: { mode: 'width', value: widthPixels }, background: '#ffffff' });
  try {
    if (!(picture.width > 0) || (picture.height / picture.width) * widthPixels > mostHeightPixels) throw new Error('the chart has no size, or is much higher than wide');
    const image = picture.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}
