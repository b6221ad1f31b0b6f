import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments, probes } from '../src/catalog/catalog.generated.ts';
import { findingsSchema } from '../src/define/experiment.ts';
import type { AnyProbe } from '../src/define/probe.ts';
import { isResult } from '../src/define/result.ts';

/** Pieces that lead parsers into their branches: words of real answers, numbers at the edges, broken structure. */
function damaged({ spec }: { readonly spec: { readonly examples: readonly { readonly stdout: string }[] } }): fc.Arbitrary<string> {
  const texts = spec.examples.map((example) => example.stdout);
  const pieces = fc.constantFrom(...new Set(texts.flatMap((text) => text.split(/(?<=[\s,:{}[\]"=])/)).slice(0, 2_000)), '', '\n');
  const edges = fc.constantFrom('-1', '1e999', 'NaN', '0x', '9'.repeat(400), '{', ']', '"', '\0', '\u001b[31m', '__proto__', '==> x <==', '\t', ' '.repeat(500));
  const mixed = fc.array(fc.oneof({ weight: 6, arbitrary: pieces }, { weight: 2, arbitrary: edges }, { weight: 1, arbitrary: fc.string() }), { maxLength: 120 }).map((parts) => parts.join(''));
  const cut = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat()).map(([text, from, length]) => text.slice(0, from % (text.length + 1)) + text.slice((from + length) % (text.length + 1)));
  return fc.oneof(fc.string({ unit: 'binary' }), mixed, cut);
}

describe('every parser survives arbitrary answers', () => {
  it('there are parsers', () => expect(probes.length).toBeGreaterThan(50));
  it.each(probes as readonly AnyProbe[])('$id', (probe) => {
    fc.assert(
      fc.property(damaged(probe), fc.constantFrom(0, 1, 255), (stdout, exitStatus) => {
        const parsed: unknown = probe.spec.parse(stdout, { exitStatus });
        if (isResult(parsed)) return true;
        return probe.spec.schema.safeParse(parsed).success;
      }),
      { numRuns: 150 },
    );
  });
  it.each(probes as readonly AnyProbe[])('$id in linear time', (probe) => {
    const longest = probe.spec.examples.map((example) => example.stdout).reduce((a, b) => (b.length > a.length ? b : a), 'x');
    for (const text of [longest.repeat(Math.ceil(1_000_000 / (longest.length + 1))), 'a'.repeat(1_000_000), ' '.repeat(1_000_000), '('.repeat(1_000_000), '1 '.repeat(500_000)]) {
      const before = process.cpuUsage();
      probe.spec.parse(text, { exitStatus: 0 });
      expect(process.cpuUsage(before).user / 1_000, `milliseconds of processor time on ${text.slice(0, 20)}`).toBeLessThan(4_000);
    }
  });
  it.each(experiments)('$id', (experiment) => {
    fc.assert(
      fc.property(damaged(experiment), (stdout) => {
        const parsed: unknown = experiment.spec.parse(stdout);
        return isResult(parsed) || findingsSchema.safeParse(parsed).success;
      }),
      { numRuns: 150 },
    );
  });
});
