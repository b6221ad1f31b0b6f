import type { ComparisonRule, DifferenceKind } from '../../define/comparison.ts';
import type { Source } from '../../define/source.ts';

type More = Omit<ComparisonRule, 'source' | 'path' | 'kind' | 'weight' | 'name'>;

/** Rules about one source: where in it, what kind, how suspicious, how it is called, and what else there is to say. */
export function about<T>(source: Source<T>): (path: string, kind: DifferenceKind, weight: ComparisonRule['weight'], name: string, more?: More) => ComparisonRule {
  return (path, kind, weight, name, more = {}) => ({ source, path, kind, weight, name, ...more });
}

/** Not compared: these places, or all of the source. */
export function ignored<T>(source: Source<T>, ...paths: readonly string[]): ComparisonRule[] {
  return (paths.length === 0 ? [''] : paths).map((path) => ({ source, path, kind: 'ignored', weight: 0, name: '' }));
}

/** Less than before is suspicious, more is worth a line. */
export const capability = (lost: number) => ({ lost, gained: 32, changed: lost });
export const hardware = (lost: number) => ({ lost, gained: 45, changed: lost });
