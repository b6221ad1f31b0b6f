import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeOutput } from '../../define/case.ts';
import { readingsOfCase } from '../../diagnose/readings.ts';
import { catalog } from '../index.ts';
import changes from './changes.fact.ts';

const names = ['boots', 'time-zone', 'package-log', 'task-history', 'pool-history', 'service-starts', 'edited-files', 'configured-settings', 'logins', 'kernel-log'];
const texts = names.map((name) => ({ name, stdout: catalog.probes.find(({ id }) => id === name)!.spec.examples.map(({ stdout }) => stdout)[0]! }));

/** What a broken, cut or hostile host may make of an answer: lines lost, doubled, out of order, cut, and other numbers in them. */
const damage = fc.array(fc.record({ at: fc.nat(), kind: fc.constantFrom('drop', 'double', 'cut', 'digits', 'words'), by: fc.nat(), word: fc.string({ maxLength: 20 }) }), { maxLength: 6 });

function damaged(stdout: string, list: readonly { at: number; kind: string; by: number; word: string }[]): string {
  const lines = stdout.split('\n');
  for (const { at, kind, by, word } of list) {
    const index = at % lines.length;
    const line = lines[index] ?? '';
    if (kind === 'drop') lines.splice(index, 1);
    if (kind === 'double') lines.splice(by % lines.length, 0, line);
    if (kind === 'cut') lines[index] = line.slice(0, by % (line.length + 1));
    if (kind === 'digits') lines[index] = line.replaceAll(/\d/g, (digit) => String((Number(digit) + by) % 10));
    if (kind === 'words') lines[index] = line.replace(/\S+/, word);
    if (lines.length === 0) lines.push('');
  }
  return lines.join('\n');
}

describe('the ledger', () => {
  it('stands whatever hosts answer, in the order of time and within its bounds', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: names.length, maxLength: names.length }), (damages) => {
        const outputs = texts.map(({ name, stdout }, index): ProbeOutput => ({ probe: name, sample: 1, ended: 'done', exitStatus: 0, durationMs: 1, uptimeSeconds: 1, note: '', stdout: damaged(stdout, damages[index]!) }));
        const read = readingsOfCase(catalog, { outputs }).read(changes);
        if (read.status !== 'ok') return;
        const times = read.value.changes.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.length).toBeLessThanOrEqual(500);
        for (const { atMs, says } of read.value.changes) {
          expect(() => new Date(atMs).toISOString()).not.toThrow();
          expect(says.length).toBeLessThan(2_000);
        }
        expect(changes.schema.safeParse(read.value).success).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
