import type { Severity } from './alarm.ts';

/** The server itself, where alarms name a host. */
export const ownHost = 'culprit-server';

/** Kinds of alarm about the server itself, by what is wrong. What keeps it from saving anything cannot become an alarm: its log says that, and its heartbeat ends. */
export const ownAlarmKinds: Readonly<Record<'history' | 'channel' | 'clock', { readonly kind: string; readonly title: string; readonly severity: Severity }>> = {
  history: { kind: 'server-history', title: 'Culprit takes no samples', severity: 'critical' },
  channel: { kind: 'server-channel', title: 'A channel takes no messages', severity: 'critical' },
  clock: { kind: 'server-clock', title: 'The clock of Culprit was set', severity: 'warning' },
};
