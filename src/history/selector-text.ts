import type { SeriesSelector } from '../define/history.ts';

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A string of PromQL. JSON's escapes are all among those of Go, which PromQL takes, once lone surrogates are gone. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** The selector in PromQL (Prometheus, "Querying basics"). The name is matched as a label, so that no name can be read as an expression. */
export function selectorText({ metric, labels = {} }: SeriesSelector): string {
  const matchers = Object.entries(labels).map(([name, value]) => {
    if (!labelName.test(name) || name === '__name__') throw new TypeError(`not the name of a label: ${name}`);
    return `${name}=${quoted(value)}`;
  });
  return `{${[`__name__=${quoted(metric)}`, ...matchers].join(',')}}`;
}
