import type { AlarmKind } from '../../define/alarm-kind.ts';
import type { KindChoice } from '../alarms/host-alarms.ts';
import { LearnedLimits, type Learned } from '../alarms/learned-limits.ts';
import { limitOf } from '../detect/limit.ts';
import { limitsOfWeek } from './learned-hours.ts';
import type { LearnedRule } from './prometheus-rules.ts';

/** The limits that were learned of one host, hour by hour of the coming week, as they would raise alarms. */
export function learnedRules(kinds: readonly AlarmKind[], choiceOf: (kind: AlarmKind) => KindChoice, learned: Learned, instance: string, nowMs: number): LearnedRule[] {
  const limits = new LearnedLimits(learned);
  return kinds.filter((kind) => kind.learned && kind.promql !== undefined).flatMap((kind) => {
    const { falseAlarmsPerMonth, fixedLimit = kind.fixedLimit } = choiceOf(kind);
    const objects = [...new Set(learned.filter((one) => one.kind === kind.id).map(({ object }) => object))];
    return objects.flatMap((object): LearnedRule[] => {
      const hours = limitsOfWeek((atMs) => {
        const limit = limits.at(kind.id, object, kind.bad, atMs, falseAlarmsPerMonth)?.limit;
        return limit === undefined || !Number.isFinite(limit) ? undefined : limitOf(kind, fixedLimit === undefined ? {} : { fixedLimit }, limit).raiseAt;
      }, nowMs);
      return hours.length === 0 ? [] : [{ kind: kind.id, instance, object, hours }];
    });
  });
}
