import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Case, ProbeOutput } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import { defineFact } from '../define/fact.ts';
import { defineHypothesis } from '../define/hypothesis.ts';
import { defineProbe } from '../define/probe.ts';
import { hostIdentitySchema, reportSchema } from '../define/report.ts';
import { unparsable } from '../define/result.ts';
import { defineSymptom } from '../define/symptom.ts';
import { runningVersionsSchema } from '../define/versions.ts';
import { diagnose } from './diagnose.ts';
import { answeredCase } from './testing.ts';

/** A small world: one number decides everything. */
const heat = defineProbe({
  id: 'heat',
  title: 'Heat',
  subject: 'cpu',
  sh: 'cat heat',
  root: { need: 'helps', adds: 'the heat inside' },
  schema: z.object({ degrees: z.number() }),
  parse: (stdout) => (/^\d+\n?$/.test(stdout) ? { degrees: Number(stdout) } : unparsable('no number')),
  examples: [],
});

const light = defineProbe({ id: 'light', title: 'Light', subject: 'cpu', sh: 'true', schema: z.object({}), parse: () => ({}), examples: [] });

const slow = defineSymptom({
  id: 'high-load',
  title: 'High load',
  about: '',
  needs: { heat },
  detect: ({ heat: { degrees } }) => (degrees > 50 ? [{ object: 'host', value: degrees, limit: 50, unit: '°C', says: `It is ${degrees} °C.` }] : []),
  examples: { present: [], absent: [] },
});

function hypothesis(id: string, role: 'cause' | 'mechanism', over: number, explains: number) {
  return defineHypothesis({
    id,
    subject: 'cpu',
    title: `Title of ${id}`,
    about: '',
    role,
    proven: 'documentation',
    needs: { heat },
    prior: 0.01,
    explains: explains > 0 ? { 'high-load': explains } : {},
    evidence: [{ when: ({ heat: { degrees } }) => degrees > over, decisive: true, likelihood: { ifCause: 0.95, otherwise: 0.0005 }, says: `above ${over}`, saysNot: `not above ${over}` }],
    ...(id === 'fire' ? { mechanisms: ['smoke'], dataAtRisk: true, doNot: ['Do not open the door.'] } : {}),
    urgency: 'now',
    mitigations: [],
    references: [],
    examples: { supporting: [], refuting: [] },
  });
}

const hostIdentity = defineFact({ id: 'host-identity', title: 'Host', needs: { heat }, schema: hostIdentitySchema, derive: () => unparsable('none'), examples: [] });
const runningVersions = defineFact({ id: 'versions', title: 'Versions', needs: { heat }, schema: runningVersionsSchema, derive: () => unparsable('none'), examples: [] });

const catalog: Catalog = {
  probes: [heat, light],
  facts: [hostIdentity, runningVersions],
  symptoms: [slow],
  hypotheses: [hypothesis('fire', 'cause', 90, 0.9), hypothesis('smoke', 'mechanism', 60, 0.9), hypothesis('warm-day', 'cause', 30, 0)],
  issues: [],
  experiments: [],
  mitigations: [],
  figures: [],
  hostIdentity,
  runningVersions,
};

function caseOf(over: Partial<ProbeOutput>, more: Partial<Case> = {}): Case {
  const output = { probe: 'heat', sample: 1, ended: 'done', exitStatus: 0, durationMs: 1, uptimeSeconds: 1, note: '', stdout: '20\n', ...over } as ProbeOutput;
  return answeredCase({}, { outputs: [output], ...more });
}

function at(degrees: number) {
  return diagnose(catalog, caseOf({ stdout: `${degrees}\n` }));
}

