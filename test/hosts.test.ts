import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '../src/catalog/index.ts';
import { loadCase } from '../src/collect/case-file.ts';
import { reportSchema } from '../src/define/report.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';

/** Recorded hosts with what must come out: a subset, so that better rules do not break them. */
const expectationSchema = z.strictObject({
  about: z.string().min(20),
  status: z.array(z.string()).min(1),
  /** Id of the first cause. */
  first: z.string().optional(),
  /** Ids that must be among the causes, and ids that must be neither a cause nor noticed. */
  causes: z.array(z.string()).default([]),
  never: z.array(z.string()).default([]),
  /** All causes must be among these, where given: what else is named is an accusation. */
  onlyCauses: z.array(z.string()).optional(),
  symptoms: z.array(z.string()).default([]),
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
    const told = `causes: ${causes.join(', ') || 'none'}; symptoms: ${report.symptoms.map((one) => one.id).join(', ') || 'none'}`;
    expect(expectation.status, told).toContain(report.verdict.status);
    if (expectation.first !== undefined) expect(causes[0], told).toBe(expectation.first);
    expect(causes, told).toEqual(expect.arrayContaining(expectation.causes));
    for (const id of expectation.never) expect([...causes, ...report.alsoNoticed.map((one) => one.id)], told).not.toContain(id);
    if (expectation.onlyCauses) expect(causes.filter((id) => !expectation.onlyCauses?.includes(id)), told).toEqual([]);
    for (const id of expectation.symptoms) expect(report.symptoms.map((one) => one.id), told).toContain(id);
  });
});
