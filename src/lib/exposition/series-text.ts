/** Metric and labels of one line of a page. */
export interface ExposedSeries {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

const tab = 9;
const blank = 32;
const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;

const isBlank = (code: number): boolean => code === blank || code === tab;
const isNameStart = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58;
const isNamePart = (code: number): boolean => isNameStart(code) || (code >= 48 && code <= 57);

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** Position behind the closing quote of the string that opens at `from`; -1 where it does not end. */
function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === backslash && at - 1 - backslashes > from) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return -1;
}

/** Where the series of a line ends that begins at `from`: behind the name, or behind the labels where there are some. -1 where labels do not end. */
export function seriesEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text.charCodeAt(at)) && text.charCodeAt(at) !== openBrace) at += 1;
  const brace = skipBlanks(text, at);
  if (text.charCodeAt(brace) !== openBrace) return at;
  for (at = brace + 1; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === closeBrace) return at + 1;
    at = code === quote ? stringEnd(text, at) : at + 1;
    if (at < 0) return -1;
  }
  return -1;
}

/** What stands between the quotes: `\\`, `\"` and `\n` are escapes; before anything else a backslash is itself, as Prometheus reads it. */
function unescaped(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character)) : inner;
}

/** A name, plain or in quotes (UTF-8 names, Prometheus 3), and where it ends. */
function nameAt(text: string, from: number, colons: boolean): { readonly name: string; readonly end: number; readonly quoted: boolean } | undefined {
  if (text.charCodeAt(from) === quote) {
    const end = stringEnd(text, from);
    return end < from + 3 ? undefined : { name: unescaped(text.slice(from, end)), end, quoted: true };
  }
  let end = from;
  if (!isNameStart(text.charCodeAt(from))) return undefined;
  while (isNamePart(text.charCodeAt(end))) end += 1;
  const name = text.slice(from, end);
  return !colons && name.includes(':') ? undefined : { name, end, quoted: false };
}

/** Takes a series apart: `name`, `name{label="value",…}`, or `{"name","label"="value"}`. Undefined where it is none, or has a label twice. Linear. */
export function parseSeries(text: string): ExposedSeries | undefined {
  const first = text.charCodeAt(0) === openBrace ? undefined : nameAt(text, 0, true);
  if (first === undefined && text.charCodeAt(0) !== openBrace) return undefined;
  if (first?.quoted === true) return undefined;
  let metric = first?.name;
  let at = skipBlanks(text, first?.end ?? 0);
  const entries = new Map<string, string>();
  if (at === text.length) return metric === undefined ? undefined : { metric, labels: {} };
  if (text.charCodeAt(at) !== openBrace) return undefined;
  at = skipBlanks(text, at + 1);
  while (text.charCodeAt(at) !== closeBrace) {
    const label = nameAt(text, at, false);
    if (label === undefined) return undefined;
    at = skipBlanks(text, label.end);
    if (text[at] === '=') {
      at = skipBlanks(text, at + 1);
      const end = text.charCodeAt(at) === quote ? stringEnd(text, at) : -1;
      if (end < 0 || entries.has(label.name) || label.name === '__name__') return undefined;
      entries.set(label.name, unescaped(text.slice(at, end)));
      at = skipBlanks(text, end);
    } else if (label.quoted && metric === undefined) metric = label.name;
    else return undefined;
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text.charCodeAt(at) !== closeBrace) return undefined;
  }
  if (metric === undefined || at !== text.length - 1) return undefined;
  // A label without a value is the same as none (Prometheus, "Data model").
  return { metric, labels: Object.fromEntries([...entries].filter(([, value]) => value !== '')) };
}
