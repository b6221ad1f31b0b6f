import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Catalog } from '../define/catalog.ts';
import { ledgerSchema, type Change, type Component } from '../define/change.ts';
import { defineFact } from '../define/fact.ts';
import { defineHypothesis } from '../define/hypothesis.ts';
import { onsetSchema, type Onset } from '../define/onset.ts';
import { defineProbe } from '../define/probe.ts';
import { hostIdentitySchema } from '../define/report.ts';
import { absent, unparsable } from '../define/result.ts';
import { defineSymptom } from '../define/symptom.ts';
import { runningVersionsSchema } from '../define/versions.ts';
import { diagnose } from './diagnose.ts';
import { answeredCase } from './testing.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const minuteMs = 60_000;

const heat = defineProbe({ id: 'heat', title: 'Heat', subject: 'cpu', sh: 'cat heat', schema: z.object({ degrees: z.number() }), parse: (stdout) => ({ degrees: Number.parseInt(stdout, 10) }), examples: [] });
const tooHot = defineSymptom({
  id: 'high-load',
  title: 'High load',
  about: '',
  leak: 0.1,
  needs: { heat },
  detect: ({ heat: { degrees } }) => (degrees > 50 ? [{ object: 'host', value: degrees, limit: 50, unit: '°C', says: `It is ${degrees} °C.` }] : []),
  examples: { present: [], absent: [] },
});
const cause = (id: string, broughtBy: readonly Component[], over: number) =>
  defineHypothesis({
    id,
    subject: 'cpu',
    title: `Title of ${id}`,
    about: '',
    proven: 'documentation',
    needs: { heat },
    prior: 0.01,
    explains: { 'high-load': 0.9 },
    evidence: [{ when: ({ heat: { degrees } }) => degrees > over, decisive: true, likelihood: { ifCause: 0.9, otherwise: 0.002 }, says: `above ${over}` }],
    broughtBy,
    urgency: 'now',
    mitigations: [],
    references: [],
    examples: { supporting: [], refuting: [] },
  });

const change = (minutesAgo: number, components: Component[], says: string): Change => ({ atMs: nowMs - minutesAgo * minuteMs, precisionMs: 1_000, kind: 'boot', what: says.split(' ')[0] === 'the' ? 'kernel' : says.split(' ')[0]!, components, says, source: 'boots' });
const newKernel = change(30, ['kernel'], 'the host booted into Linux 6.8.12-5-pve; before it ran 6.8.12-4-pve');

function reportOf(degrees: number, changes: Change[], onset?: Onset) {
  const hostIdentity = defineFact({ id: 'host-identity', title: 'Host', needs: { heat }, schema: hostIdentitySchema, derive: () => unparsable('none'), examples: [] });
  const runningVersions = defineFact({ id: 'versions', title: 'Versions', needs: { heat }, schema: runningVersionsSchema, derive: () => unparsable('none'), examples: [] });
  const ledger = defineFact({ id: 'changes', title: 'Changes', needs: { heat }, schema: ledgerSchema, derive: () => ({ changes, gaps: [], nowMs }), examples: [] });
  const began = defineFact({ id: 'onset', title: 'Onset', needs: { heat }, schema: onsetSchema, derive: () => onset ?? absent('there is no history'), examples: [] });
  const hypotheses = [cause('regression', ['kernel'], 200), cause('broken-disk', [], 80)];
  const catalog: Catalog = { probes: [heat], facts: [hostIdentity, runningVersions, ledger, began], symptoms: [tooHot], hypotheses, issues: [], experiments: [], mitigations: [], figures: [], hostIdentity, runningVersions, changes: ledger, onset: began };
  const aCase = answeredCase({ heat: `${degrees}\n` }, { startedAt: '2026-11-23T12:00:00.000Z' });
  return diagnose(catalog, aCase);
}

describe('what changed before', () => {
  it('is told in the order of time, with the beginning of the trouble among it', () => {
    const onset = { fromMs: nowMs - 29 * minuteMs, toMs: nowMs - 25 * minuteMs, probability: 0.9, says: ['IO wait went from 2 % to 34 %.'] };
    const { timeline, changes } = reportOf(60, [change(600, ['zfs'], 'zfsutils-linux was upgraded'), newKernel, change(5, ['guest'], 'qemu/100 was started')], onset);
    expect(timeline.map(({ kind, text }) => [kind, text.slice(0, 40)])).toEqual([
      ['boot', 'zfsutils-linux was upgraded.'],
      ['boot', 'The host booted into Linux 6.8.12-5-pve;'],
      ['onset', 'The trouble began between 11:31 and 11:3'],
      ['boot', 'qemu/100 was started.'],
    ]);
    expect(changes[0]?.text).toContain('booted into Linux');
  });

  it('a boot into another kernel is told with the packages that it put into effect', () => {
    const booted = { ...newKernel, from: '6.8.12-4-pve', to: '6.8.12-5-pve' };
    const image: Change = { ...change(90, [], 'proxmox-kernel-6.8.12-5-pve was installed; it takes effect with the next boot'), kind: 'package' };
    expect(reportOf(60, [change(9_000, [], 'the host booted Linux 6.8.12-4-pve'), image, booted]).changes.map(({ text }) => text.slice(0, 40))).toEqual(['The host booted into Linux 6.8.12-5-pve;', 'proxmox-kernel-6.8.12-5-pve was installe']);
  });

  it('raises what it can bring, and says so with its time', () => {
    const [without, withIt] = [reportOf(201, []), reportOf(201, [newKernel])];
    expect(withIt.causes[0]!.probability).toBeGreaterThan(without.causes[0]!.probability);
    expect(withIt.causes[0]?.evidence.map(({ text }) => text)).toContain('30 minutes ago the host booted into Linux 6.8.12-5-pve; before it ran 6.8.12-4-pve.');
  });

  it('convicts nobody by itself, even right before the trouble', () => {
    const onset = { fromMs: nowMs - 29 * minuteMs, toMs: nowMs - 28 * minuteMs, probability: 0.9, says: [] };
    expect(reportOf(60, [newKernel], onset).causes).toEqual([]);
  });

  it('does not win over decisive evidence of something else', () => {
    const { causes } = reportOf(90, [newKernel]);
    expect(causes.map(({ id, status }) => [id, status])).toEqual([['broken-disk', 'identified']]);
  });

  it('is silent where nothing is known', () => {
    const { timeline, changes } = reportOf(60, []);
    expect([timeline, changes]).toEqual([[], []]);
  });
});
