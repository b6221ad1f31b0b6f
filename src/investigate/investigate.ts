import { collect, type CollectOptions } from '../collect/run.ts';
import { reservedExitStatus, type Case, type ProbeOutput } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Report } from '../define/report.ts';
import type { Target } from '../define/target.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { withBaseline } from './baseline.ts';
import { chosenGuest } from './chosen-guest.ts';
import { experimentOn, type ExperimentOptions } from './experiments.ts';

export interface Investigation {
  readonly case: Case;
  readonly report: Report;
}

export interface InvestigateOptions extends CollectOptions {
  /** Rewrites the case before it is diagnosed, so that the report shows nothing else: redaction. */
  readonly rewrite?: (aCase: Case) => Case;
  /** Which experiments may be run; none without. */
  readonly experiments?: ExperimentOptions;
  /** Number of a guest that the user allows to be frozen for a moment. */
  readonly freeze?: string;
  /** An earlier state of the same host, to compare with. `none`: not even what a saved case found when it was compared. */
  readonly baseline?: Case | 'none';
  /** Asks a server for what it has kept of a host that answers: the answer of a client probe. */
  readonly askHistory?: (aCase: Case) => Promise<ProbeOutput>;
  /** Asks from outside when a host gives no answer: adds the answers of client probes to the case. */
  readonly lookFromOutside?: (aCase: Case) => Promise<Case>;
}

/** True when not a single question was answered. */
function isUnreachable(aCase: Case): boolean {
  return aCase.outputs.every((output) => output.ended !== 'done');
}

/** A host that answers need not be looked at from outside: the client's probes are absent, not missing. */
function withoutLookFromOutside(catalog: Catalog, aCase: Case): Case {
  const asked = new Set(aCase.outputs.map((output) => output.probe));
  const absent = catalog.probes
    .filter((probe) => probe.vantage === 'client' && !asked.has(probe.id))
    .map((probe): ProbeOutput => ({
      probe: probe.id,
      sample: 1,
      ended: 'done',
      exitStatus: reservedExitStatus.absent,
      durationMs: 0,
      uptimeSeconds: 0,
      note: '',
      stdout: 'the host answers\n',
    }));
  return { ...aCase, outputs: [...aCase.outputs, ...absent] };
}

/** What was said for a saved case holds on. */
function withChosenGuest(outputs: Case['outputs'], freeze: string | undefined): Case['outputs'] {
  const answer = chosenGuest(freeze);
  return outputs.some(({ probe }) => probe === answer.probe) ? outputs : [...outputs, answer];
}

/** The loop: collect, look from outside where the host gives no answer, run the experiments that are worth it, diagnose. */
export async function investigate(catalog: Catalog, target: Target, options: InvestigateOptions): Promise<Investigation> {
  const collected = await collect(target, catalog.probes, options);
  const givenSymptoms = [...new Set([...collected.givenSymptoms, ...options.givenSymptoms])];
  const seen = !isUnreachable(collected)
    ? await withExperiments(withoutLookFromOutside(catalog, await withHistory({ ...collected, givenSymptoms, outputs: withChosenGuest(collected.outputs, options.freeze) })))
    : target.kind !== 'case' && options.lookFromOutside
      ? await options.lookFromOutside(collected)
      : collected;
  async function withHistory(asked: Case): Promise<Case> {
    if (options.askHistory === undefined) return asked;
    const output = await options.askHistory(asked);
    return { ...asked, outputs: [...asked.outputs.filter(({ probe }) => probe !== output.probe), output] };
  }
  async function withExperiments(asked: Case): Promise<Case> {
    if (target.kind === 'case' || options.experiments === undefined || !asked.complete) return asked;
    return experimentOn(catalog, target, asked, options.experiments, { clock: options.clock, signal: options.signal });
  }
  const rewrite = options.rewrite ?? ((same: Case) => same);
  const whole = withBaseline(catalog, { ...seen, givenSymptoms }, isUnreachable(collected) ? undefined : options.baseline, rewrite);
  return { case: whole, report: diagnose(catalog, whole) };
}
