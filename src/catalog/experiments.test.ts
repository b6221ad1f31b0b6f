import { describe, expect, it } from 'vitest';
import { experiments, hypotheses } from './catalog.generated.ts';

describe('experiments', () => {
  it('each tells something about a cause', () => {
    const told = new Set(hypotheses.flatMap(({ tested }) => (tested ?? []).map(({ experiment }) => experiment.id)));
    expect(experiments.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
  });
});
