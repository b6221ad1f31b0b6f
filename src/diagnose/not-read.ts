import type { Catalog } from '../define/catalog.ts';
import type { Fact } from '../define/fact.ts';
import type { Report } from '../define/report.ts';
import { sourceOf, type Needs, type Source } from '../define/source.ts';
import type { Readings } from './readings.ts';

/** All probes behind a set of needs, through derived facts. */
export function probesBehind(needs: Needs): Set<Source> {
  const found = new Set<Source>();
  const visit = (inner: Needs): void => {
    for (const need of Object.values(inner)) {
      const source = sourceOf(need);
      if (found.has(source)) continue;
      found.add(source);
      if (source.kind === 'fact') visit((source as Fact).needs);
    }
  };
  visit(needs);
  return new Set([...found].filter((source) => source.kind === 'probe'));
}

/**
 * Every probe that failed, with what it would have helped to decide. What is absent on the host is not a failure, and of a host
 * that answered nothing at all the verdict says so once.
 */
export function listNotRead(catalog: Catalog, readings: Readings, answered: number): Report['notRead'] {
  if (answered === 0) return [];
  const behind = catalog.hypotheses.map((hypothesis) => ({ id: hypothesis.id, probes: probesBehind(hypothesis.needs) }));
  return catalog.probes.flatMap((probe) => {
    if (probe.vantage === 'client') return [];
    const result = readings.read(probe as Source);
    if (result.status !== 'failed') return [];
    const root = result.reason === 'not-permitted' ? probe.spec.root?.adds : undefined;
    return [
      {
        source: { kind: 'probe' as const, id: probe.id, vantage: probe.vantage },
        title: probe.title,
        reason: result.reason,
        detail: result.detail,
        wouldDecide: behind.filter((one) => one.probes.has(probe)).map((one) => one.id),
        ...(root === undefined ? {} : { rootAdds: root }),
      },
    ];
  });
}