describe('diagnose', () => {
  it('healthy: nothing seen, everything ruled out by what was read', () => {
    const report = at(20);
    expect(report.verdict).toMatchObject({ status: 'healthy', urgency: 'none', dataAtRisk: false });
    expect(report.causes).toEqual([]);
    expect(report.ruledOut.map((one) => [one.id, one.because])).toEqual([['fire', 'not above 90'], ['smoke', 'not above 60'], ['warm-day', 'not above 30']]);
    expect(reportSchema.safeParse(report).success).toBe(true);
  });

  it('what is sure but explains no symptom is only noticed', () => {
    const report = at(40);
    expect(report.verdict.status).toBe('healthy');
    expect(report.alsoNoticed.map((one) => one.id)).toEqual(['warm-day']);
  });

  it('a decisive sign is told even where the missing symptom makes the cause improbable', () => {
    const quiet = { ...hypothesis('damp', 'cause', 10, 0.999), prior: 0.0005 };
    const report = diagnose({ ...catalog, hypotheses: [quiet] }, caseOf({}));
    expect(report.verdict.status).toBe('healthy');
    expect(report.alsoNoticed.map((one) => one.id)).toEqual(['damp']);
  });

  it('a mechanism leads where no cause explains the symptom', () => {
    const report = at(70);
    expect(report.causes.map((one) => [one.id, one.role])).toEqual([['smoke', 'mechanism']]);
  });

  it('of two mechanisms, the one that the other sets off stands behind it', () => {
    const heatwave = { ...hypothesis('heatwave', 'mechanism', 65, 0.9), mechanisms: ['smoke'] };
    const report = diagnose({ ...catalog, hypotheses: [...catalog.hypotheses, heatwave] }, caseOf({ stdout: '70\n' }));
    expect(report.causes).toMatchObject([{ id: 'heatwave', mechanisms: ['smoke'], explains: ['high-load'] }]);
  });

  it('a cause leads, and its mechanism becomes a link of the chain', () => {
    const report = at(95);
    expect(report.causes.map((one) => one.id)).toEqual(['fire']);
    expect(report.causes[0]).toMatchObject({ status: 'identified', mechanisms: ['smoke'], explains: ['high-load'] });
    expect(report.verdict).toMatchObject({ status: 'identified', urgency: 'now', dataAtRisk: true, doNot: ['Do not open the door.'] });
  });

  it('a symptom without a cause is inconclusive, also one that the user gave', () => {
    expect(at(55).verdict.status).toBe('inconclusive');
    const given = diagnose(catalog, caseOf({}, { givenSymptoms: ['high-load', 'no-such-symptom'] }));
    expect(given.verdict.status).toBe('inconclusive');
    expect(given.symptoms).toMatchObject([{ id: 'high-load', origin: 'given' }]);
  });

  it('what could not be read is open, listed with what it would have decided, and with what root adds', () => {
    const report = diagnose(catalog, caseOf({ exitStatus: 121, stdout: 'for root only\n' }));
    expect(report.unknown.map((one) => one.id)).toEqual(['fire', 'smoke', 'warm-day']);
    expect(report.ruledOut).toEqual([]);
    expect(report.notRead.filter((one) => one.source.id === 'heat')).toMatchObject([{ reason: 'not-permitted', detail: 'for root only', wouldDecide: ['fire', 'smoke', 'warm-day'], rootAdds: 'the heat inside' }]);
  });

  it.each([
    ['timed-out', 'timed-out'],
    ['stuck', 'timed-out'],
    ['skipped', 'timed-out'],
    ['too-large', 'too-large'],
    ['lost', 'connection-lost'],
  ] as const)('an answer that ended as %s is a failure, and never a fact', (ended, reason) => {
    const second = caseOf({ ended }).outputs[0]!;
    const report = diagnose(catalog, caseOf({}, { outputs: [caseOf({ probe: 'light' }).outputs[0]!, second] }));
    expect(report.unknown.length).toBe(3);
    expect(report.notRead.map((one) => one.reason)).toEqual([reason]);
    expect(report.leftBehind.length).toBe(ended === 'stuck' ? 1 : 0);
  });

  it('a command that a probe had to leave behind is named', () => {
    expect(diagnose(catalog, caseOf({ note: 'left behind: smartctl (4711)' })).leftBehind).toEqual(['Heat: smartctl (4711)']);
  });

  it('an answer that is not understood is said, and the run goes on', () => {
    expect(diagnose(catalog, caseOf({ stdout: '\u001b[31mhot' })).notRead[0]).toMatchObject({ reason: 'unparsable' });
  });

  it('no answer at all is unreachable, and a broken connection never healthy', () => {
    expect(diagnose(catalog, caseOf({ ended: 'lost' }, { complete: false, connection: { exitStatus: 255, says: 'refused' } })).verdict).toMatchObject({ status: 'unreachable' });
    expect(diagnose(catalog, caseOf({}, { complete: false })).verdict.status).toBe('inconclusive');
  });

  it('the same case gives the same report', () => expect(at(95)).toEqual(at(95)));
});
