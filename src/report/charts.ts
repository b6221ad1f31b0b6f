import type { FigureData } from '../define/figure.ts';
import { bounded } from '../lib/hostile-text.ts';
import { html, type Markup } from './html-tag.ts';
import { plainNumber, weight, withUnit } from './words.ts';

const rowHeight = 40;
const labelCharacters = 40;
const mostItems = 12;
/** Colours of parts in the style sheet: `part-0` … `part-5`, and `part-rest` for what is not used. */
const partColours = 6;
const notUsed = /^(?:idle|free|unused|available)\b/i;

function partClass({ label }: Part, index: number): string {
  return notUsed.test(label) ? 'part-rest' : `part-${index}`;
}

function share(value: number, whole: number): string {
  return `${Math.min(100, Math.max(0, whole > 0 && Number.isFinite(value) ? (value / whole) * 100 : 0)).toFixed(2)}%`;
}

function biggest(values: readonly number[]): number {
  return values.filter(Number.isFinite).reduce((most, value) => Math.max(most, value), 0);
}

function barsChart({ title, unit, limit, items }: FigureData): Markup {
  const shown = items.slice(0, mostItems);
  const whole = biggest([...shown.map(({ value }) => value), limit ?? 0]) * 1.04;
  const says = shown.map(({ label, value }) => `${label} ${withUnit(value, unit)}`).join('; ');
  const height = shown.length * rowHeight;
  return html`
    <svg class="chart" role="img" width="100%" height=${height + (limit === undefined ? 0 : 16)} aria-label=${`${title}: ${says}${limit === undefined ? '' : `; limit ${withUnit(limit, unit)}`}`}>
      ${shown.map(({ label, value }, index) => {
        const top = index * rowHeight;
        return html`
          <text x="0" y=${top + 13} class="chart-label">${bounded(label, labelCharacters)}<title>${label}</title></text>
          <text x="100%" y=${top + 13} text-anchor="end" class="chart-value">${withUnit(value, unit)}</text>
          <rect x="0" y=${top + 20} width="100%" height="10" rx="1" class="chart-track" />
          <rect x="0" y=${top + 20} width=${share(value, whole)} height="10" rx="1" class=${limit !== undefined && value > limit ? 'chart-bar over' : 'chart-bar'} />
          ${limit !== undefined && html`<line x1=${share(limit, whole)} x2=${share(limit, whole)} y1=${top + 17} y2=${top + 33} class="chart-limit" />`}`;
      })}
      ${limit === undefined
        ? null
        : html`<text x=${share(limit, whole)} y=${height + 9} text-anchor=${limit > whole * 0.8 ? 'end' : limit < whole * 0.2 ? 'start' : 'middle'} class="chart-note">limit ${withUnit(limit, unit)}</text>`}
    </svg>`;
}

interface Part {
  readonly label: string;
  readonly value: number;
}

/** At most so many parts as there are colours; the smallest are put together. */
function fewParts(items: readonly Part[]): Part[] {
  const parts = items.map(({ label, value }) => ({ label, value: Number.isFinite(value) ? Math.max(0, value) : 0 }));
  if (parts.length <= partColours) return parts;
  const rest = parts.slice(partColours - 1).reduce((sum, { value }) => sum + value, 0);
  return [...parts.slice(0, partColours - 1), { label: `${parts.length - partColours + 1} others`, value: rest }];
}

function partsChart({ title, unit, items }: FigureData): Markup {
  const parts = fewParts(items);
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, { value }) => sum + value, 0));
  return html`
    <div>
      <svg class="chart" role="img" width="100%" height="20" aria-label=${`${title}: ${parts.map(({ label, value }) => `${label} ${withUnit(value, unit)}`).join('; ')}`}>
        ${parts.map((part, index) => html`<rect x=${share(starts[index] ?? 0, whole)} y="0" width=${share(part.value, whole)} height="20" class=${`chart-part ${partClass(part, index)}`} />`)}
      </svg>
      <ul class="legend">
        ${parts.map((part, index) => html`<li><span class=${`swatch ${partClass(part, index)}`} aria-hidden="true"></span><span>${part.label}</span><b>${withUnit(part.value, unit)}</b></li>`)}
      </ul>
    </div>`;
}

/** A figure of the report with its title: bars of one unit with their limit, or the parts of one whole. */
export function figureChart(figure: FigureData): Markup {
  if (figure.items.length === 0) return null;
  return html`
    <figure>
      <figcaption>${figure.title}</figcaption>
      ${figure.kind === 'bars' ? barsChart(figure) : partsChart(figure)}
    </figure>`;
}

/** A measured value on a track with its limit as a tick; the value beside it says the same in words. */
export function limitBar({ value = 0, limit }: { readonly value?: number | undefined; readonly limit?: number | undefined }): Markup {
  if (limit === undefined || limit <= 0 || value < 0) return null;
  const whole = biggest([value, limit]) * 1.04;
  return html`
    <svg class="chart" aria-hidden="true" width="100%" height="16">
      <rect x="0" y="4" width="100%" height="8" rx="1" class="chart-track" />
      <rect x="0" y="4" width=${share(value, whole)} height="8" rx="1" class=${value > limit ? 'chart-bar over' : 'chart-bar'} />
      <line x1=${share(limit, whole)} x2=${share(limit, whole)} y1="1" y2="15" class="chart-limit" />
    </svg>`;
}

/** A weight of evidence as a bar from a common zero line: for the cause to the right, against it to the left. `most` are the longest of each side. */
export function weightBar(logOdds: number, most: { readonly against: number; readonly for: number }): Markup {
  const whole = most.against + most.for;
  const length = Math.min(Math.abs(logOdds), logOdds < 0 ? most.against : most.for);
  return html`
    <svg class="weight-bar" role="img" width="100%" height="12" aria-label=${`weight ${weight(logOdds)}`}>
      <rect x=${share(logOdds < 0 ? most.against - length : most.against, whole)} y="1" width=${share(length, whole)} height="10" rx="1" class=${logOdds < 0 ? 'against' : 'for'} />
      <line x1=${share(most.against, whole)} x2=${share(most.against, whole)} y1="0" y2="12" class="zero" />
    </svg>`;
}

/** A probability as a filled track, readable by screen readers. */
export function probabilityMeter(probability: number, label: string): Markup {
  const value = Math.round(probability * 100);
  return html`
    <span class="meter" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${plainNumber(value)}>
      <span style=${`width:${share(probability, 1)}`}></span>
    </span>`;
}
