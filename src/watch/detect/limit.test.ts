import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitOf } from './limit.ts';

const delay = { bad: 'above', fixedLimit: 10, learned: true } as const;

describe('the limit of an alarm', () => {
  it('is what the field holds for too much, as long as nothing is learned', () => {
    expect(limitOf(delay, {}, undefined)).toEqual({ raiseAt: 10, resolveAt: 8.5, fixed: 10 });
    expect(limitOf(delay, {}, Infinity)).toEqual({ raiseAt: 10, resolveAt: 8.5, fixed: 10 });
  });

  it('is the learned one then, within a half and eight times of it', () => {
    expect(limitOf(delay, {}, 17)).toMatchObject({ raiseAt: 17, fixed: 10, learned: 17 });
    expect(limitOf(delay, {}, 1)).toMatchObject({ raiseAt: 5, learned: 1 });
    expect(limitOf(delay, {}, 90)).toMatchObject({ raiseAt: 80, learned: 90 });
  });

  it('is not learned for kinds that learn nothing', () => {
    expect(limitOf({ ...delay, learned: false }, {}, 17)).toEqual({ raiseAt: 10, resolveAt: 8.5, fixed: 10 });
  });

  it('is that of the object where the field has one for it', () => {
    expect(limitOf({ bad: 'above', learned: true }, { fixedLimit: 16 }, undefined)).toMatchObject({ raiseAt: 16 });
    expect(limitOf({ bad: 'above', learned: true }, {}, 3)).toEqual({ raiseAt: 3, resolveAt: 2.55, learned: 3 });
    expect(limitOf({ bad: 'above', learned: true }, {}, undefined).raiseAt).toBe(Infinity);
  });

  it('of a state has nothing between bad and good', () => {
    expect(limitOf({ bad: 'above', fixedLimit: 0, learned: false }, {}, undefined)).toEqual({ raiseAt: 0, resolveAt: 0, fixed: 0 });
    expect(limitOf({ bad: 'below', fixedLimit: 1, learned: false }, {}, undefined)).toEqual({ raiseAt: 1, resolveAt: 1, fixed: 1 });
    expect(limitOf({ bad: 'below', fixedLimit: 5, learned: false }, {}, undefined)).toEqual({ raiseAt: 5, resolveAt: 5.75, fixed: 5 });
  });

  it('is never beyond a half and eight times, and over is on the good side', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), fc.double({ noNaN: true }), fc.constantFrom('above' as const, 'below' as const), (fixedLimit, learned, bad) => {
        const { raiseAt, resolveAt } = limitOf({ bad, fixedLimit, learned: true }, {}, learned);
        expect(raiseAt).toBeGreaterThanOrEqual(fixedLimit / 2);
        expect(raiseAt).toBeLessThanOrEqual(fixedLimit * 8);
        expect(bad === 'above' ? resolveAt <= raiseAt : resolveAt >= raiseAt).toBe(true);
      }),
    );
  });
});
