import { bounded } from '../lib/hostile-text.ts';
import type { Element } from './list-keys.ts';
import type { Scalar } from './tree.ts';

const valueCharacters = 120;
const listCharacters = 160;

/** A size of at least 1 KiB with its unit, beside the exact number only where that says more. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1_024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${numberText(bytes / 1_024 ** power)} ${units[power]}`;
}

/** At most four significant digits, whole parts whole. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** A value as a sentence shows it; `name` is its property, whose end may say a unit. */
export function valueText(value: Scalar, name: string, unit?: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? 'none' : bounded(value, valueCharacters);
  if (unit !== undefined) return `${numberText(value)} ${unit}`;
  if (/bytes(?:Limit)?$/i.test(name)) return sizeText(value);
  const ending = (Object.keys(unitsOfEndings) as (keyof typeof unitsOfEndings)[]).find((one) => name.endsWith(one));
  return ending ? `${numberText(value)} ${unitsOfEndings[ending]}` : numberText(value);
}

const unitsOfEndings = { Mbps: 'Mbit/s', gbps: 'Gbit/s', Gbps: 'Gbit/s', Mhz: 'MHz', Percent: '%', Microseconds: 'µs', Ms: 'ms', Seconds: 's' } as const;

/** The members of a list, or how many there are where that would be too long to read. */
export function listText(items: readonly string[]): string {
  if (items.length === 0) return 'none';
  const text = items.join(' ');
  return text.length <= listCharacters ? text : `${items.length} entries`;
}

/** Some members by name, the rest by number: for what was lost or gained. */
export function namedItems(items: readonly string[]): string {
  const shown = items.slice(0, 12).map((item) => bounded(item, 60));
  const rest = items.length - shown.length;
  return `${shown.join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What an element is, from the properties that its rule names: "model X, 1.82 TiB". */
export function elementText(element: Element, shows: readonly string[]): string {
  const parts = shows.flatMap((name) => {
    const value = element[name];
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [valueText(value, name)] : [];
  });
  return parts.join(', ');
}

/** `sizeBytes` as words: "size bytes". */
export function spelt(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, letter: string) => `${before} ${letter.toLowerCase()}`);
}

/** How a place without a rule is called: by the title of its source and the path. */
export function placeName(title: string, path: readonly string[]): string {
  return path.length === 0 ? title : `${title}: ${path.map((word) => (/^[a-z]+(?:[A-Z][a-z]+)+$/.test(word) ? spelt(word) : bounded(word, 80))).join(' ')}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
