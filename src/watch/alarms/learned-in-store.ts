import { learnedBy, saveLearned } from '../../store/knowledge.ts';
import type { Store } from '../../store/open.ts';
import { learnedSchema, learnedVersion, type Learned, type LearnedLimits } from './learned-limits.ts';

const learnedName = 'limits';

/** What was learned of each host before the restart. What another version wrote, or something else, is left out. */
export async function readLearned(store: Store): Promise<Map<string, Learned>> {
  const saved = await store.read((db) => learnedBy(db, learnedName, learnedVersion));
  return new Map([...saved].flatMap(([host, state]) => {
    const parsed = learnedSchema.safeParse(state);
    return parsed.success ? [[host, parsed.data] as const] : [];
  }));
}

/** Saves what was learned of hosts, each by itself: many are much. */
export async function keepLearned(store: Store, hosts: readonly string[], learnedOf: (host: string) => LearnedLimits | undefined, nowMs: number): Promise<void> {
  for (const host of hosts) {
    const learned = learnedOf(host)?.save(nowMs) ?? [];
    if (learned.length > 0) await store.write((db) => saveLearned(db, learnedName, host, learnedVersion, nowMs, learned));
  }
}
