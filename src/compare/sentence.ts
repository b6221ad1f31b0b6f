import type { Difference, Weights } from '../define/comparison.ts';
import { bounded } from '../lib/hostile-text.ts';
import { starsOf } from './rule-book.ts';
import type { Change, Scalar } from './tree.ts';
import { capitalised, elementText, listText, namedItems, numberText, placeName, spelt, valueText } from './words.ts';

/** What a change amounts to: which of the weights counts, and how it reads. */
export interface Told extends Pick<Difference, 'text' | 'before' | 'after' | 'ratio'> {
  readonly direction: keyof Weights;
}

const nameCharacters = 120;
const lineCharacters = 600;

/** The name of what changed, with the host's own names in their places. In the sentence they are bounded, not escaped. */
function subjectOf(change: Change, title: string): string {
  return change.rule === undefined ? placeName(title, change.path) : withStars(change.rule.name, change, '');
}

/** Facts name things as objects, such as `disk/<stable id>`: sentences say what kind of thing it is. */
function withoutKind({ rule }: Change, star: string): string {
  return rule?.source.kind === 'fact' ? star.replace(/^(?:disk|storage|filesystem|nic)\//, '') : star;
}

function withStars(template: string, change: Change, items: string): string {
  const stars = change.rule ? starsOf(change.rule, change.path) : [];
  return template.replaceAll(/\{(\d|items)(:words)?\}/g, (_, word: string, asWords?: string) => {
    if (word === 'items') return items;
    const star = withoutKind(change, stars[Number(word) - 1] ?? '');
    return bounded(asWords ? spelt(star) : star, nameCharacters);
  });
}

/** One sentence for one change. */
export function tell(change: Change, title: string): Told {
  const told = change.form === 'set' ? tellSet(change, title) : change.form === 'element' ? tellElement(change, title) : tellValue(change, title);
  return { ...told, text: bounded(capitalised(told.text), lineCharacters) };
}

function tellSet(change: Extract<Change, { form: 'set' }>, title: string): Told {
  const { before, after, rule } = change;
  const [had, has] = [new Set(before), new Set(after)];
  const lost = before.filter((item) => !has.has(item));
  const gained = after.filter((item) => !had.has(item));
  const name = subjectOf(change, title);
  const lostText = lost.length > 0 ? withStars(rule?.lost ?? `${name}: no longer {items}`, change, namedItems(lost)) : '';
  const gainedText = gained.length > 0 ? withStars(rule?.gained ?? `${name}: newly {items}`, change, namedItems(gained)) : '';
  const both = lostText !== '' && gainedText !== '' ? `${lostText}; new: ${namedItems(gained)}` : lostText + gainedText;
  const [beforeText, afterText] = [listText(before), listText(after)];
  return {
    text: `${both} (${rule?.label ? `${withStars(rule.label, change, '')}: ` : ''}${beforeText} → ${afterText})`,
    before: beforeText,
    after: afterText,
    direction: lost.length > 0 ? 'lost' : 'gained',
  };
}

function tellElement(change: Extract<Change, { form: 'element' }>, title: string): Told {
  const { rule, before, after } = change;
  const name = subjectOf(change, title);
  const what = elementText(before ?? after ?? {}, rule?.shows ?? []);
  const aside = what === '' ? '' : ` (${what})`;
  const direction = after === undefined ? 'lost' : 'gained';
  const template = direction === 'lost' ? rule?.lost : rule?.gained;
  const text = template === undefined ? `${name} is ${direction === 'lost' ? 'gone' : 'new'}${aside}` : withStars(template, change, '') + aside;
  const word = what === '' ? 'there' : what;
  return { text, direction, ...(before && { before: word }), ...(after && { after: word }) };
}

function tellValue(change: Extract<Change, { form: 'value' }>, title: string): Told {
  const { rule, before, after, path } = change;
  const name = subjectOf(change, title);
  const property = path.at(-1) ?? '';
  const shown = (value: Scalar): string => valueText(value, property, rule?.noise?.unit);
  const label = rule?.label ? ` (${withStars(rule.label, change, '')})` : '';
  if (before === undefined) return { text: `${name} is new: ${shown(after!)}${label}`, after: shown(after!), direction: 'gained' };
  if (after === undefined) return { text: `${name} is gone; it was ${shown(before)}${label}`, before: shown(before), direction: 'lost' };
  const values = { before: shown(before), after: shown(after) };
  const direction = directionOf(before, after, rule?.best ?? []);
  const template = direction === 'lost' ? rule?.lost : direction === 'gained' ? rule?.gained : undefined;
  if (typeof before === 'boolean' && template !== undefined) return { text: withStars(template, change, '') + label, ...values, direction };
  const ratio = typeof before === 'number' && typeof after === 'number' && before > 0 && rule?.kind === 'measured' ? after / before : undefined;
  if (ratio !== undefined && (ratio >= 2 || ratio <= 0.5) && (rule?.noise?.ratio ?? 1) > 1) {
    const times = ratio >= 2 ? `${numberText(ratio >= 10 ? Math.round(ratio) : ratio)} times what it was` : `down to ${numberText(ratio * 100)} %`;
    return { text: `${name} is ${times}: ${values.before} → ${values.after}${label}`, ...values, ratio, direction };
  }
  return { text: `${name} changed from ${values.before} to ${values.after}${label}`, ...values, ...(ratio !== undefined && { ratio }), direction };
}

function directionOf(before: Scalar, after: Scalar, best: readonly string[]): keyof Weights {
  const [wasBest, isBest] = [best.includes(String(before)), best.includes(String(after))];
  if (wasBest !== isBest) return wasBest ? 'lost' : 'gained';
  if (typeof before === 'number' && typeof after === 'number') return after < before ? 'lost' : 'gained';
  if (typeof before === 'boolean' && typeof after === 'boolean') return before ? 'lost' : 'gained';
  return 'changed';
}
