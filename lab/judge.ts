import type { RunResult, Scenario, Truth } from './define.ts';

export type Verdict = NonNullable<RunResult['verdict']>;
export type NamedCause = Verdict['causes'][number];
type Kind = Scenario['kind'];

const defaultStatuses = {
  fault: ['identified', 'suspected'],
  double: ['identified', 'suspected'],
  control: ['healthy'],
} as const satisfies Record<Kind, Truth['status']>;

/** The words that are right for the verdict. */
export function rightStatuses(truth: Truth, kind: Kind): readonly string[] {
  return truth.status ?? defaultStatuses[kind];
}

/** Whether the truth lets this cause be named at all. */
export function mayBeNamed(truth: Truth, id: string): boolean {
  return [truth.first, truth.among?.flat(), truth.allowed].some((ids) => ids?.includes(id));
}

/** Whether a text occurs, where a number in it has to be the whole number: `qemu/100` does not occur in `qemu/1001`. */
function occurs(text: string, inside: string): boolean {
  for (let at = inside.indexOf(text); at >= 0; at = inside.indexOf(text, at + 1)) {
    const longer = /^\d/.test(text) && /\d$/.test(inside.slice(0, at));
    const goesOn = /\d$/.test(text) && /^\d/.test(inside.slice(at + text.length));
    if (!longer && !goesOn) return true;
  }
  return false;
}

/** Whether a cause is about the thing that the truth speaks of; right where the truth says nothing about it. */
export function isAboutTheRightThing(truth: Truth, cause: NamedCause): boolean {
  const text = truth.objects !== undefined && Object.hasOwn(truth.objects, cause.id) ? truth.objects[cause.id] : undefined;
  return text === undefined || cause.objects.some((object) => occurs(text, object));
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const listed = (ids: readonly string[]): string => (ids.length === 0 ? 'nothing' : ids.join(', '));
const oneOf = (ids: readonly string[]): string => ids.join(' or ');

function wrongOrder(truth: Truth, kind: Kind, verdict: Verdict): string[] {
  const failures: string[] = [];
  const ids = verdict.causes.map((cause) => cause.id);
  const nothingToLead = kind === 'control' && verdict.status === 'healthy' && ids.length === 0;
  if (truth.first.length > 0 && !nothingToLead && !truth.first.includes(ids[0] ?? '')) {
    failures.push(
      ids.length === 0
        ? `No cause was named; ${oneOf(truth.first)} is right.`
        : `${ids[0]} leads; ${oneOf(truth.first)} should.`,
    );
  }
  for (const one of truth.among ?? []) {
    const alternatives = typeof one === 'string' ? [one] : one;
    if (!alternatives.some((id) => ids.slice(0, 3).includes(id))) failures.push(`${oneOf(alternatives)} is not among the first three causes (${listed(ids.slice(0, 3))}).`);
  }
  return failures;
}

function wrongNames(truth: Truth, kind: Kind, verdict: Verdict): string[] {
  const failures: string[] = [];
  for (const cause of verdict.causes) {
    if (!mayBeNamed(truth, cause.id)) {
      if (cause.status === 'identified') failures.push(`${cause.id} is identified (${percent(cause.probability)}), which is wrong.`);
      else if (kind === 'control') failures.push(`${cause.id} is accused (${percent(cause.probability)}) where there is nothing to blame.`);
    } else if (!isAboutTheRightThing(truth, cause)) {
      failures.push(`${cause.id} is about ${listed(cause.objects)}, not about ${truth.objects![cause.id]}.`);
    }
  }
  const causes = new Set(verdict.causes.map((cause) => cause.id));
  for (const id of truth.never ?? []) {
    if (causes.has(id)) failures.push(`${id} is a cause and must not be.`);
    else if (verdict.noticed.includes(id)) failures.push(`${id} is noticed and must not be.`);
  }
  return failures;
}

/** What is wrong with a verdict, one plain sentence each; empty when it is right. */
export function judge(truth: Truth, kind: Kind, verdict: Verdict): string[] {
  const failures: string[] = [];
  const statuses = rightStatuses(truth, kind);
  if (!statuses.includes(verdict.status)) failures.push(`The verdict is ${verdict.status}; ${oneOf(statuses)} is right.`);
  failures.push(...wrongOrder(truth, kind, verdict), ...wrongNames(truth, kind, verdict));
  for (const symptom of truth.symptoms ?? []) {
    if (!verdict.symptoms.includes(symptom)) failures.push(`The symptom ${symptom} was not seen (seen: ${listed(verdict.symptoms)}).`);
  }
  return failures;
}
