import type { Alarm } from '../../../define/alarm.ts';
import { hostOfInstance, type HostNames } from '../../../history/exporter-instance.ts';
import { bounded } from '../../../lib/hostile-text.ts';
import { AnchoredRegex } from '../exposition/anchored-regex.ts';
import type { SourceProblem } from '../look.ts';
import { readPayload, type WebhookAlert } from './payload.ts';
import { defaultObjectRules, objectRules, type AlertmanagerSettings } from './settings.ts';

/** An alert of Alertmanager as one of our alarms. */
export interface ReceivedAlarm {
  /** Alertmanager's own word for this set of labels: the same for all notifications of one alert, and for the next time that it fires. */
  readonly fingerprint: string;
  readonly firing: boolean;
  readonly alarm: Alarm;
}

export interface ReceivedNotification {
  readonly alarms: readonly ReceivedAlarm[];
  /** Names of alerts that only say that the alerting works. */
  readonly heartbeats: readonly string[];
  readonly problems: readonly SourceProblem[];
}

const sourceName = 'alertmanager-webhook';
/** Year 2000: an earlier beginning is a clock that is off, or Go's zero time. */
const earliestMs = 946_684_800_000;
const maxObject = 200;

function own(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  return text === '' ? undefined : text;
}

/** The name of the watched host that is meant: by its name in the settings, its short name where that is unambiguous, or its address; else what the alert says, as a host of its own. */
function knownHost(said: string, hosts: readonly HostNames[]): string {
  const name = hostOfInstance(said);
  const exact = hosts.find((host) => host.name.toLowerCase() === name || host.addresses.some((address) => address.toLowerCase() === name));
  if (exact !== undefined) return exact.name;
  if (/^[\d.]+$/.test(name) || name.includes(':')) return name;
  const [short] = name.split('.', 1);
  const fits = hosts.filter((host) => host.name.toLowerCase().split('.', 1)[0] === short && (!host.name.includes('.') || !name.includes('.')));
  return fits.length === 1 ? fits[0]!.name : name;
}

/** Milliseconds since 1970 of an RFC 3339 time that can be true by now; undefined of any other. */
function timeOf(text: string, nowMs: number): number | undefined {
  const timeMs = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(timeMs) && timeMs >= earliestMs ? Math.min(timeMs, nowMs) : undefined;
}

/** Makes what takes in notifications; pure: body, watched hosts and time come in. */
export function alertmanagerReceiver(settings: AlertmanagerSettings): (body: string, hosts: readonly HostNames[], nowMs: number) => ReceivedNotification {
  const objectOf = objectRules([...settings.objectRules, ...defaultObjectRules]);
  const hostInId = new AnchoredRegex(settings.hostInId);
  const meaningless = new Set([...settings.leftOutLabels, ...settings.hostLabels, ...settings.kindLabels, 'id']);
  const critical = new Set(settings.criticalSeverities.map((word) => word.toLowerCase()));

  function hostOf(labels: WebhookAlert['labels'], hosts: readonly HostNames[]): string {
    const id = own(labels, 'id');
    // The instance of prometheus-pve-exporter is the node that was asked, not the one that is meant.
    const said = (id === undefined ? undefined : hostInId.expand(id, '$1')) ?? settings.hostLabels.map((name) => own(labels, name)).find((value) => value !== undefined);
    return said === undefined ? 'unknown' : knownHost(said, hosts);
  }

  /** The object, and whatever else tells this alert from another of its kind on the host. */
  function wholeObject(labels: WebhookAlert['labels']): string {
    const found = objectOf(labels);
    const rest = Object.entries(labels).filter(([name, value]) => value !== '' && !meaningless.has(name) && !(found?.used.includes(name) ?? false) && !(found?.object.startsWith('filesystem/') === true && name === 'device'));
    const more = rest.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join(',');
    const object = found?.object ?? 'host';
    return bounded(more === '' ? object : object === 'host' ? more : `${object},${more}`, maxObject);
  }

  function received({ status, labels, annotations, startsAt, endsAt, fingerprint }: WebhookAlert, hosts: readonly HostNames[], nowMs: number): ReceivedAlarm {
    const host = hostOf(labels, hosts);
    const kind = settings.kindLabels.map((name) => own(labels, name)).filter((value) => value !== undefined).join('/') || 'unnamed';
    const startedAtMs = timeOf(startsAt, nowMs) ?? nowMs;
    const object = wholeObject(labels);
    const says = ['summary', 'description', 'message', 'title'].map((name) => own(annotations, name)).find((text) => text !== undefined) ?? `${kind} on ${object === 'host' ? host : `${object} of ${host}`}`;
    const alarm: Alarm = {
      id: `alertmanager-${fingerprint}-${startedAtMs}`,
      kind,
      host,
      object,
      severity: critical.has((own(labels, 'severity') ?? '').toLowerCase()) ? 'critical' : 'warning',
      source: 'alertmanager',
      startedAtMs,
      raisedAtMs: startedAtMs,
      ...(status === 'resolved' && { resolvedAtMs: Math.max(startedAtMs, timeOf(endsAt, nowMs) ?? nowMs) }),
      says: bounded(says, 500),
      labels,
    };
    return { fingerprint, firing: status === 'firing', alarm };
  }

  return (body, hosts, nowMs) => {
    const payload = readPayload(body);
    const problem = (reason: SourceProblem['reason'], says: string): SourceProblem => ({ source: sourceName, reason, says });
    if (typeof payload === 'string') return { alarms: [], heartbeats: [], problems: [problem('not-understood', `A notification could not be read: ${payload}.`)] };
    const { alerts, truncated, beyondBound, malformed, receiver } = payload;
    const isIgnored = ({ labels }: WebhookAlert): boolean => settings.ignoredNames.includes(own(labels, 'alertname') ?? '') || settings.ignoredSeverities.includes((own(labels, 'severity') ?? '').toLowerCase());
    const problems = [
      ...(truncated > 0 ? [problem('left-out', `Alertmanager left ${truncated} alerts out of a notification to ${receiver}; set max_alerts: 0 there.`)] : []),
      ...(beyondBound > 0 ? [problem('too-large', `A notification to ${receiver} has ${beyondBound} alerts more than are taken in at once.`)] : []),
      ...(malformed > 0 ? [problem('not-understood', `${malformed} alerts of a notification to ${receiver} could not be read.`)] : []),
    ];
    return {
      alarms: alerts.filter((alert) => !isIgnored(alert)).map((alert) => received(alert, hosts, nowMs)),
      heartbeats: alerts.filter((alert) => isIgnored(alert) && alert.status === 'firing').map(({ labels }) => own(labels, 'alertname') ?? 'unnamed'),
      problems,
    };
  };
}
