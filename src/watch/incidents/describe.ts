import type { Severity } from '../../define/alarm.ts';
import type { Incident } from '../../define/incident.ts';
import { fnv1a } from '../../lib/fnv1a.ts';
import { bounded } from '../../lib/hostile-text.ts';
import { byOnset, type Member } from './state.ts';

const most = (count: number, one: string, several: string): string => (count === 1 ? `1 ${one}` : `${count} ${several}`);

/** One line: what is shared and failed, or what the first alarm says, and how much else there is. Texts of hosts in it are as they came. */
function titleOf(first: Member, hosts: readonly string[], alarmCount: number, shared: readonly string[]): string {
  const lead = bounded(first.says === '' ? `${first.kind} of ${first.object}` : first.says, 160);
  if (shared.length > 0) return bounded(`${shared.join(' and ')}: ${most(hosts.length, 'host', 'hosts')}, first ${first.host}: ${lead}`, 300);
  const others = [...(hosts.length > 1 ? [most(hosts.length - 1, 'more host', 'more hosts')] : []), ...(alarmCount > 1 ? [most(alarmCount - 1, 'more alarm', 'more alarms')] : [])];
  return bounded(`${bounded(first.host, 100)}: ${lead}${others.length > 0 ? ` (and ${others.join(', ')})` : ''}`, 300);
}

/**
 * What an incident is by its alarms. `known` are its alarms that are still kept, `before` is what was said of it when the older ones were: no alarm and no host is ever
 * taken out, and the severity never falls.
 */
export function describe(known: readonly Member[], before: Pick<Incident, 'alarmIds' | 'hosts' | 'severity' | 'startedAtMs' | 'title'> | undefined, shared: readonly string[]): Pick<Incident, 'alarmIds' | 'hosts' | 'severity' | 'startedAtMs' | 'title'> {
  const sorted = [...known].sort(byOnset);
  const kept = new Set(sorted.map(({ id }) => id));
  const older = (before?.alarmIds ?? []).filter((id) => !kept.has(id));
  const alarmIds = [...older, ...sorted.map(({ id }) => id)];
  const hosts = [...new Set([...(older.length > 0 ? before!.hosts : []), ...sorted.map(({ host }) => host), ...(before?.hosts ?? [])])];
  const severity: Severity = before?.severity === 'critical' || sorted.some((member) => member.severity === 'critical') ? 'critical' : 'warning';
  const first = sorted[0];
  const startedAtMs = Math.min(before?.startedAtMs ?? Infinity, first?.startedAtMs ?? Infinity);
  return { alarmIds, hosts, severity, startedAtMs, title: first === undefined || older.length > 0 ? (before?.title ?? '') : titleOf(first, hosts, alarmIds.length, shared) };
}

/** Eight hexadecimal digits for a text. */
const fingerprint = (text: string): string => fnv1a(Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))).toString(16).padStart(8, '0');

/** `20260712-101500-1a2b3c4d`: by the beginning and the alarm that began it, so that the order in which alarms arrive plays no part. Unique among `taken`. */
export function incidentIdOf(first: Member, taken: (id: string) => boolean): string {
  const date = new Date(first.startedAtMs);
  const stamp = Number.isNaN(date.getTime()) ? '00000000-000000' : date.toISOString().replace(/\.\d+Z$/, '').replaceAll(/[-:]/g, '').replace('T', '-');
  const name = `${stamp}-${fingerprint(JSON.stringify([first.identity, first.id]))}`;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? name : `${name}-${number}`;
    if (!taken(id)) return id;
  }
}
