import type { AlarmKind, PromqlMeasure } from '../../define/alarm-kind.ts';
import type { KindChoice } from '../alarms/host-alarms.ts';
import { learnedFactor } from '../detect/limit.ts';
import { hoursOfWeek, type HourLimit } from './learned-hours.ts';

/** A limit that was learned of one object of one host. */
export interface LearnedRule {
  readonly kind: string;
  /** Label `instance` of the host in Prometheus. */
  readonly instance: string;
  readonly object: string;
  readonly hours: readonly HourLimit[];
}

export interface RulesOptions {
  readonly kinds: readonly AlarmKind[];
  readonly choiceOf: (kind: AlarmKind) => Pick<KindChoice, 'enabled' | 'fixedLimit' | 'forSeconds'>;
  /** Label `instance` of the watched hosts; without any, rules hold for all that Prometheus has. */
  readonly instances: readonly string[];
  readonly learned: readonly LearnedRule[];
  /** Time that rates are taken over: at least four scrapes. */
  readonly rateWindow: string;
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A rule file of Prometheus ("Recording rules", "Alerting rules"), to be written as YAML. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

const limitName = 'culprit:learned_limit';
const hourName = 'culprit:hour_of_week';
const watchedName = 'culprit:watched_host';

/** `ioDelay` from `io-delay`, with a capital, as alerts are named. */
export const alertName = (kind: string): string => `Culprit${kind.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('')}`;

export const valueOf = ({ value }: PromqlMeasure, rateWindow: string): string => value.replaceAll('$window', rateWindow);

/** The labels that an object's name stands for; undefined where it cannot be taken apart. */
function labelsOf({ objectLabels = [], objectPrefix = '' }: PromqlMeasure, object: string): Record<string, string> | undefined {
  if (objectLabels.length === 0) return {};
  // Two labels in one name cannot be told apart again.
  if (objectLabels.length > 1 || !object.startsWith(objectPrefix)) return undefined;
  return { [objectLabels[0]!]: object.slice(objectPrefix.length) };
}

/** A constant where a limit is the same through the week, else one value for each stretch of hours. */
function limitExpression(hours: readonly HourLimit[]): string {
  const [first] = hours;
  if (hours.length === 1 && first!.toHour - first!.fromHour === hoursOfWeek) return `vector(${first!.limit})`;
  return hours.map(({ fromHour, toHour, limit }) => `(vector(${limit}) and on () (${hourName} >= ${fromHour} < ${toHour}))`).join(' or ');
}

function limitRules({ kinds, learned }: RulesOptions): Rule[] {
  return learned.flatMap(({ kind, instance, object, hours }): Rule[] => {
    const measure = kinds.find(({ id }) => id === kind)?.promql;
    const labels = measure && labelsOf(measure, object);
    return labels === undefined || hours.length === 0 ? [] : [{ record: limitName, expr: limitExpression(hours), labels: { kind, instance, ...labels } }];
  });
}

/** Holds the value against the learned limit of its object where there is one, else against the fixed one. */
function alertExpression(kind: AlarmKind, measure: PromqlMeasure, chosenLimit: number | undefined, options: RulesOptions): string | undefined {
  const fixedLimit = chosenLimit ?? (measure.fixedLimit === undefined ? kind.fixedLimit : undefined);
  const beyond = kind.bad === 'above' ? '>' : '<';
  const on = `on (${['instance', ...(measure.objectLabels ?? [])].join(', ')})`;
  const all = valueOf(measure, options.rateWindow);
  const value = options.instances.length === 0 ? `(${all})` : `((${all}) and on (instance) ${watchedName})`;
  const learned = `${limitName}{kind="${kind.id}"}`;
  const hasLearned = kind.learned && options.learned.some((one) => one.kind === kind.id && one.hours.length > 0);
  const limit = fixedLimit === undefined ? measure.fixedLimit && `${on} (${measure.fixedLimit})` : String(fixedLimit);
  const isWithin = `${value} ${beyond} ${on} ${learned}`;
  // A limit that is a number was held within its bounds when it was learned.
  const bounded = fixedLimit !== undefined || measure.fixedLimit === undefined ? isWithin : `((${isWithin}) and ${on} (${value} ${beyond} ${on} (${learnedFactor.least} * (${measure.fixedLimit}))))\nor ${value} ${beyond} ${on} (${learnedFactor.most} * (${measure.fixedLimit}))`;
  const parts = [...(hasLearned ? [bounded] : []), ...(limit === undefined ? [] : [hasLearned ? `((${value} ${beyond} ${limit}) unless ${on} ${learned})` : `${value} ${beyond} ${limit}`])];
  return parts.length === 0 ? undefined : parts.join('\nor ');
}

const decimalsOf = ({ decimals = 0 }: AlarmKind): string => `{{ printf "%.${decimals}f" $value }}`;

function alertRule(kind: AlarmKind, options: RulesOptions): Rule[] {
  const { enabled, fixedLimit, forSeconds = kind.forSeconds } = options.choiceOf(kind);
  const expr = enabled && kind.promql !== undefined ? alertExpression(kind, kind.promql, fixedLimit, options) : undefined;
  if (expr === undefined) return [];
  const object = (kind.promql?.objectLabels ?? []).map((label) => ` {{ $labels.${label} }}`).join('');
  return [
    {
      alert: alertName(kind.id),
      expr,
      ...(forSeconds > 0 ? { for: `${forSeconds}s` } : {}),
      labels: { severity: kind.severity, culprit_kind: kind.id },
      annotations: { summary: `${kind.title}: {{ $labels.instance }}${object}`, description: `${decimalsOf(kind)} ${kind.unit}. ${kind.about.replaceAll('\n', ' ').replaceAll('{{', '')}` },
    },
  ];
}

/** Kinds of alarm as rules of Prometheus, with what was learned of each host. Kinds that read what only Culprit measures are left out. */
export function prometheusRules(options: RulesOptions): RuleFile {
  const limits = limitRules(options);
  const hours: Rule[] = limits.some(({ expr }) => expr.includes(hourName)) ? [{ record: hourName, expr: '24 * day_of_week() + hour()' }] : [];
  const watched = options.instances.map((instance): Rule => ({ record: watchedName, expr: 'vector(1)', labels: { instance } }));
  const groups = [
    { name: 'culprit-limits', rules: [...hours, ...watched, ...limits] },
    { name: 'culprit-alarms', rules: options.kinds.flatMap((kind) => alertRule(kind, options)) },
  ];
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}
