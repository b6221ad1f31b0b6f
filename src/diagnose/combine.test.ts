import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, explaining, type Candidate, type SymptomNode } from './combine.ts';

const ioDelay: SymptomNode = { id: 'io-delay', object: 'host', seen: true, leak: 0.1 };

function candidate(logOdds: number, explains: Candidate['explains'] = {}, object = 'host'): Candidate {
  return { logOdds, explains, object };
}

/** The definition itself: all subsets. */
function exactly(candidates: readonly Candidate[], symptoms: readonly SymptomNode[]): number[] {
  const shares = candidates.map(() => 0);
  let total = 0;
  for (let set = 0; set < 2 ** candidates.length; set += 1) {
    const members = candidates.map((one, index) => ({ one, index })).filter(({ index }) => (set >> index) % 2 === 1);
    let weight = Math.exp(members.reduce((sum, { one }) => sum + one.logOdds, 0));
    for (const symptom of symptoms) {
      const not = members.reduce((product, { one }) => product * (1 - explaining(one, symptom)), 1 - symptom.leak);
      weight *= symptom.seen ? 1 - not : not;
    }
    total += weight;
    for (const { index } of members) shares[index]! += weight;
  }
  return shares.map((share) => share / total);
}

describe('combine', () => {
  it('gives nothing for nothing', () => expect(combine([], [ioDelay])).toEqual([]));

  it('is the exact noisy-OR where all fault sets can be enumerated', () => {
    const symptom = fc.record({
      id: fc.constantFrom('io-delay', 'high-load', 'guest-slow'),
      object: fc.constant('host'),
      seen: fc.boolean(),
      leak: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    }) as fc.Arbitrary<SymptomNode>;
    const probability = fc.double({ min: 0, max: 0.99, noNaN: true });
    const cause = fc.record({
      logOdds: fc.double({ min: -10, max: 10, noNaN: true }),
      object: fc.constant('host'),
      explains: fc.record({ 'io-delay': probability, 'high-load': probability }),
    });
    fc.assert(
      fc.property(fc.array(cause, { maxLength: 5 }), fc.array(symptom, { maxLength: 4 }), (candidates, symptoms) => {
        const exact = exactly(candidates, symptoms);
        combine(candidates, symptoms).forEach((share, index) => expect(share).toBeCloseTo(exact[index]!, 6));
      }),
    );
  });

  it('a symptom makes its causes likelier, and one good explanation takes the need away from another', () => {
    const suspect = candidate(-2, { 'io-delay': 0.9 });
    const [without] = combine([suspect], []);
    const [alone] = combine([suspect], [ioDelay]);
    const [beside] = combine([suspect, candidate(8, { 'io-delay': 0.9 })], [ioDelay]);
    expect(alone).toBeGreaterThan(without!);
    expect(beside).toBeLessThan(alone!);
  });

  it('several sure faults stay sure together, among many that are not there', () => {
    const sure = [candidate(6, { 'io-delay': 0.5 }), candidate(5, {}), candidate(7, {}), candidate(6, {})];
    const shares = combine([...sure, ...Array.from({ length: 70 }, () => candidate(-8))], [ioDelay]);
    for (const share of shares.slice(0, 4)) expect(share).toBeGreaterThan(0.98);
    expect(Math.max(...shares.slice(4))).toBeLessThan(0.01);
  });

  it('a symptom that was looked for and is not there speaks against its causes', () => {
    const suspect = candidate(0, { 'io-delay': 0.9 });
    expect(combine([suspect], [{ ...ioDelay, seen: false }])[0]).toBeLessThan(0.2);
  });
});

describe('what explains what', () => {
  it.each([
    ['a disk its own latency', 'disk/a', 'disk/a', 0.8],
    ['a disk the host', 'disk/a', 'host', 0.8],
    ['not another disk', 'disk/a', 'disk/b', 0],
    ['a pool a disk', 'storage/tank', 'disk/a', 0.8],
    ['not another guest, of whatever kind', 'lxc/101', 'qemu/100', 0],
  ])('%s', (_, object, on, expected) => {
    expect(explaining(candidate(0, { 'disk-latency': 0.8 }, object), { id: 'disk-latency', object: on })).toBe(expected);
  });
  it('another guest where it says so', () => {
    const hog = { ...candidate(0, { 'guest-slow': 0.7 }, 'qemu/100'), explainsAcross: ['guest-slow' as const] };
    expect(explaining(hog, { id: 'guest-slow', object: 'lxc/101' })).toBe(0.7);
  });
});
