import type { SymptomId } from '../define/ids.ts';
import type { SymptomSeen } from '../define/report.ts';
import type { Symptom } from '../define/symptom.ts';
import { attempt, factsOf, type Readings } from './readings.ts';
import type { SymptomNode } from './combine.ts';

const defaultLeak = 0.1;

export interface SymptomFindings {
  readonly seen: readonly SymptomSeen[];
  /** For the combination: what was seen, and what was looked for and is not there. What could not be looked for is neither. */
  readonly nodes: readonly SymptomNode[];
}

/** Looks for every symptom in the evidence and adds those that the user gave. */
export function findSymptoms(symptoms: readonly Symptom[], readings: Readings, given: readonly SymptomId[]): SymptomFindings {
  const seen: SymptomSeen[] = [];
  const nodes: SymptomNode[] = [];
  for (const symptom of symptoms) {
    const leak = symptom.leak ?? defaultLeak;
    const outcome = attempt(() => symptom.detect(factsOf(symptom.needs, readings.read, new Set())));
    const detections = 'value' in outcome ? outcome.value : [];
    for (const { object, value, limit, unit, says } of detections) {
      seen.push({ id: symptom.id, title: symptom.title, object, origin: 'measured', text: says, value, limit, unit });
      nodes.push({ id: symptom.id, object, seen: true, leak });
    }
    if (detections.length > 0) continue;
    if (given.includes(symptom.id)) {
      seen.push({ id: symptom.id, title: symptom.title, object: 'host', origin: 'given', text: 'reported by the user' });
      nodes.push({ id: symptom.id, object: 'host', seen: true, leak });
    } else if ('value' in outcome) {
      nodes.push({ id: symptom.id, object: 'host', seen: false, leak });
    }
  }
  return { seen, nodes };
}
