import { renderToString } from 'preact-render-to-string';
import { bounded } from '../../lib/hostile-text.ts';
import { zonedTime } from '../../lib/zoned-time.ts';
import { html, type Markup } from '../../report/html-tag.ts';
import { withUnit } from '../../report/words.ts';

/** The course of one value, with the lines that it is held against. */
export interface Course {
  readonly title: string;
  readonly unit: string;
  /** Of the times below the axis: a name of the IANA database. */
  readonly timeZone: string;
  /** Ascending. */
  readonly timesMs: readonly number[];
  /** For each time; undefined where nothing was read: there the curve has a gap. */
  readonly values: readonly (number | undefined)[];
  /** When the trouble began. */
  readonly beganAtMs?: number;
  /** Limits and what is usual. */
  readonly lines: readonly { readonly label: string; readonly value: number }[];
}

const [width, height] = [640, 240];
const plot = { left: 56, right: 560, top: 40, bottom: 204 };
const colours = { text: '#1f2937', quiet: '#6b7280', grid: '#e5e7eb', curve: '#1d4ed8', limit: '#b91c1c', usual: '#047857', began: '#f59e0b' };

/** A round number at least as large: 1, 2 or 5 times a power of ten. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= value * 0.999_999) ?? 10 * power;
}

/** Pieces of the curve between gaps, as points of SVG. */
function pieces(points: readonly (readonly [number, number] | undefined)[]): string[] {
  const found: string[][] = [[]];
  for (const point of points) {
    if (point === undefined) found.push([]);
    else found.at(-1)!.push(`${point[0].toFixed(1)},${point[1].toFixed(1)}`);
  }
  return found.filter((piece) => piece.length > 0).map((piece) => piece.join(' '));
}

function clockTime(atMs: number, timeZone: string): string {
  return zonedTime(atMs, timeZone).slice(11, 16);
}

/** Draws the course as SVG of a fixed size, complete in itself: no style sheet, nothing to be loaded. */
export function courseChart({ title, unit, timeZone, timesMs, values, beganAtMs, lines }: Course): string {
  const finite = values.filter((value): value is number => value !== undefined && Number.isFinite(value));
  const shownLines = lines.filter(({ value }) => Number.isFinite(value)).slice(0, 4);
  const most = Math.max(...finite, ...shownLines.map(({ value }) => value), 0);
  const step = roundAbove(Math.max(most, 1e-9) / 4);
  const top = Math.max(1, Math.ceil(most / step)) * step;
  const bottom = Math.min(0, Math.floor(Math.min(0, ...finite) / step) * step);
  const [firstMs = 0, lastMs = 1] = [timesMs[0], timesMs.at(-1)];
  const x = (atMs: number): number => plot.left + ((atMs - firstMs) / Math.max(1, lastMs - firstMs)) * (plot.right - plot.left);
  const y = (value: number): number => plot.bottom - ((value - bottom) / (top - bottom)) * (plot.bottom - plot.top);
  const curve = pieces(timesMs.map((atMs, index) => (values[index] === undefined || !Number.isFinite(values[index]) ? undefined : [x(atMs), y(values[index])])));
  const levels = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  const times = Array.from({ length: 5 }, (_, index) => firstMs + ((lastMs - firstMs) * index) / 4);
  const text = (left: number, baseline: number, words: string, colour: string, anchor = 'start', size = 11): Markup => html`<text x=${left} y=${baseline} fill=${colour} font-size=${size} font-family="DejaVu Sans, sans-serif" text-anchor=${anchor}>${words}</text>`;
  const isLast = (index: number): boolean => index === times.length - 1;
  return renderToString(html`
    <svg xmlns="http://www.w3.org/2000/svg" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`}>
      <rect width=${width} height=${height} fill="#ffffff" />
      ${text(plot.left, 22, bounded(title, 70), colours.text, 'start', 14)}
      ${levels.map((level) => html`
        <line x1=${plot.left} x2=${plot.right} y1=${y(level)} y2=${y(level)} stroke=${colours.grid} />
        ${text(plot.left - 6, y(level) + 4, String(Number(level.toPrecision(4))), colours.quiet, 'end')}`)}
      ${text(plot.left - 6, plot.top - 8, bounded(unit, 24), colours.quiet, 'end', 10)}
      ${times.map((atMs, index) => text(x(atMs), plot.bottom + 18, clockTime(atMs, timeZone), colours.quiet, isLast(index) ? 'end' : index === 0 ? 'start' : 'middle'))}
      ${beganAtMs !== undefined && beganAtMs > firstMs && beganAtMs < lastMs && html`
        <line x1=${x(beganAtMs)} x2=${x(beganAtMs)} y1=${plot.top} y2=${plot.bottom} stroke=${colours.began} stroke-dasharray="3 3" />
        ${text(x(beganAtMs), plot.bottom + 32, `began ${clockTime(beganAtMs, timeZone)}`, colours.began, 'middle')}`}
      ${shownLines.map(({ label, value }) => {
        const colour = label === 'usual' ? colours.usual : colours.limit;
        return html`
          <line x1=${plot.left} x2=${plot.right} y1=${y(value)} y2=${y(value)} stroke=${colour} stroke-dasharray="6 4" />
          ${text(plot.right + 6, y(value) + 4, `${bounded(label, 10)} ${withUnit(value, '')}`.trim(), colour)}`;
      })}
      ${curve.map((points) => html`<polyline points=${points} fill="none" stroke=${colours.curve} stroke-width="2" />`)}
    </svg>`);
}
