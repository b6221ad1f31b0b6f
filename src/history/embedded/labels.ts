import type { SeriesSelector } from '../../define/history.ts';

type Labels = Readonly<Record<string, string>>;
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Labels as one text, equal for equal labels: a JSON object whose names ascend. A label without a value is one that is not there (Prometheus, "Data model"). Undefined where a name is none.
 */
export function labelsText(labels: Labels): string | undefined {
  const names = Object.keys(labels).filter((name) => labels[name] !== '');
  if (names.some((name) => !labelName.test(name))) return undefined;
  return `{${names.sort().map((name) => labelText(name, labels[name]!)).join(',')}}`;
}

/** One label within that text. It stands nowhere else in it: a quotation mark within a value has a backslash before it. */
function labelText(name: string, value: string): string {
  return `"${name}":${JSON.stringify(value.toWellFormed())}`;
}

/** Labels of a series as readers see them: with the host as `instance`, as a Prometheus adds it, unless the source brought one. */
export function labelsOf(host: string, text: string): Record<string, string> {
  const labels = JSON.parse(text) as Record<string, string>;
  return { ...labels, instance: labels.instance ?? host };
}

/** A selector, as what must stand in the text of labels. */
export interface Matcher {
  readonly metric: string;
  readonly host?: string;
  readonly contains: readonly string[];
  readonly lacks: readonly string[];
  readonly instance?: string;
}

export function matcherOf({ metric, labels = {} }: SeriesSelector, host?: string): Matcher {
  for (const name of Object.keys(labels)) if (!labelName.test(name)) throw new TypeError(`not the name of a label: ${name}`);
  const { instance, ...others } = labels;
  const named = Object.entries(others);
  return {
    metric,
    ...(host !== undefined && { host }),
    contains: named.filter(([, value]) => value !== '').map(([name, value]) => labelText(name, value)),
    lacks: named.filter(([, value]) => value === '').map(([name]) => `"${name}":`),
    ...(instance !== undefined && { instance }),
  };
}

export function matches(matcher: Matcher, series: { readonly host: string; readonly metric: string; readonly labels: string }): boolean {
  const { host, labels } = series;
  const { instance } = matcher;
  if (series.metric !== matcher.metric || (matcher.host !== undefined && host !== matcher.host)) return false;
  if (instance !== undefined && !(labels.includes(labelText('instance', instance)) || (host === instance && !labels.includes('"instance":')))) return false;
  return matcher.contains.every((text) => labels.includes(text)) && matcher.lacks.every((text) => !labels.includes(text));
}

/** The same as a condition in SQL over the columns of a day file, with the values of its parameters. */
export function matchesSql(matcher: Matcher): { readonly condition: string; readonly values: string[] } {
  const values: string[] = [];
  const parameter = (value: string): string => `$${values.push(value)}`;
  const conditions = [`metric = ${parameter(matcher.metric)}`];
  if (matcher.host !== undefined) conditions.push(`host = ${parameter(matcher.host)}`);
  if (matcher.instance !== undefined) {
    conditions.push(`(contains(labels, ${parameter(labelText('instance', matcher.instance))}) OR (host = ${parameter(matcher.instance)} AND NOT contains(labels, '"instance":')))`);
  }
  for (const text of matcher.contains) conditions.push(`contains(labels, ${parameter(text)})`);
  for (const text of matcher.lacks) conditions.push(`NOT contains(labels, ${parameter(text)})`);
  return { condition: conditions.join(' AND '), values };
}
