import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Truth } from '../lab/define.ts';
import { judge } from '../lab/judge.ts';
import { catalog } from '../src/catalog/index.ts';
import { loadCase } from '../src/collect/case-file.ts';
import { reportSchema } from '../src/define/report.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';

const ids = z.array(z.string());
/** What the lab's oracle expects, or whoever recorded a machine elsewhere: a subset, so that better rules do not break it. */
const expectationSchema = z.strictObject({
  about: z.string().min(20),
  variant: z.string().optional(),
  kind: z.enum(['fault', 'control', 'double']),
  truth: z.strictObject({
    first: ids,
    among: z.array(z.union([z.string(), ids])).optional(),
    allowed: ids.optional(),
    never: ids.optional(),
    status: z.array(z.enum(['healthy', 'identified', 'suspected', 'inconclusive', 'unreachable'])).optional(),
    objects: z.record(z.string(), z.string()).optional(),
    symptoms: ids.optional(),
  }),
  /** All causes must be among these, where given: stricter than the lab, which lets a second suspect of a real fault pass. */
  onlyCauses: ids.optional(),
  /** Range of the leading cause's probability. */
  probability: z.tuple([z.number(), z.number()]).optional(),
});

const folder = join(import.meta.dirname, 'hosts');
const files = globSync('*/expect.json', { cwd: folder }).sort();

describe('recorded hosts', () => {
  it('are there', () => expect(files.length).toBeGreaterThanOrEqual(8));
  it.each(files)('%s', async (file) => {
    const expectation = expectationSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    const aCase = await loadCase(join(folder, dirname(file), 'case.tgz'), catalog.probes);
    expect(aCase.redacted).toBe(true);
    const report = diagnose(catalog, aCase);
    expect(reportSchema.safeParse(report).error?.message).toBeUndefined();
    const causes = report.causes.map((cause) => cause.id);
    const verdict = {
      status: report.verdict.status,
      summary: report.verdict.summary,
      causes: report.causes,
      noticed: report.alsoNoticed.map((one) => one.id),
      symptoms: report.symptoms.map((one) => one.id),
    };
    const told = `causes: ${causes.join(', ') || 'none'}; symptoms: ${verdict.symptoms.join(', ') || 'none'}`;
    expect(judge(expectation.truth as Truth, expectation.kind, verdict), told).toEqual([]);
    if (expectation.onlyCauses) expect(causes.filter((id) => !expectation.onlyCauses?.includes(id)), told).toEqual([]);
    if (expectation.probability && report.causes[0]) {
      expect(report.causes[0].probability, told).toBeGreaterThanOrEqual(expectation.probability[0]);
      expect(report.causes[0].probability, told).toBeLessThanOrEqual(expectation.probability[1]);
    }
  });
});
