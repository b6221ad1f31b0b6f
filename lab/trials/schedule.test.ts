import { describe, expect, it } from 'vitest';
import { victims } from './kill.ts';
import { scheduleKills } from './schedule.ts';
import { differences } from './traces.ts';

const experiments = [{ id: 'a', lastSeconds: 20 }, { id: 'b', lastSeconds: 4 }];

describe('the schedule of kills', () => {
  it('is the same for the same seed', () => {
    expect(scheduleKills(experiments, 20, 7)).toEqual(scheduleKills(experiments, 20, 7));
    expect(scheduleKills(experiments, 20, 7)).not.toEqual(scheduleKills(experiments, 20, 8));
  });

  it('kills everybody in every experiment, at all moments of it', () => {
    const kills = scheduleKills(experiments, 240, 1);
    const pairs = new Map<string, number>();
    for (const { experiment, victim } of kills) pairs.set(`${experiment} ${victim}`, (pairs.get(`${experiment} ${victim}`) ?? 0) + 1);
    expect([...pairs.values()]).toEqual(Array.from({ length: 2 * victims.length }, () => 20));
    const moments = kills.filter(({ experiment }) => experiment === 'a').map(({ afterSeconds }) => afterSeconds);
    expect(Math.min(...moments)).toBeLessThan(2);
    expect(Math.max(...moments)).toBeGreaterThan(18);
    expect(Math.max(...moments)).toBeLessThanOrEqual(20);
  });
});

describe('traces', () => {
  it('what came and what went is a difference', () => {
    expect(differences(new Set(['dataset tank', 'file a']), new Set(['dataset tank', 'dataset tank/x']))).toEqual(['+ dataset tank/x', '- file a']);
  });
});
