import type { Mitigation, MitigationUnit } from '../define/mitigation.ts';
import { mitigationSchema } from '../define/mitigation.ts';
import type { Report } from '../define/report.ts';
import { attempt, factsOf, type Readings } from './readings.ts';

/** A way out in the words for this host; where that cannot be said, in its general ones. */
function wayOutHere(unit: MitigationUnit, readings: Readings): Mitigation {
  const general = mitigationSchema.parse(unit);
  const { here, needs } = unit;
  if (here === undefined || needs === undefined) return general;
  const special = attempt(() => here(factsOf(needs, readings.read, new Set())));
  return 'value' in special ? mitigationSchema.parse({ ...general, ...special.value }) : general;
}

/** Causes with their ways out as they are on this host. */
export function withWaysOut(causes: Report['causes'], readings: Readings): Report['causes'] {
  return causes.map((cause) => ({ ...cause, mitigations: cause.mitigations.map((one) => wayOutHere(one, readings)) }));
}
