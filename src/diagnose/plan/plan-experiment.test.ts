import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Catalog } from '../../define/catalog.ts';
import { defineExperiment, type Experiment, type RiskClass } from '../../define/experiment.ts';
import { defineFact } from '../../define/fact.ts';
import { defineHypothesis } from '../../define/hypothesis.ts';
import { defineProbe } from '../../define/probe.ts';
import { hostIdentitySchema } from '../../define/report.ts';
import { unparsable } from '../../define/result.ts';
import { defineSymptom } from '../../define/symptom.ts';
import { runningVersionsSchema } from '../../define/versions.ts';
import { diagnose } from '../diagnose.ts';
import { planExperiment } from './plan-experiment.ts';
import { answeredCase } from '../testing.ts';

/** A kitchen: heat shows at once, what burns has to be looked for. */
const heat = defineProbe({
  id: 'heat',
  title: 'Heat',
  subject: 'cpu',
  sh: 'cat heat',
  schema: z.object({ degrees: z.number(), flames: z.boolean() }),
  parse: (stdout) => ({ degrees: Number.parseInt(stdout, 10), flames: stdout.includes('flames') }),
  examples: [],
});

const tooHot = defineSymptom({
  id: 'high-load',
  title: 'High load',
  about: '',
  needs: { heat },
  detect: ({ heat: { degrees } }) => (degrees > 50 ? [{ object: 'host', value: degrees, limit: 50, unit: '°C', says: `It is ${degrees} °C.` }] : []),
  examples: { present: [], absent: [] },
});

interface Look {
  readonly id?: string;
  readonly risk?: RiskClass;
  readonly refuses?: string;
  readonly controls?: readonly Experiment[];
}

const lookInside = ({ id = 'look-inside', risk = 'read-only', refuses, controls }: Look = {}): Experiment =>
  defineExperiment({
    id,
    title: 'Look inside',
    subject: 'cpu',
    about: '',
    needs: {},
    risk,
    costSeconds: 4,
    costBytes: 0,
    limitSeconds: 10,
    differs: ['the door'],
    objects: () => ['host'],
    refusals: () => (refuses === undefined ? [] : [refuses]),
    sh: () => 'true',
    abortWhen: () => [],
    cleanUp: () => ':',
    parse: (stdout) => ({ findings: [{ object: 'host', outcome: stdout.trim(), says: 'It was seen.' }] }),
    ...(controls === undefined ? {} : { controls }),
    outcomes: { burning: 0.02, dark: 0.98 },
    examples: [],
  });

const common = { subject: 'cpu', about: '', proven: 'documentation', needs: { heat }, urgency: 'now', mitigations: [], references: [], examples: { supporting: [], refuting: [] } } as const;
const smoke = defineHypothesis({
  ...common,
  id: 'smoke',
  title: 'Smoke',
  role: 'mechanism',
  prior: 0.01,
  explains: { 'high-load': 0.9 },
  evidence: [{ when: ({ heat: { degrees } }) => degrees > 60, decisive: true, likelihood: { ifCause: 0.95, otherwise: 0.0005 }, says: 'hot', saysNot: 'not hot' }],
});
/** Both set off smoke; only a look inside tells them apart, unless flames show. */
const cause = (id: string, experiment: Experiment, ifBurning: number) =>
  defineHypothesis({
    ...common,
    id,
    title: `Title of ${id}`,
    prior: 0.05,
    explains: { 'high-load': 0.9 },
    mechanisms: ['smoke'],
    evidence: [{ when: ({ heat: { flames } }) => flames && id === 'pan', decisive: true, likelihood: { ifCause: 0.5, otherwise: 0.0002 }, says: 'flames' }],
    tested: [{ experiment, table: { burning: { ifCause: ifBurning, otherwise: 0.05 }, dark: { ifCause: 1 - ifBurning, otherwise: 0.95 } } }],
  });

