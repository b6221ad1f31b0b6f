import type { Catalog } from '../define/catalog.ts';
import { suspicionOf, type Comparison, type ComparisonKnowledge, type ComparisonRule, type Difference } from '../define/comparison.ts';
import type { Subject } from '../define/ids.ts';
import type { Result } from '../define/result.ts';
import type { Source } from '../define/source.ts';
import { bounded } from '../lib/hostile-text.ts';
import { RuleBook } from './rule-book.ts';
import { tell, type Told } from './sentence.ts';
import { compareTrees, type Change } from './tree.ts';

/** What the engine needs of the readings of a case. */
export interface Readable {
  read<T>(source: Source<T>): Result<T>;
}

export interface Compared extends Pick<Comparison, 'sameHost' | 'notCompared'> {
  /** All of them, the most suspicious first. */
  readonly differences: readonly Difference[];
}

/** What no rule speaks of: rather a novelty of a probe than a suspect. */
const weightWithoutRule = 8;
/** Between two machines, what belongs to one of them differs by nature. */
const weightByNature = 5;

/** What differs between two states of one host, or between two hosts, in the order of suspicion. Pure. */
export function compareReadings(catalog: Pick<Catalog, 'probes' | 'facts' | 'hostIdentity'>, knowledge: ComparisonKnowledge, before: Readable, after: Readable): Compared {
  const sameHost = isSameHost(catalog, before, after);
  const [disksBefore, disksAfter] = [diskNames(knowledge, before), diskNames(knowledge, after)];
  const differences: Difference[] = [];
  const notCompared: Comparison['notCompared'] = [];
  const subjects = new Map<Source, Subject>(catalog.probes.map((probe) => [probe as Source, probe.spec.subject]));
  const sources = [...catalog.probes, ...catalog.facts].filter(({ vantage }) => vantage === 'host') as Source[];
  for (const source of sources) {
    const book = new RuleBook(knowledge.rules, source);
    const onlyRuled = source.kind === 'fact' || ('sampled' in source && source.sampled === true);
    if (onlyRuled && book.isEmpty) continue;
    const [one, other] = [before.read(source), after.read(source)];
    if (one.status === 'failed' || other.status === 'failed') {
      if (source.kind === 'probe') notCompared.push(...missing(source, one, other));
      continue;
    }
    const changes = compareTrees(valueOf(one), valueOf(other), book, { onlyRuled, disksBefore, disksAfter });
    const subject = subjects.get(source) ?? subjectOfFact(source, catalog);
    differences.push(...grouped(changes, source).map((group) => describe(group, source, subject, sameHost !== false)));
  }
  return { sameHost, differences: differences.filter(({ weight }) => weight > 0).sort(bySuspicion), notCompared };
}

const valueOf = (result: Result<unknown>): unknown => (result.status === 'ok' ? result.value : undefined);

function isSameHost(catalog: Pick<Catalog, 'hostIdentity'>, before: Readable, after: Readable): boolean | null {
  const [one, other] = [before.read(catalog.hostIdentity), after.read(catalog.hostIdentity)];
  return one.status === 'ok' && other.status === 'ok' ? one.value.hostname === other.value.hostname : null;
}

function diskNames(knowledge: ComparisonKnowledge, readings: Readable): Map<string, string> {
  const disks = readings.read(knowledge.disks);
  return new Map(disks.status === 'ok' ? disks.value.disks.map(({ name, stableId }) => [name, stableId]) : []);
}

/** Only where one of the two tells: what neither tells is no news. */
function missing(source: Source, one: Result<unknown>, other: Result<unknown>): Comparison['notCompared'] {
  const missingIn = one.status === 'failed' && other.status === 'ok' ? 'before' : other.status === 'failed' && one.status === 'ok' ? 'after' : undefined;
  const failed = one.status === 'failed' ? one : other;
  if (missingIn === undefined || failed.status !== 'failed') return [];
  return [{ source: source.id, title: source.title, missingIn, reason: failed.reason, detail: failed.detail }];
}

/** A fact has the subject of the first probe behind it. */
function subjectOfFact(source: Source, catalog: Pick<Catalog, 'probes' | 'facts'>, depth = 0): Subject {
  const needs = catalog.facts.find((fact) => fact === source)?.needs ?? {};
  for (const need of Object.values(needs)) {
    const needed = ('optional' in need ? need.optional : need) as Source;
    const probe = catalog.probes.find((one) => (one as Source) === needed);
    if (probe) return probe.spec.subject;
    if (depth < 8 && needed.kind === 'fact') return subjectOfFact(needed, catalog, depth + 1);
  }
  return 'kernel';
}

interface Group {
  readonly change: Change;
  readonly told: Told;
  /** Places where the very same happened. */
  readonly likewise: string[];
}

/** The same change in many places, such as the governor of every CPU, is one difference. */
function grouped(changes: readonly Change[], source: Source): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const told = tell(change, source.title);
    const key = JSON.stringify([change.rule?.path ?? change.path, change.rule?.name ?? '', change.form, told.direction, told.before ?? '', told.after ?? '']);
    const group = change.rule?.path.includes('*') && change.rule.kind !== 'measured' ? groups.get(key) : undefined;
    if (group) group.likewise.push(placeOf(change));
    else groups.set(group === undefined && groups.has(key) ? `${key}${groups.size}` : key, { change, told, likewise: [] });
  }
  return [...groups.values()];
}

/** What tells this place from its likes: the last thing at a star of the rule. */
function placeOf({ rule, path }: Change): string {
  const words = rule?.path.split('/') ?? [];
  return bounded(path.filter((_, index) => words[index]?.endsWith('*')).join(' '), 60);
}

function describe({ change, told, likewise }: Group, source: Source, subject: Subject, sameHost: boolean): Difference {
  const { direction, text, ...values } = told;
  const { rule } = change;
  const base = rule === undefined ? weightWithoutRule : typeof rule.weight === 'number' ? rule.weight : rule.weight[direction];
  const weight = rule?.ofTheMachine && !sameHost ? Math.min(base, weightByNature) : base;
  const rest = likewise.length > 6 ? ` and ${likewise.length - 6} more` : '';
  const also = likewise.length === 0 ? '' : `; likewise: ${likewise.slice(0, 6).join(', ')}${rest}`;
  return {
    kind: kindOf(rule),
    suspicion: suspicionOf(weight),
    weight,
    subject,
    text: bounded(`${text}${also}`, 800),
    source: { kind: source.kind === 'fact' ? 'fact' : 'probe', id: source.id },
    path: change.path.map((word) => bounded(word, 200)),
    ...values,
  };
}

function kindOf(rule: ComparisonRule | undefined): Difference['kind'] {
  return rule === undefined || rule.kind === 'ignored' ? 'other' : rule.kind;
}

function bySuspicion(one: Difference, other: Difference): number {
  const far = ({ ratio }: Difference): number => (ratio === undefined || ratio <= 0 ? 0 : Math.abs(Math.log(ratio)));
  return other.weight - one.weight || far(other) - far(one) || (one.text < other.text ? -1 : one.text > other.text ? 1 : 0);
}
