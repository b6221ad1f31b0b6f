import { expositionText, type MetricFamily } from '../lib/exposition/writer.ts';
import type { ServerContext } from './context.ts';

/** The server's own metrics in Prometheus' text format (version 0.0.4). */
export function metricsPage({ surveillance, history, outbox, selfWatch, version }: ServerContext): string {
  const { taken, refused } = surveillance.samples.stats();
  const stats = history.stats();
  const { channels } = outbox.status();
  const incidents = surveillance.incidents.incidents().filter(({ mergedInto }) => mergedInto === undefined);
  const alarms = surveillance.incidents.standingAlarms();
  const { waiting, running } = surveillance.investigations.counts;
  const one = (value: number): MetricFamily['samples'] => [{ value }];
  const byState = ['open', 'investigating', 'explained', 'mitigated', 'reopened'].map((state) => ({ labels: { state }, value: incidents.filter((incident) => incident.state === state).length }));
  const bySeverity = ['warning', 'critical'].map((severity) => ({ labels: { severity }, value: alarms.filter((alarm) => alarm.severity === severity).length }));
  const perChannel = (value: (channel: (typeof channels)[number]) => number): MetricFamily['samples'] => channels.map((channel) => ({ labels: { channel: channel.name }, value: value(channel) }));
  return expositionText([
    { name: 'culprit_build_info', type: 'gauge', help: 'Version of the server.', samples: [{ labels: { version }, value: 1 }] },
    { name: 'culprit_samples_taken_total', type: 'counter', help: 'Samples that sources brought.', samples: one(taken) },
    { name: 'culprit_samples_refused_total', type: 'counter', help: 'Samples that the history did not take.', samples: one(refused) },
    { name: 'culprit_source_problems', type: 'gauge', help: 'Troubles of sources just now.', samples: one(surveillance.samples.problems().length) },
    { name: 'culprit_history_bytes', type: 'gauge', help: 'Size of the history on the disk.', samples: one(stats.bytesOnDisk) },
    { name: 'culprit_history_buffered_samples', type: 'gauge', help: 'Samples in memory that are not yet on the disk.', samples: one(stats.bufferedSamples) },
    { name: 'culprit_alarms_standing', type: 'gauge', help: 'Alarms that stand.', samples: bySeverity },
    { name: 'culprit_incidents_open', type: 'gauge', help: 'Incidents that are not over.', samples: byState },
    { name: 'culprit_investigations', type: 'gauge', help: 'Incidents that wait for a look, and that are looked into.', samples: [{ labels: { state: 'waiting' }, value: waiting }, { labels: { state: 'running' }, value: running }] },
    { name: 'culprit_messages_waiting', type: 'gauge', help: 'Messages that are not delivered yet.', samples: perChannel((channel) => channel.waiting) },
    { name: 'culprit_messages_delivered_total', type: 'counter', help: 'Messages that were delivered since the start.', samples: perChannel((channel) => channel.delivered) },
    { name: 'culprit_message_attempts_failed_total', type: 'counter', help: 'Attempts to deliver that failed since the start.', samples: perChannel((channel) => channel.failedAttempts) },
    { name: 'culprit_self_problems', type: 'gauge', help: 'What is wrong with the server itself just now.', samples: one(selfWatch.problems().length) },
  ], 'text');
}