const hostIdentity = defineFact({ id: 'host-identity', title: 'Host', needs: { heat }, schema: hostIdentitySchema, derive: () => unparsable('none'), examples: [] });
const runningVersions = defineFact({ id: 'versions', title: 'Versions', needs: { heat }, schema: runningVersionsSchema, derive: () => unparsable('none'), examples: [] });

interface Circumstances {
  readonly experiment?: Experiment;
  readonly budgetSeconds?: number;
  /** What the experiment printed, where it was run. */
  readonly found?: string;
}

function planFor(stdout: string, { experiment = lookInside(), budgetSeconds = 60, found }: Circumstances = {}) {
  const hypotheses = [smoke, cause('pan', experiment, 0.95), cause('cable', experiment, 0.02)];
  const catalog: Catalog = { probes: [heat], facts: [hostIdentity, runningVersions], symptoms: [tooHot], hypotheses, issues: [], experiments: [experiment, ...(experiment.spec.controls ?? [])], mitigations: [], figures: [], hostIdentity, runningVersions };
  const aCase = answeredCase({ heat: stdout, ...(found === undefined ? {} : { 'look-inside': found }) });
  return { plan: planExperiment(catalog, aCase, { risk: 'read-only', budgetSeconds }), report: diagnose(catalog, aCase) };
}

describe('which experiment is next', () => {
  it('none where nothing is wrong', () => expect(planFor('20\n').plan).toEqual({ stop: 'nothing to ask', refused: [] }));

  it('the one that tells most for its price, what it names first', () => {
    const { next } = planFor('55\n').plan;
    expect(next?.experiment.id).toBe('look-inside');
    expect(next?.says).toBe('tells “Title of pan” from something else; about 4 s, writes nothing');
  });

  it('a link in the chain that is certain does not end the search for its beginning', () => {
    const { plan, report } = planFor('95\n');
    expect(report.causes.map(({ id, status }) => [id, status])).toContainEqual(['smoke', 'identified']);
    expect(plan.next?.experiment.id).toBe('look-inside');
  });

  it('none once a cause is certain', () => {
    const { plan, report } = planFor('95 flames\n');
    expect(report.causes[0]).toMatchObject({ id: 'pan', status: 'identified' });
    expect(plan).toEqual({ stop: 'sure', refused: [] });
  });

  it('what an experiment convicts is made sure of by its controls, as far as they are allowed and affordable', () => {
    const control = lookInside({ id: 'touch-the-door' });
    const { plan, report } = planFor('95\n', { experiment: lookInside({ controls: [control] }), found: 'burning\n' });
    expect(report.causes[0]).toMatchObject({ id: 'pan', experiments: ['look-inside'] });
    expect(plan.next?.experiment.id).toBe('touch-the-door');
    expect(plan.next?.says).toBe('makes sure of “Look inside” before “Title of pan” is believed; about 4 s, writes nothing');
    expect(planFor('95\n', { experiment: lookInside({ controls: [control] }), found: 'dark\n' }).plan.next).toBeUndefined();
    expect(planFor('95\n', { experiment: lookInside({ controls: [control] }), found: 'burning\n', budgetSeconds: 3 }).plan.next).toBeUndefined();
    expect(planFor('95\n', { experiment: lookInside({ controls: [lookInside({ id: 'touch-the-door', refuses: 'it is hot' })] }), found: 'burning\n' }).plan.next).toBeUndefined();
  });

  it('what must not run is named with its reasons, and what is too dear is not', () => {
    expect(planFor('55\n', { experiment: lookInside({ refuses: 'somebody is asleep' }) }).plan).toEqual({
      stop: 'nothing to ask',
      refused: [{ id: 'look-inside', title: 'Look inside', reasons: ['somebody is asleep'] }],
    });
    expect(planFor('55\n', { experiment: lookInside({ risk: 'writes-temporary' }) }).plan.refused[0]?.reasons).toEqual(['it is of the class writes-temporary, which is not allowed']);
    expect(planFor('55\n', { budgetSeconds: 3 }).plan).toEqual({ stop: 'the budget is spent', refused: [] });
  });
});
