import { describe, expect, it } from 'vitest';
import { believe, type Belief } from '../diagnose/belief.ts';
import { attempt, factsOf, readingsOfCase, readingsOfValues, type Readings } from '../diagnose/readings.ts';
import type { AlarmExample, AlarmReading, SampleView } from '../define/alarm-kind.ts';
import { idPattern, type SymptomId } from '../define/ids.ts';
import type { Hypothesis, HypothesisExample } from '../define/hypothesis.ts';
import type { AnyProbe } from '../define/probe.ts';
import { isResult, toResult } from '../define/result.ts';
import { riskClasses, tooNoisy, type Experiment } from '../define/experiment.ts';
import { sourceOf, type Needs, type Source } from '../define/source.ts';
import { alarms, experiments, facts, figures, hypotheses, mitigations, probes, symptoms } from './catalog.generated.ts';

/** Every unit is tested by the examples that it carries; a unit without them does not count as tested and fails. */

function givenOf(needs: Needs, given: Record<string, unknown>): Map<Source, unknown> {
  return new Map(
    Object.entries(given).map(([name, value]) => {
      const need = needs[name];
      if (!need) throw new Error(`the example gives ${name}, which is not needed`);
      return [sourceOf(need), value];
    }),
  );
}

function expectOutcome(actual: unknown, expected: unknown): void {
  const result = toResult(actual);
  if (typeof expected === 'string') expect(result).toMatchObject({ status: 'failed', reason: expected });
  else if (isResult(expected)) expect(result.status).toBe(expected.status);
  else if (result.status === 'ok') expect(result.value).toMatchObject(expected as object);
  else expect.unreachable(`expected a value, but got: ${result.status}: ${result.detail}`);
}

function unique(ids: readonly string[]): void {
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const id of ids) expect(id).toMatch(idPattern);
}

describe('ids', () => {
  it('are unique nouns in kebab-case', () => {
    unique([...probes, ...facts, ...experiments].map((source) => source.id));
    unique(symptoms.map((symptom) => symptom.id));
    unique(hypotheses.map((hypothesis) => hypothesis.id));
    unique(mitigations.map((mitigation) => mitigation.id));
    unique(figures.map((figure) => figure.id));
    unique(alarms.map((kind) => kind.id));
  });
});

describe.each(probes as readonly AnyProbe[])('probe $id', (probe) => {
  it('carries examples', () => expect(probe.spec.examples.length).toBeGreaterThan(0));
  it.each(probe.spec.examples.map((example, index) => ({ ...example, index })))('parses $index: $where', (example) => {
    const output = {
      probe: probe.id,
      ended: 'done' as const,
      exitStatus: example.exitStatus ?? 0,
      durationMs: 1,
      note: '',
      stdout: example.stdout,
    };
    const outputs = [
      { ...output, sample: 1 as const, uptimeSeconds: 10 },
      { ...output, sample: 2 as const, uptimeSeconds: 14 },
    ];
    const result = readingsOfCase({ probes: [probe], facts: [], experiments: [] }, { outputs }).read(probe as Source);
    const plain = result.status === 'ok' ? (probe.sampled ? (result.value as { first: unknown }).first : result.value) : result;
    expectOutcome(plain, example.expect);
  });
});

function readFact(readings: Readings, needs: Needs, derive: (given: never) => unknown): unknown {
  const outcome = attempt(() => derive(factsOf(needs, readings.read, new Set()) as never));
  return 'missing' in outcome ? outcome.missing : outcome.value;
}

describe.each(facts)('fact $id', (fact) => {
  it('carries examples', () => expect(fact.examples.length).toBeGreaterThan(0));
  it.each(fact.examples as { name: string; given: Record<string, unknown>; expect: unknown }[])('$name', (example) => {
    const outcome = readFact(readingsOfValues(givenOf(fact.needs, example.given)), fact.needs, fact.derive);
    if (!isResult(outcome)) expect(fact.schema.safeParse(outcome).error?.message).toBeUndefined();
    expectOutcome(outcome, example.expect);
  });
});

