/** Draws the README's pictures from a recorded host: `node scripts/screenshots.ts test/hosts/<name>/case.tgz`. Needs Chromium. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { catalog } from '../src/catalog/index.ts';
import { loadCase } from '../src/collect/case-file.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';
import { renderers } from '../src/report/index.ts';

const folder = join(import.meta.dirname, '../docs/images');

const colours: Readonly<Record<string, string>> = {
  '1': 'font-weight:bold',
  '2': 'color:#8b949e',
  '3': 'font-style:italic',
  '31': 'color:#ff7b72',
  '32': 'color:#7ee787',
  '33': 'color:#e3b341',
  '34': 'color:#79c0ff',
  '35': 'color:#d2a8ff',
  '36': 'color:#76e3ea',
  '90': 'color:#8b949e',
};

/** Terminal text with SGR sequences as HTML, for a picture only. */
function terminalPage(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  let open = 0;
  // oxlint-disable-next-line no-control-regex -- SGR sequences are what is looked for
  const body = escaped.replaceAll(/\u001b\[([\d;]*)m/g, (_, codes: string) => {
    const style = codes.split(';').map((code) => colours[code]).filter(Boolean).join(';');
    if (style !== '') {
      open += 1;
      return `<span style="${style}">`;
    }
    if (open === 0) return '';
    open -= 1;
    return '</span>';
  });
  return `<!doctype html><meta charset="utf-8"><style>body{margin:0;background:#0d1117}pre{margin:0;padding:20px 24px;color:#e6edf3;
font:14px/1.35 "DejaVu Sans Mono",monospace;display:inline-block}</style><pre>${body}${'</span>'.repeat(open)}</pre>`;
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Which case? node scripts/screenshots.ts test/hosts/<name>/case.tgz');
const report = diagnose(catalog, await loadCase(path, catalog.probes));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1100, height: 1400 }, deviceScaleFactor: 1.5 });
  await page.setContent(renderers.html(report));
  await page.screenshot({ path: join(folder, 'report.png') });
  const text = renderers.text(report, { width: 80, colour: true });
  await page.setContent(terminalPage(text.split('\n').slice(0, 46).join('\n')));
  await page.locator('pre').screenshot({ path: join(folder, 'terminal.png') });
} finally {
  await browser.close();
}
