import { plainLabelName } from '../../../lib/exposition/format.ts';
import type { ExposedSeries } from '../../../lib/exposition/series-text.ts';
import { AnchoredRegex } from './anchored-regex.ts';
import type { RelabelRule } from './settings.ts';

/** Applies all rules in their order; undefined where one of them drops the series. */
export type Relabel = (series: ExposedSeries) => ExposedSeries | undefined;

type Labels = Map<string, string>;
/** False: the series is dropped. */
type Step = (labels: Labels) => boolean;

function set(labels: Labels, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

function stepOf(rule: RelabelRule): Step {
  const regex = new AnchoredRegex(rule.regex);
  const source = (labels: Labels): string => rule.source_labels.map((name) => labels.get(name) ?? '').join(rule.separator);
  switch (rule.action) {
    case 'keep':
      return (labels) => regex.matches(source(labels));
    case 'drop':
      return (labels) => !regex.matches(source(labels));
    case 'replace':
      return (labels) => {
        const text = source(labels);
        const target = regex.expand(text, rule.target_label);
        if (target !== undefined && plainLabelName.test(target)) set(labels, target, regex.expand(text, rule.replacement) ?? '');
        return true;
      };
    case 'labelmap':
      return (labels) => {
        // What is added meanwhile is not mapped again.
        const before = [...labels];
        for (const [name, value] of before) {
          const to = regex.expand(name, rule.replacement);
          if (to !== undefined && plainLabelName.test(to)) set(labels, to, value);
        }
        return true;
      };
    case 'labeldrop':
    case 'labelkeep':
      return (labels) => {
        for (const name of labels.keys()) if (regex.matches(name) === (rule.action === 'labeldrop')) labels.delete(name);
        return true;
      };
  }
}

/** Compiles rules (Prometheus, "Configuration", `relabel_config`). A series that loses its name is dropped. */
export function relabelling(rules: readonly RelabelRule[]): Relabel {
  if (rules.length === 0) return (series) => series;
  const steps = rules.map(stepOf);
  return ({ metric, labels }) => {
    const all: Labels = new Map([['__name__', metric], ...Object.entries(labels)]);
    if (!steps.every((step) => step(all))) return undefined;
    const name = all.get('__name__');
    if (name === undefined) return undefined;
    // Prometheus takes labels that begin with __ away after relabelling.
    return { metric: name, labels: Object.fromEntries([...all].filter(([label]) => !label.startsWith('__'))) };
  };
}
