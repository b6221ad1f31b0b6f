import type { Report } from '../define/report.ts';
import { bounded } from '../lib/hostile-text.ts';
import { html, type Markup } from './html-tag.ts';
import { eventsInOrder } from './outline.ts';
import { clockTime } from './words.ts';

/** Kinds of events by their row, in the order of rows. Kinds that nobody knows stand in the last. */
const lanes: readonly (readonly [string, readonly string[]])[] = [
  ['Boots', ['boot', 'boot-settings', 'firmware', 'clock']],
  ['Packages', ['package']],
  ['Pools', ['pool']],
  ['Guests and tasks', ['task']],
  ['Settings', ['file', 'setting']],
  ['Services', ['service']],
  ['Hardware', ['hardware']],
  ['People', ['login']],
  ['Experiments', ['experiment']],
];
const otherLane = 'Other';
const laneHeight = 26;
const axisHeight = 22;
const labelWidthPercent = 18;
const minuteMs = 60_000;

const ticks: readonly (readonly [string, number])[] = [
  ['1 min', 1],
  ['10 min', 10],
  ['1 h', 60],
  ['6 h', 360],
  ['1 day', 1_440],
  ['7 days', 10_080],
  ['30 days', 43_200],
  ['120 days', 172_800],
];

const laneOf = (kind: string): string => lanes.find(([, kinds]) => kinds.includes(kind))?.[0] ?? otherLane;

/**
 * Changes, boots, the beginning of the trouble and experiments on one axis, which ends with the look. The axis is logarithmic in the time before the look, as what happened lately matters in minutes and what
 * happened long ago in days.
 */
export function timelineChart(report: Report): Markup {
  const endMs = Date.parse(report.startedAt) + Math.max(0, report.durationMs);
  const events = eventsInOrder(report).flatMap((event) => {
    const ageMs = endMs - Date.parse(event.at);
    return Number.isFinite(ageMs) ? [{ ...event, ageMs: Math.max(0, ageMs) }] : [];
  });
  const shown = events.filter(({ kind }) => kind !== 'onset');
  if (shown.length < 2) return null;
  const oldestMs = Math.max(10 * minuteMs, ...events.map(({ ageMs }) => ageMs));
  const x = (ageMs: number): string => `${(labelWidthPercent + (96 - labelWidthPercent) * (1 - Math.log1p(ageMs / minuteMs) / Math.log1p(oldestMs / minuteMs))).toFixed(2)}%`;
  const used = [...lanes.map(([name]) => name), otherLane].filter((name) => shown.some(({ kind }) => laneOf(kind) === name));
  const suspected = new Set(report.changes.map(({ at, text }) => at + text));
  const height = used.length * laneHeight;
  const onsets = events.filter(({ kind }) => kind === 'onset');
  return html`
    <svg class="chart timeline" role="img" width="100%" height=${height + axisHeight} aria-label=${`${shown.length} events in the ${used.length === 1 ? 'row' : 'rows'} ${used.join(', ')}; the list below has them all`}>
      ${ticks
        .filter(([, minutes]) => minutes * minuteMs <= oldestMs)
        .map(([label, minutes]) => html`<line x1=${x(minutes * minuteMs)} x2=${x(minutes * minuteMs)} y1="0" y2=${height} class="timeline-tick" /><text x=${x(minutes * minuteMs)} y=${height + 15} text-anchor="middle" class="chart-note">${label}</text>`)}
      <text x="100%" y=${height + 15} text-anchor="end" class="chart-note">look</text>
      ${used.map((name, index) => html`<text x="0" y=${index * laneHeight + 17} class="chart-label">${name}</text><line x1=${`${labelWidthPercent}%`} x2="100%" y1=${index * laneHeight + 13} y2=${index * laneHeight + 13} class="timeline-lane" />`)}
      ${onsets.map(({ ageMs, text }) => html`<line x1=${x(ageMs)} x2=${x(ageMs)} y1="0" y2=${height} class="timeline-onset"><title>${bounded(text, 300)}</title></line>`)}
      ${shown.map(({ kind, ageMs, at, text }) => html`<circle cx=${x(ageMs)} cy=${used.indexOf(laneOf(kind)) * laneHeight + 13} r="5" class=${suspected.has(at + text) ? 'timeline-event suspect' : 'timeline-event'}><title>${clockTime(at)} ${bounded(text, 300)}</title></circle>`)}
    </svg>`;
}
