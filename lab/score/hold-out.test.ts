import { expect, it } from 'vitest';
import { isHeldOut, openVariants } from './hold-out.ts';

it('opens the first half, rounded up, in the order of the hashes', () => {
  // By sha256sum: story.aes 19bb…, story.osxsave 3f9d…, story.pclmulqdq d9e4….
  const variants = ['pclmulqdq', 'osxsave', 'aes'];
  expect(openVariants('story', variants)).toEqual(['aes', 'osxsave']);
  expect(openVariants('story', variants.toReversed())).toEqual(openVariants('story', variants));
  expect(variants.filter((variant) => isHeldOut('story', variants, variant))).toEqual(['pclmulqdq']);
});

it('keeps a single variant open', () => {
  expect(isHeldOut('idle', ['plain'], 'plain')).toBe(false);
});

it('refuses a variant that is not there', () => {
  expect(() => isHeldOut('idle', ['plain'], 'other')).toThrow('no variant other');
});
