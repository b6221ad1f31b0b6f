import { bytesText } from '../lib/host-text.ts';
import type { MetricMeaning, MetricUnit } from './metric-directions.ts';

function plain(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(1);
  return String(size >= 100 ? Math.round(value) : Number(value.toPrecision(2)));
}

/** A value as people read it, with its unit. */
export function valueText(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'share':
      return `${plain(100 * value)} %`;
    case 'bytes':
    case 'bytesPerSecond': {
      const text = Math.abs(value) < 1e18 ? `${value < 0 ? '-' : ''}${bytesText(Math.abs(value))}` : `${plain(value)} bytes`;
      return unit === 'bytes' ? text : `${text} a second`;
    }
    case 'perSecond':
      return `${plain(value)} a second`;
    case 'seconds':
      return Math.abs(value) < 1 ? `${plain(1_000 * value)} ms` : `${plain(value)} s`;
    case 'celsius':
      return `${plain(value)} °C`;
    case 'hertz':
      return `${plain(value / 1e6)} MHz`;
    case 'number':
      return plain(value);
  }
}

/** The labels that say which one it is: a disk, a device, a CPU; not those that say what is counted. */
function whichOne(labels: Readonly<Record<string, string>>): string {
  const words = Object.entries(labels)
    .filter(([name]) => !['__name__', 'mode', 'state', 'job', 'instance'].includes(name))
    .map(([name, value]) => (name === 'device' || name === 'name' || name === 'mountpoint' ? value : `${name} ${value}`));
  return words.length === 0 ? '' : ` of ${words.join(', ')}`;
}

export interface ChangeInFigures {
  readonly before: number;
  readonly after: number;
  /** The value in between farthest from what is usual. */
  readonly extreme: number;
  /** Spreads that `after` and `extreme` lie from what is usual; undefined where the metric never moved before. */
  readonly timesSpread: number | undefined;
  readonly extremeSpread: number | undefined;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "IO wait went from 2.1 % to 34 %, 41 times its usual spread." A short leap is told as such. */
export function changeSentence({ words, unit }: MetricMeaning, labels: Readonly<Record<string, string>>, figures: ChangeInFigures): string {
  const lasting = Math.abs(figures.after - figures.before) * 2 >= Math.abs(figures.extreme - figures.before);
  const [to, spread] = lasting ? [figures.after, figures.timesSpread] : [figures.extreme, figures.extremeSpread];
  const [from, now] = [valueText(figures.before, unit), valueText(to, unit)];
  const measure = spread === undefined ? 'and it had never moved before' : `${plain(Math.abs(spread))} times its usual spread`;
  const subject = capital(words) + whichOne(labels);
  if (from === now) return `${subject} stayed at about ${from}.`;
  return lasting ? `${subject} went from ${from} to ${now}, ${measure}.` : `${subject}, usually ${from}, reached ${now} for a while, ${measure}.`;
}
