import type { Catalog } from '../define/catalog.ts';
import { reservedExitStatus, type Case, type ProbeOutput } from '../define/case.ts';
import type { Experiment } from '../define/experiment.ts';
import type { Fact } from '../define/fact.ts';
import type { AnyProbe } from '../define/probe.ts';
import { absent, failed, isResult, ok, toResult, unparsable, type Absent, type Failed, type Result } from '../define/result.ts';
import { MissingSource, sourceOf, type Needs, type Optional, type Source } from '../define/source.ts';

/** The answers of one host, parsed on demand and once. The only way in which the engines see evidence. */
export interface Readings {
  read<T>(source: Source<T>): Result<T>;
  /** All probes and facts that have been or can be read. */
  readonly sources: readonly Source[];
}

/** More than any experiment prints. */
export const experimentBytes = 65_536;

type Asked = Pick<AnyProbe['spec'], 'timeoutMs' | 'maxBytes' | 'schema' | 'parse'>;

function resultOfAnswer<T>(spec: Asked, output: ProbeOutput): Result<T> {
  switch (output.ended) {
    case 'timed-out':
      return failed('timed-out', `no answer within ${spec.timeoutMs / 1000} s`);
    case 'stuck':
      return failed('timed-out', 'hangs on the host and could not be ended');
    case 'skipped':
      return failed('timed-out', output.note || 'not asked, since a command of its kind hangs');
    case 'too-large':
      return failed('too-large', `answered with more than ${Math.round(spec.maxBytes / 1024)} KiB`);
    case 'lost':
      return failed('connection-lost', output.note || 'the connection ended before its answer');
    case 'done':
  }
  const says = (output.note || output.stdout).trim().slice(0, 300);
  if (output.exitStatus === reservedExitStatus.absent) return absent(says || 'does not exist on this host');
  if (output.exitStatus === reservedExitStatus.denied) return failed('not-permitted', says || 'needs root');
  if (output.exitStatus === reservedExitStatus.notInstalled) return failed('not-installed', says || 'a command that it needs is not installed');
  try {
    const parsed = toResult(spec.parse(output.stdout, { exitStatus: output.exitStatus }));
    if (parsed.status !== 'ok') return parsed as Result<T>;
    const checked = spec.schema.safeParse(parsed.value);
    if (checked.success) return ok(checked.data as T);
    const issue = checked.error.issues[0];
    return unparsable(`unexpected answer: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 200));
  } catch (error) {
    return unparsable(`unexpected answer: ${error instanceof Error ? error.message : 'unknown'}`.slice(0, 200));
  }
}

/** What an experiment printed until it was ended early is no comparison. */
function readExperiment(experiment: Experiment, outputs: ReadonlyMap<string, ProbeOutput>): Result<unknown> {
  const output = outputs.get(`${experiment.id}.1`);
  if (output === undefined) return failed('connection-lost', 'this experiment was not run');
  if (output.ended === 'timed-out') return failed('timed-out', `ended early: ${output.note}`.slice(0, 200));
  const { limitSeconds, parse } = experiment.spec;
  return resultOfAnswer({ parse: (stdout) => parse(stdout), schema: experiment.schema, timeoutMs: limitSeconds * 1_000, maxBytes: experimentBytes }, output);
}

function readProbe(probe: AnyProbe, outputs: ReadonlyMap<string, ProbeOutput>): Result<unknown> {
  const first = outputs.get(`${probe.id}.1`);
  if (!first) return failed('connection-lost', 'not asked');
  const one = resultOfAnswer(probe.spec, first);
  if (!probe.sampled || one.status !== 'ok') return one;
  const secondOutput = outputs.get(`${probe.id}.2`);
  if (!secondOutput) return failed('connection-lost', 'the second reading is missing');
  const two = resultOfAnswer(probe.spec, secondOutput);
  if (two.status !== 'ok') return two;
  const intervalSeconds = secondOutput.uptimeSeconds - first.uptimeSeconds;
  if (!(intervalSeconds > 0)) return unparsable('no time passed between the two readings');
  return ok({ first: one.value, second: two.value, intervalSeconds });
}

/** A view on `needs` whose properties throw MissingSource where the source could not be had. `touched` collects what was read. */
export function factsOf(needs: Needs, read: (source: Source) => Result<unknown>, touched: Set<Source>): Record<string, unknown> {
  const facts = {};
  for (const [name, need] of Object.entries(needs)) {
    Object.defineProperty(facts, name, {
      enumerable: true,
      get() {
        const source = sourceOf(need as Source | Optional);
        touched.add(source);
        const result = read(source);
        if (result.status === 'ok') return result.value;
        if ('optional' in need) return undefined;
        throw new MissingSource(source, result);
      },
    });
  }
  return facts;
}

/** Runs a pure function of a unit. A MissingSource becomes its result; any other exception is a defect of the unit and said as unparsable. */
export function attempt<T>(run: () => T): { value: T } | { missing: Absent | Failed; source?: Source } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof MissingSource) return { missing: error.result, source: error.source };
    return { missing: unparsable(`could not be evaluated: ${error instanceof Error ? error.message : 'unknown'}`.slice(0, 200)) };
  }
}

function deriveFact(fact: Fact, read: (source: Source) => Result<unknown>): Result<unknown> {
  const outcome = attempt(() => fact.derive(factsOf(fact.needs, read, new Set())));
  if ('missing' in outcome) return outcome.missing;
  if (isResult(outcome.value)) return outcome.value;
  const checked = fact.schema.safeParse(outcome.value);
  if (checked.success) return ok(checked.data);
  return unparsable(`could not be derived: ${checked.error.issues[0]?.path.join('.')} ${checked.error.issues[0]?.message}`.slice(0, 200));
}

/** Readings of given values, for examples: `given` maps source ids to values or to absent/failed. */
export function readingsOfValues(given: ReadonlyMap<Source, unknown>): Readings {
  const read = <T>(source: Source<T>): Result<T> => {
    if (given.has(source)) return toResult(given.get(source) as T);
    return failed('connection-lost', 'not part of this example') as Result<T>;
  };
  return { read, sources: [...given.keys()] };
}

/** Readings of a case: parses and derives with the units of the catalogue. */
export function readingsOfCase(catalog: Pick<Catalog, 'probes' | 'facts' | 'experiments'>, aCase: Pick<Case, 'outputs'>): Readings {
  const outputs = new Map(aCase.outputs.map((output) => [`${output.probe}.${output.sample}`, output]));
  const known = new Map<Source, Result<unknown>>();
  const read = <T>(source: Source<T>): Result<T> => {
    let result = known.get(source);
    if (!result) {
      known.set(source, failed('unparsable', 'derived from itself'));
      if (source.kind === 'probe') result = readProbe(source as unknown as AnyProbe, outputs);
      else if (source.kind === 'fact') result = deriveFact(source as unknown as Fact, read);
      else result = readExperiment(source as unknown as Experiment, outputs);
      known.set(source, result);
    }
    return result as Result<T>;
  };
  return { read, sources: [...catalog.probes, ...catalog.facts, ...catalog.experiments] };
}
