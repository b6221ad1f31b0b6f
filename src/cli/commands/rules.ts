import { stringify } from 'yaml';
import { alarmKinds } from '../../catalog/index.ts';
import { learnedOfServer } from '../../server/learned.ts';
import { readServerSettings } from '../../settings/read.ts';
import type { ServerSettings } from '../../settings/server.ts';
import { choiceOf } from '../../watch/alarms/kind-choice.ts';
import { grafanaDashboard } from '../../watch/rules/grafana-dashboard.ts';
import { learnedRules } from '../../watch/rules/learned-rules.ts';
import { prometheusRules } from '../../watch/rules/prometheus-rules.ts';
import { serverDataFolder, settingsPath } from '../settings-path.ts';

export interface RulesExportFlags {
  readonly config?: string;
  readonly data?: string;
  readonly format: 'prometheus' | 'grafana';
  readonly rateWindow: string;
}

/** Label `instance` of each host in Prometheus: by the settings, by its exporter, else its name with node_exporter's port. */
function instancesOf({ hosts, prometheus }: ServerSettings): Map<string, string> {
  return new Map(hosts.map(({ name, exporters }) => {
    const [exporter] = exporters;
    const named = prometheus !== undefined && Object.hasOwn(prometheus.instances, name) ? prometheus.instances[name] : undefined;
    return [name, named ?? (exporter === undefined ? `${name}:9100` : new URL(exporter.url).host)];
  }));
}

/** `culprit rules export`: the kinds of alarm for those who have Prometheus and Grafana, with what `culprit serve` has learned. */
export async function rulesExportAction({ config, data, format, rateWindow }: RulesExportFlags): Promise<number> {
  const path = settingsPath(config);
  const settings = readServerSettings(path, process.env);
  const instances = instancesOf(settings);
  const choices = (kind: (typeof alarmKinds)[number]): ReturnType<typeof choiceOf> => choiceOf(kind, settings.alarms);
  const saved = await learnedOfServer(settings, data ?? settings.dataFolder ?? serverDataFolder());
  const nowMs = Date.now();
  const learned = [...saved].flatMap(([host, of]) => (instances.has(host) ? learnedRules(alarmKinds, choices, of, instances.get(host)!, nowMs) : []));
  if (format === 'grafana') {
    process.stdout.write(`${JSON.stringify(grafanaDashboard(alarmKinds.filter((kind) => choices(kind).enabled), { rateWindow, hasRules: learned.length > 0 }), undefined, 2)}\n`);
    return 0;
  }
  const rules = prometheusRules({ kinds: alarmKinds, choiceOf: choices, instances: path === undefined ? [] : [...instances.values()], learned, rateWindow });
  const remark = learned.length === 0 ? 'Nothing was learned yet: limits are fixed.' : `With ${learned.length} learned limits, as of ${new Date(nowMs).toISOString().slice(0, 16)}Z.`;
  process.stdout.write(`# Alarms of Culprit as rules of Prometheus. ${remark}\n${stringify(rules, { lineWidth: 0 })}`);
  return 0;
}
