import type { Comparison } from '../define/comparison.ts';
import type { Compared } from './compare.ts';

/** The result of a comparison as a document; the least suspicious differences only when `all` of them are wanted. */
export function comparisonOf(compared: Compared, about: Pick<Comparison, 'before' | 'after' | 'culpritVersion'> & { readonly all: boolean }): Comparison {
  const { culpritVersion, before, after, all } = about;
  const differences = compared.differences.filter(({ suspicion }) => all || suspicion !== 'low');
  return {
    schemaVersion: 1,
    culpritVersion,
    before,
    after,
    sameHost: compared.sameHost,
    differences,
    leftOut: compared.differences.length - differences.length,
    notCompared: compared.notCompared,
  };
}

/** 0 when nothing differs that matters, else 1. */
export function exitStatusOfComparison({ differences }: Pick<Comparison, 'differences'>): 0 | 1 {
  return differences.some(({ suspicion }) => suspicion !== 'low') ? 1 : 0;
}
