import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** DejaVu Sans (Bitstream Vera's licence, changes in the public domain): the package's, or where the system has it. */
const inPackage = 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf';
const inSystem = ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', '/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf', '/usr/share/fonts/TTF/DejaVuSans.ttf'];

/** Name of the font's family within the file. */
export const chartFontFamily = 'DejaVu Sans';

/** The TrueType font of the charts' texts. Throws where there is none: a chart without text says nothing. */
export async function chartFont(): Promise<Uint8Array> {
  const paths = [...packagePath(), ...inSystem];
  for (const path of paths) {
    const font = await readFile(path).catch(() => undefined);
    if (font !== undefined) return font;
  }
  throw new Error('no font for the texts of charts: DejaVuSans.ttf is nowhere');
}

function packagePath(): string[] {
  try {
    return [fileURLToPath(import.meta.resolve(inPackage))];
  } catch {
    return [];
  }
}
