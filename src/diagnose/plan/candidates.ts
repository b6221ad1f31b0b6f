import type { Case } from '../../define/case.ts';
import type { Catalog } from '../../define/catalog.ts';
import { riskClasses, type Experiment, type RiskClass } from '../../define/experiment.ts';
import type { Absent, Failed } from '../../define/result.ts';
import { attempt, factsOf, readingsOfCase, type Readings } from '../readings.ts';

/** An experiment that could be run now, with the facts of this host. */
export interface Candidate {
  readonly experiment: Experiment;
  readonly facts: unknown;
  readonly objects: readonly string[];
}

const isAllowed = (experiment: Experiment, risk: RiskClass): boolean => riskClasses.indexOf(experiment.spec.risk) <= riskClasses.indexOf(risk);

/** What experiments could tell on this host, by what was read and found so far. */
export function candidatesOf(catalog: Catalog, aCase: Case, readings: Readings): Candidate[] {
  const tried = new Set(aCase.outputs.map((output) => output.probe));
  return catalog.experiments.flatMap((experiment) => {
    if (tried.has(experiment.id)) return [];
    const facts = factsOf(experiment.spec.needs, readings.read, new Set());
    const objects = attempt(() => experiment.spec.objects(facts as never));
    return 'value' in objects && objects.value.length > 0 ? [{ experiment, facts, objects: objects.value }] : [];
  });
}

/** Why it must not run here now; empty when it may. */
export function refusalsOf({ experiment, facts }: Candidate, risk: RiskClass): readonly string[] {
  if (!isAllowed(experiment, risk)) return [`it is of the class ${experiment.spec.risk}, which is not allowed`];
  const reasons = attempt(() => experiment.spec.refusals(facts as never));
  return 'value' in reasons ? reasons.value : [`what it needs to know could not be read (${reasons.missing.detail})`];
}

/** What an experiment would look at on the host of a case, or what is missing to say so. */
export function objectsOf(catalog: Catalog, aCase: Case, { spec }: Experiment): { value: readonly string[] } | { missing: Absent | Failed } {
  return attempt(() => spec.objects(factsOf(spec.needs, readingsOfCase(catalog, aCase).read, new Set()) as never));
}

/** All experiments that could tell something on the host of a case, with the reasons why not now. */
export function candidatesFor(catalog: Catalog, aCase: Case, risk: RiskClass): (Candidate & { readonly reasons: readonly string[] })[] {
  return candidatesOf(catalog, aCase, readingsOfCase(catalog, aCase)).map((candidate) => ({ ...candidate, reasons: refusalsOf(candidate, risk) }));
}
