import { createHash } from 'node:crypto';
import type { Alarm } from '../../src/define/alarm.ts';

/** How alerts of these tests name what they are about. */
export const alertSettings = { kindLabels: ['alertname'], objectRules: [{ labels: { object: '.+' }, object: '$${object}' }] };

/** A word of Alertmanager's form for an alert. */
const fingerprintOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 16);

/** The id that an alarm has here after it came from Alertmanager. */
export const receivedId = ({ id, startedAtMs }: Pick<Alarm, 'id' | 'startedAtMs'>): string => `alertmanager-${fingerprintOf(id)}-${startedAtMs}`;

/** An alarm as Alertmanager would hand it over. */
export function alertOf({ id, kind, host, object, severity, startedAtMs }: Pick<Alarm, 'id' | 'kind' | 'host' | 'object' | 'severity' | 'startedAtMs'>, status: 'firing' | 'resolved' = 'firing', resolvedAtMs = startedAtMs): object {
  return {
    status,
    labels: { alertname: kind, severity, instance: host, object },
    annotations: { summary: `${kind} of ${object}` },
    startsAt: new Date(startedAtMs).toISOString(),
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : new Date(resolvedAtMs).toISOString(),
    fingerprint: fingerprintOf(id),
  };
}

/** Makes a token for the webhook of Alertmanager, and gives what hands alerts to it; resolves when they were taken. */
export async function alertSender(address: string, admin: Readonly<Record<string, string>>): Promise<(alerts: readonly object[]) => Promise<void>> {
  const json = { 'content-type': 'application/json' };
  const made = await fetch(`${address}/api/v1/tokens`, { method: 'POST', headers: { ...admin, ...json }, body: JSON.stringify({ name: `alerts-${Date.now()}`, scopes: ['alerts'] }) });
  if (!made.ok) throw new Error(`no token: ${await made.text()}`);
  const { secret } = (await made.json()) as { secret: string };
  return async (alerts) => {
    const answer = await fetch(`${address}/api/v1/alertmanager`, { method: 'POST', headers: { authorization: `Bearer ${secret}`, ...json }, body: JSON.stringify({ version: '4', status: 'firing', alerts }) });
    const says = await answer.text();
    if (!answer.ok) throw new Error(`not taken: ${answer.status} ${says}`);
  };
}
