import type { Alarm } from '../define/alarm.ts';
import { bounded } from '../lib/hostile-text.ts';

/** Text that both databases take and give back the same: no NUL, which PostgreSQL refuses, no lone surrogates, not longer than this many UTF-16 units. */
export function storable(text: string, mostCharacters: number): string {
  return bounded(text.toWellFormed().replaceAll('\0', '\ufffd'), mostCharacters);
}

const most = { name: 300, says: 2_000, labels: 100, labelName: 200, labelValue: 2_000 } as const;

/** Whole milliseconds, as the tables have them. */
export const wholeMs = (timeMs: number): number => Math.round(Math.min(Math.max(Number.isFinite(timeMs) ? timeMs : 0, -8.64e15), 8.64e15));

/** An alarm whose texts are bounded. Who takes one in from outside does this first, so that all parts of the server see the same. Done again, it changes nothing. */
export function boundedAlarm(alarm: Alarm): Alarm {
  const labels = Object.entries(alarm.labels)
    // Schemas leave this name out when it is read back.
    .filter(([name]) => name !== '__proto__')
    .slice(0, most.labels)
    .map(([name, value]) => [storable(name, most.labelName), storable(value, most.labelValue)] as const);
  return {
    ...alarm,
    kind: storable(alarm.kind, most.name),
    host: storable(alarm.host, most.name),
    object: storable(alarm.object, most.name),
    says: storable(alarm.says, most.says),
    ...(alarm.unit === undefined ? {} : { unit: storable(alarm.unit, most.name) }),
    labels: Object.fromEntries(labels),
  };
}

/** Ids are made by the server itself; one that would not fit is a mistake of its maker, and cut it could be that of something else. */
export function idText(id: string): string {
  if (!/^[\x20-\x7e]{1,300}$/.test(id)) throw new TypeError(`not an id: ${JSON.stringify(bounded(id, 100))}`);
  return id;
}

/** JSON of at most so many characters. */
export function jsonText(value: unknown, mostCharacters: number): string {
  const text = JSON.stringify(value);
  if (text.length > mostCharacters) throw new RangeError(`${text.length} characters are more than the ${mostCharacters} that are kept`);
  return text;
}
