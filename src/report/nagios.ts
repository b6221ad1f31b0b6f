import type { Report } from '../define/report.ts';
import { bounded } from '../lib/hostile-text.ts';
import { cleanReport } from './clean-report.ts';
import { leadingCauses } from './outline.ts';
import { percent } from './words.ts';

const states = { healthy: 'OK', suspected: 'WARNING', identified: 'CRITICAL', inconclusive: 'UNKNOWN', unreachable: 'UNKNOWN' } as const;

/** Units of measurement that the guidelines allow; a value in another unit goes without. */
const units = new Map([['%', '%'], ['s', 's'], ['ms', 'ms'], ['us', 'us'], ['µs', 'us'], ['B', 'B'], ['bytes', 'B'], ['KB', 'KB'], ['MB', 'MB'], ['TB', 'TB']]);

const lineCharacters = 400;

function plain(text: string): string {
  return bounded(text.replaceAll('|', '/'), lineCharacters);
}

/** `'label'=value[unit];warning;critical;minimum;maximum`. A label may hold anything but `=` and `'`. */
function performance(label: string, value: number, unit = '', limit?: number): string {
  const name = bounded(label.replace(/[='|]/g, '_'), 80) || 'value';
  return `'${name}'=${String(value)}${units.get(unit) ?? ''};${limit ?? ''};;;`;
}

/**
 * Output of a check as the Nagios plugin guidelines want it: one line `CULPRIT STATE - text | performance data`, then the causes.
 * healthy is OK (0), suspected WARNING (1), identified CRITICAL (2), inconclusive and unreachable UNKNOWN (3): the same as the
 * exit status of the command, see `exitStatusOf`.
 */
export function renderNagios(report: Report): string {
  const clean = cleanReport(report);
  const figures = new Map<string, string>();
  for (const { id, object, value, unit, limit } of clean.symptoms) {
    const label = `${id} ${object}`;
    if (value !== undefined && Number.isFinite(value) && !figures.has(label)) figures.set(label, performance(label, value, unit, limit));
  }
  const data = [
    performance('causes', clean.causes.length),
    performance('ruled_out', clean.ruledOut.length),
    performance('cannot_tell', clean.unknown.length),
    performance('not_read', clean.notRead.length),
    performance('duration', clean.durationMs / 1_000, 's'),
    ...figures.values(),
  ];
  const causes = leadingCauses(clean).map(({ id, title, probability, status, objects }) =>
    plain(`${status} ${percent(probability)}: ${title} (${id})${objects.length > 0 ? ` on ${objects.join(', ')}` : ''}`),
  );
  return `${[`CULPRIT ${states[clean.verdict.status]} - ${plain(clean.verdict.summary)} | ${data.join(' ')}`, ...causes].join('\n')}\n`;
}
