import type { Case } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Report } from '../define/report.ts';
import type { Readings } from './readings.ts';

/** An outcome that is so many times likelier with a cause than without it, or the other way round, speaks for or against it. */
const tellingRatio = 2;

function causesThat(catalog: Catalog, id: string, outcome: string, isTold: (ratio: number) => boolean): string[] {
  return catalog.hypotheses.flatMap(({ id: cause, tested = [] }) => {
    const row = tested.find(({ experiment }) => experiment.id === id)?.table[outcome];
    return row !== undefined && isTold(row.ifCause / row.otherwise) ? [cause] : [];
  });
}

/** The experiments that were run, in this order, with what they found, or why they found nothing. */
export function experimentsOf(catalog: Catalog, readings: Readings, aCase: Case): Report['experiments'] {
  return aCase.outputs.flatMap(({ probe, durationMs }) => {
    const experiment = catalog.experiments.find((one) => one.id === probe);
    if (experiment === undefined) return [];
    const { id, title, spec } = experiment;
    const read = readings.read(experiment);
    const trace = spec.trace === undefined ? '' : ` ${spec.trace}`;
    if (read.status === 'ok') {
      return read.value.findings.map(({ outcome, says }, index, all) => ({
        id,
        title,
        outcome,
        text: index === all.length - 1 ? `${says}${trace}` : says,
        speaksFor: causesThat(catalog, id, outcome, (ratio) => ratio >= tellingRatio),
        speaksAgainst: causesThat(catalog, id, outcome, (ratio) => ratio <= 1 / tellingRatio),
        durationMs,
      }));
    }
    const why = `${read.detail.slice(0, 1).toUpperCase()}${read.detail.slice(1)}.`;
    return [read.status === 'absent' ? { id, title, outcome: 'not possible here', text: why, durationMs } : { id, title, outcome: 'not finished', text: `${why}${trace}`, durationMs }];
  });
}

/** What was done, in its order, with the time that it took. */
export function stepsOf(catalog: Catalog, aCase: Case, asking: string): Report['steps'] {
  const tried = aCase.outputs.flatMap((output) => {
    const experiment = catalog.experiments.find((one) => one.id === output.probe);
    return experiment === undefined ? [] : [{ text: `Experiment: ${experiment.title}`, durationMs: output.durationMs }];
  });
  const triedMs = tried.reduce((sum, step) => sum + step.durationMs, 0);
  return [{ text: asking, durationMs: Math.max(0, aCase.durationMs - triedMs) }, ...tried];
}

/** When each experiment began, by the host's uptime from the first question on. */
export function triedAt(catalog: Catalog, aCase: Case): { at: string; title: string }[] {
  const first = aCase.outputs.find(({ uptimeSeconds }) => uptimeSeconds > 0)?.uptimeSeconds;
  const startedMs = Date.parse(aCase.startedAt);
  if (first === undefined || !Number.isFinite(startedMs)) return [];
  return aCase.outputs.flatMap(({ probe, uptimeSeconds }) => {
    const experiment = catalog.experiments.find(({ id }) => id === probe);
    const laterMs = Math.round((uptimeSeconds - first) * 1_000);
    return experiment === undefined || !(laterMs >= 0 && laterMs < 86_400_000) ? [] : [{ at: new Date(startedMs + laterMs).toISOString(), title: experiment.title }];
  });
}
