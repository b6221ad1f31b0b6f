import type { AlarmKind } from '../../define/alarm-kind.ts';
import type { AlarmsSettings } from '../settings.ts';
import type { KindChoice } from './host-alarms.ts';

/** What the settings want of a kind of alarm. */
export function choiceOf({ id }: Pick<AlarmKind, 'id'>, { kinds, falseAlarmsPerMonth }: AlarmsSettings): KindChoice {
  const own = Object.hasOwn(kinds, id) ? kinds[id] : undefined;
  return { enabled: own?.enabled ?? true, fixedLimit: own?.limit, forSeconds: own?.forSeconds, clearSeconds: own?.clearSeconds, falseAlarmsPerMonth: own?.falseAlarmsPerMonth ?? falseAlarmsPerMonth };
}
