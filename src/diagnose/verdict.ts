import type { Cause, Report, SymptomSeen } from '../define/report.ts';
import type { Belief } from './belief.ts';
import type { Others } from './others.ts';

type Verdict = Report['verdict'];
type Urgency = Verdict['urgency'];

const urgencies: readonly Urgency[] = ['none', 'window', 'today', 'now'];

interface Grounds {
  readonly causes: readonly Cause[];
  readonly beliefs: readonly Belief[];
  readonly seen: readonly SymptomSeen[];
  readonly others: Others;
  /** The answers arrived to the end. */
  readonly complete: boolean;
  /** Number of questions that were answered. */
  readonly answered: number;
  /** What ssh said. */
  readonly connection: string;
}

function listed(words: readonly string[], most: number): string {
  const shown = words.slice(0, most);
  const rest = words.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '');
}

function titles(seen: readonly SymptomSeen[]): string {
  return listed([...new Set(seen.map((symptom) => symptom.title))], 3);
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function summarise(status: Verdict['status'], grounds: Grounds): string {
  const { causes, seen, others, connection, complete } = grounds;
  const first = causes[0];
  const on = first?.objects.filter((object) => object !== 'host' && !object.startsWith('node/')) ?? [];
  const where = on.length > 0 ? ` (${listed(on, 3)})` : '';
  const more = causes.length > 1 ? `, and ${plural(causes.length - 1, 'further cause', 'further causes')}` : '';
  switch (status) {
    case 'identified':
      return `${first?.title}${where}${more}.`;
    case 'suspected':
      return `Probably: ${first?.title}${where}${more}.`;
    case 'unreachable':
      return `The host cannot be examined${sayWhy(first?.title ?? connection.split('\n').at(-1) ?? '')}.`;
    case 'inconclusive':
      if (seen.length > 0) return `Something is wrong (${titles(seen)}), but no known cause has enough evidence.`;
      return complete
        ? 'Too little could be read to tell whether this host is well.'
        : 'The connection ended before the examination did; what was read shows no fault.';
    case 'healthy':
      return `No fault found: ${plural(others.ruledOut.length, 'cause', 'causes')} ruled out, ${others.unknown.length} could not be told.`;
  }
}

/** A reason behind a colon, without a full stop of its own. */
function sayWhy(reason: string): string {
  const plain = reason.trim().replace(/\.+$/, '');
  return plain === '' ? '' : `: ${plain}`;
}

function statusOf({ causes, seen, complete, answered }: Grounds): Verdict['status'] {
  if (answered === 0) return 'unreachable';
  if (causes.some((cause) => cause.status === 'identified')) return 'identified';
  if (causes.length > 0) return 'suspected';
  return seen.length > 0 || !complete ? 'inconclusive' : 'healthy';
}

/** The verdict: status, one sentence, how urgent it is, what to do at once and what not to do. */
export function giveVerdict(grounds: Grounds): Verdict {
  const status = statusOf(grounds);
  const causal = new Set(grounds.causes.map((cause) => cause.id));
  const hypotheses = [...new Set(grounds.beliefs.map((belief) => belief.hypothesis))].filter((one) => causal.has(one.id));
  const worst = hypotheses.map((one) => urgencies.indexOf(one.urgency)).reduce((a, b) => Math.max(a, b), 0);
  const atRisk = hypotheses.some((one) => one.dataAtRisk === true);
  const known = status === 'identified' || status === 'healthy';
  return {
    status,
    summary: summarise(status, grounds),
    urgency: (status === 'unreachable' || status === 'inconclusive') && worst === 0 ? 'today' : urgencies[worst]!,
    dataAtRisk: atRisk ? true : known ? false : 'unknown',
    containment: [...new Set(hypotheses.flatMap((one) => one.containment ?? []))],
    doNot: [...new Set(hypotheses.flatMap((one) => one.doNot ?? []))],
  };
}
