import type { ComparisonRule } from '../define/comparison.ts';
import { median } from '../lib/averages.ts';
import { isElement, keyedLists, type Element } from './list-keys.ts';
import type { RuleBook } from './rule-book.ts';
import { isEvent, isVolatileName } from './volatile.ts';

export type Scalar = string | number | boolean;

/** One place at which two values differ, before it is weighed and put into words. */
export type Change = { readonly path: readonly string[]; readonly rule?: ComparisonRule } & (
  | { readonly form: 'value'; readonly before?: Scalar; readonly after?: Scalar }
  | { readonly form: 'set'; readonly before: readonly string[]; readonly after: readonly string[] }
  | { readonly form: 'element'; readonly before?: Element; readonly after?: Element }
);

export interface TreeOptions {
  /** Only what a rule names is compared: for facts, which repeat what probes say, and for counters. */
  readonly onlyRuled: boolean;
  /** Stable names of disks by their kernel names, in each of the two states. */
  readonly disksBefore: ReadonlyMap<string, string>;
  readonly disksAfter: ReadonlyMap<string, string>;
}

/** More than any host has of one sort; a hostile case must not make a comparison endless. */
const maxChanges = 5_000;

const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
/** An object or a list of objects: rules may speak of what lies within. */
const holdsMore = (value: unknown): boolean => isElement(value) || (Array.isArray(value) && value.some(isElement));
const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/** Compares two values of one source from the top down. */
export function compareTrees(before: unknown, after: unknown, book: RuleBook, options: TreeOptions): Change[] {
  const changes: Change[] = [];
  visit([], before, after);
  return changes;

  function visit(path: readonly string[], one: unknown, other: unknown, neighbours?: readonly [Element, Element], isKey = false): void {
    if (changes.length >= maxChanges || (!isThere(one) && !isThere(other))) return;
    const rule = book.at(path);
    const name = path.at(-1) ?? '';
    if (rule?.kind === 'ignored') return;
    if (rule === undefined && !isKey && isVolatileName(name) && !holdsMore(one) && !holdsMore(other)) return;
    if (rule?.setOf && (Array.isArray(one) || Array.isArray(other))) return addSet(path, rule, membersOf(one, rule), membersOf(other, rule));
    if (Array.isArray(one) && Array.isArray(other)) return visitLists(path, rule, one, other, neighbours);
    if (isElement(one) && isElement(other)) return visitProperties(path, one, other);
    addLeaf(path, rule, one, other, neighbours);
  }

  function visitProperties(path: readonly string[], one: Element, other: Element): void {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) visit([...path, name], one[name], other[name], [one, other]);
  }

  function visitLists(path: readonly string[], rule: ComparisonRule | undefined, one: readonly unknown[], other: readonly unknown[], neighbours?: readonly [Element, Element]): void {
    if (rule?.noise && [...one, ...other].every((item) => typeof item === 'number')) return addLeaf(path, rule, median(one as number[]), median(other as number[]), neighbours);
    if ([...one, ...other].every(isScalar)) {
      if (rule === undefined && (options.onlyRuled || [...one, ...other].some((item) => typeof item === 'number'))) return;
      return addSet(path, rule, one.map(String), other.map(String));
    }
    const elements = [one.filter(isElement), other.filter(isElement)] as const;
    if (rule === undefined && elements.some((list) => list.some(isEvent))) {
      if (book.at([...path, '*']) === undefined) return;
    }
    const keyed = keyedLists(elements[0], elements[1]);
    if (keyed === undefined) return;
    const inElements = book.at([...path, '*']);
    const [first, second] = inElements?.ofDisks ? [renamed(keyed.before, keyed.name, options.disksBefore), renamed(keyed.after, keyed.name, options.disksAfter)] : [keyed.before, keyed.after];
    for (const key of new Set([...first.keys(), ...second.keys()])) visit([...path, key], first.get(key), second.get(key), undefined, true);
  }

  function addLeaf(path: readonly string[], rule: ComparisonRule | undefined, one: unknown, other: unknown, neighbours?: readonly [Element, Element]): void {
    if (rule === undefined && options.onlyRuled) return;
    if (isElement(one) !== isElement(other) && (isElement(one) || isElement(other))) {
      changes.push({ form: 'element', path, ...(rule && { rule }), ...(isElement(one) && { before: one }), ...(isElement(other) && { after: other }) });
      return;
    }
    if (Array.isArray(one) || Array.isArray(other)) {
      const [first, second] = [one ?? [], other ?? []];
      if (Array.isArray(first) && Array.isArray(second) && [...first, ...second].every(isScalar)) addSet(path, rule, first.map(String), second.map(String));
      return;
    }
    const [first, second] = [isScalar(one) ? one : undefined, isScalar(other) ? other : undefined];
    if (first === second || (rule?.noise && isNoise(rule.noise, first, second)) || !isEnough(rule, neighbours)) return;
    changes.push({ form: 'value', path, ...(rule && { rule }), ...(first !== undefined && { before: first }), ...(second !== undefined && { after: second }) });
  }

  function addSet(path: readonly string[], rule: ComparisonRule | undefined, one: readonly string[], other: readonly string[]): void {
    if (rule === undefined && options.onlyRuled) return;
    const kept = (items: readonly string[]): string[] => [...new Set(items)].filter((item) => !(rule?.without ?? []).some((start) => item.startsWith(start)));
    const [first, second] = [kept(one), kept(other)];
    const [inFirst, inSecond] = [new Set(first), new Set(second)];
    if (first.every((item) => inSecond.has(item)) && second.every((item) => inFirst.has(item))) return;
    changes.push({ form: 'set', path, ...(rule && { rule }), before: first, after: second });
  }
}

function membersOf(list: unknown, rule: ComparisonRule): string[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isElement).map((element) => (rule.setOf ?? []).map((name) => element[name]).filter(isScalar).join(rule.setOf?.includes('value') ? '=' : ' '));
}

function renamed(keyed: ReadonlyMap<string, Element>, keyName: string, names: ReadonlyMap<string, string>): Map<string, Element> {
  return new Map([...keyed].map(([key, element]) => {
    const name = stableName(key, names);
    return [name, { ...element, [keyName]: name }];
  }));
}

/** Of a disk, a partition of it or a path to either; the key itself where the disk is not known. */
function stableName(key: string, names: ReadonlyMap<string, string>): string {
  const last = key.slice(key.lastIndexOf('/') + 1);
  const disk = names.get(last) ?? names.get(last.replace(/(?<=\d)p\d+$|(?<=[a-z])\d+$/, ''));
  if (disk !== undefined) return disk;
  const whole = last.replace(/-part\d+$/, '');
  return [...names.values()].includes(whole) ? whole : key;
}

function isNoise(noise: NonNullable<ComparisonRule['noise']>, before: Scalar | undefined, after: Scalar | undefined): boolean {
  if (typeof before !== 'number' || typeof after !== 'number') return true;
  const [low, high] = before < after ? [before, after] : [after, before];
  if (noise.only && (noise.only === 'more') !== after > before) return true;
  return high - low < noise.atLeast || high < low * noise.ratio;
}

function isEnough(rule: ComparisonRule | undefined, neighbours: readonly [Element, Element] | undefined): boolean {
  if (!rule?.enough) return true;
  const { of, atLeast } = rule.enough;
  return (neighbours ?? []).every((element) => typeof element[of] === 'number' && (element[of] as number) >= atLeast);
}