describe.each(symptoms)('symptom $id', (symptom) => {
  const detect = (given: Record<string, unknown>) =>
    symptom.detect(factsOf(symptom.needs, readingsOfValues(givenOf(symptom.needs, given)).read, new Set()));
  it('carries examples of both kinds', () => {
    expect(symptom.examples.present.length).toBeGreaterThan(0);
    expect(symptom.examples.absent.length).toBeGreaterThan(0);
  });
  it.each([...symptom.examples.present])('is there: $name', (example) => {
    const detections = detect(example.given);
    expect(detections.length).toBeGreaterThan(0);
    if (example.objects) expect(detections.map((detection) => detection.object).sort()).toEqual([...example.objects].sort());
    for (const { says } of detections) expect(says).not.toMatch(/undefined|NaN|\[object/);
  });
  it.each([...symptom.examples.absent])('is not there: $name', (example) => expect(detect(example.given)).toEqual([]));
});

describe.each(experiments as readonly Experiment[])('experiment $id', ({ spec }) => {
  it('is complete and honest about its numbers', () => {
    expect(riskClasses).toContain(spec.risk);
    expect(spec.risk === 'read-only' ? spec.costBytes : 0).toBe(0);
    expect(spec.limitSeconds).toBeGreaterThanOrEqual(spec.costSeconds);
    expect(Object.values(spec.outcomes).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(spec.outcomes[tooNoisy]).toBeUndefined();
    const shown = spec.examples.flatMap(({ findings }) => (typeof findings === 'string' ? [] : findings.map(({ outcome }) => outcome)));
    expect([...Object.keys(spec.outcomes), tooNoisy].filter((outcome) => !shown.includes(outcome))).toEqual([]);
  });
  it.each([...spec.examples])('$name', ({ stdout, findings }) => {
    const result = toResult(spec.parse(stdout));
    if (findings === 'absent') expect(result.status).toBe('absent');
    else if (typeof findings === 'string') expect(result).toMatchObject({ status: 'failed', reason: findings });
    else expect(result).toMatchObject({ status: 'ok', value: { findings } });
  });
});

type Verdict = NonNullable<HypothesisExample<Needs>['expect']>;

function verdictOf(beliefs: readonly Belief[], object: string | undefined): Verdict {
  const about = beliefs.filter((belief) => object === undefined || belief.object === object);
  if (about.some((belief) => belief.identified)) return 'identified';
  if (about.some((belief) => belief.believed)) return 'suspected';
  if (about.length > 0 && about.every((belief) => belief.ruledOut !== undefined)) return 'ruled-out';
  if (about.every((belief) => belief.terms.length === 0)) return 'cannot-tell';
  return 'not-a-cause';
}

function tryHypothesis(hypothesis: Hypothesis, example: HypothesisExample<Needs>): Verdict {
  const given = givenOf(hypothesis.needs, example.given as Record<string, unknown>);
  for (const { experiment, findings } of example.found ?? []) given.set(experiment as Source, { findings });
  const readings = readingsOfValues(given);
  const seen = example.symptoms ?? (Object.keys(hypothesis.explains) as SymptomId[]);
  const nodes = seen.map((id) => ({ id, object: 'host', seen: true, leak: symptoms.find((one) => one.id === id)?.leak ?? 0.1 }));
  const beliefs = believe([hypothesis], readings, nodes);
  for (const term of beliefs.flatMap((belief) => belief.terms)) expect(term.text).not.toMatch(/undefined|NaN|\[object/);
  return verdictOf(beliefs, example.object);
}

describe.each(hypotheses)('hypothesis $id', (hypothesis) => {
  it('is complete and honest about its numbers', () => {
    expect(hypothesis.examples.supporting.length + (hypothesis.settledBy ? 1 : 0)).toBeGreaterThan(0);
    expect(hypothesis.examples.refuting.length).toBeGreaterThan(0);
    expect(hypothesis.prior).toBeGreaterThan(0);
    expect(hypothesis.prior).toBeLessThanOrEqual(0.2);
    expect(hypothesis.objects === undefined || hypothesis.noObjects !== undefined).toBe(true);
    for (const { experiment, table } of hypothesis.tested ?? []) expect(Object.keys(experiment.spec.outcomes)).toEqual(expect.arrayContaining(Object.keys(table)));
    const tables = [...hypothesis.evidence, ...(hypothesis.tested ?? [])];
    const rows = tables.flatMap((one) => ('when' in one ? [one.likelihood] : Object.values(one.table)));
    for (const { ifCause, otherwise } of rows) {
      expect(ifCause > 0 && ifCause < 1 && otherwise > 0 && otherwise < 1).toBe(true);
    }
    for (const id of hypothesis.mechanisms ?? []) expect(hypotheses.map((one) => one.id)).toContain(id);
  });
  it.each([...hypothesis.examples.supporting])('supported: $name', (example) => {
    const verdict = tryHypothesis(hypothesis, example);
    if (example.expect) expect(verdict).toBe(example.expect);
    else expect(['identified', 'suspected']).toContain(verdict);
  });
  it.each([...hypothesis.examples.refuting])('refuted: $name', (example) => {
    const verdict = tryHypothesis(hypothesis, example);
    if (example.expect) expect(verdict).toBe(example.expect);
    else expect(['ruled-out', 'not-a-cause', 'cannot-tell']).toContain(verdict);
  });
});

describe.each(alarms)('kind of alarm $id', (kind) => {
  const viewOf = ({ series, nowMs }: AlarmExample): SampleView => ({
    nowMs,
    series: (metric, seconds) =>
      series
        .filter((one) => one.metric === metric)
        .map((one) => {
          const from = one.timesMs.findIndex((timeMs) => timeMs >= nowMs - seconds * 1000);
          return from < 0 ? { ...one, timesMs: [], values: [] } : { ...one, timesMs: one.timesMs.slice(from), values: one.values.slice(from) };
        })
        .filter(({ values }) => values.length > 0),
  });
  const isBad = ({ value, fixedLimit = kind.fixedLimit }: AlarmReading): boolean => fixedLimit !== undefined && (kind.bad === 'above' ? value > fixedLimit : value < fixedLimit);
  const measured = (example: AlarmExample): readonly AlarmReading[] => {
    const readings = kind.measure(viewOf(example));
    expect(readings).toHaveLength(example.expect.length);
    expect(readings).toEqual(expect.arrayContaining(example.expect.map((one) => expect.objectContaining(Object.fromEntries(Object.entries(one).map(([name, value]) => [name, typeof value === 'number' ? expect.closeTo(value, 3) : value]))))));
    for (const reading of readings) {
      expect(Number.isFinite(reading.value)).toBe(true);
      expect(kind.says(reading)).not.toMatch(/undefined|NaN|\[object/);
    }
    return readings;
  };
  it('is complete', () => {
    expect(kind.examples.raised.length).toBeGreaterThan(0);
    expect(kind.examples.quiet.length).toBeGreaterThan(0);
    for (const example of [...kind.examples.raised, ...kind.examples.quiet]) for (const { metric } of example.series) expect(kind.metrics).toContain(metric);
  });
  it.each([...kind.examples.raised])('is raised: $name', (example) => expect(measured(example).some(isBad)).toBe(true));
  it.each([...kind.examples.quiet])('is quiet: $name', (example) => expect(measured(example).some(isBad)).toBe(false));
  it('says nothing of a host of which nothing is known', () => expect(kind.measure(viewOf({ name: '', series: [], nowMs: 0, expect: [] }))).toEqual([]));
});
