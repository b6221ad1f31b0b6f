import type { AlarmKind } from '../../define/alarm-kind.ts';
import { valueOf } from './prometheus-rules.ts';

/** Units as Grafana calls them ("Standard units"). */
const units: Readonly<Record<string, string>> = { '%': 'percent', '% of the time': 'percent', 'ms': 'ms', 's': 's', '°C to the limit': 'celsius', 'errors/day': 'short' };
const columns = 2;
const [gridWidth, panelHeight] = [24, 8];

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

function panelOf(kind: AlarmKind, index: number, rateWindow: string, hasRules: boolean): object {
  const measure = kind.promql!;
  const labels = measure.objectLabels ?? [];
  const legend = labels.length === 0 ? '{{instance}}' : `{{instance}} ${labels.map((label) => `{{${label}}}`).join(' ')}`;
  const chosen = (expression: string): string => `(${expression}) and on (instance) up{instance=~"$instance"}`;
  const targets: Target[] = [{ refId: 'A', expr: chosen(valueOf(measure, rateWindow)), legendFormat: legend }];
  if (measure.fixedLimit !== undefined) targets.push({ refId: 'B', expr: chosen(measure.fixedLimit), legendFormat: `${legend} fixed limit` });
  if (kind.learned && hasRules) targets.push({ refId: 'C', expr: `culprit:learned_limit{kind="${kind.id}", instance=~"$instance"}`, legendFormat: `${legend} learned limit` });
  const steps = kind.fixedLimit === undefined ? [{ color: 'transparent', value: null }] : kind.bad === 'above' ? [{ color: 'transparent', value: null }, { color: 'red', value: kind.fixedLimit }] : [{ color: 'red', value: null }, { color: 'transparent', value: kind.fixedLimit }];
  const width = gridWidth / columns;
  return {
    id: index + 1,
    type: 'timeseries',
    title: kind.title,
    description: kind.about.replaceAll('\n', ' '),
    datasource: { type: 'prometheus', uid: '${datasource}' },
    gridPos: { h: panelHeight, w: width, x: (index % columns) * width, y: Math.floor(index / columns) * panelHeight },
    fieldConfig: {
      defaults: { unit: units[kind.unit] ?? 'short', custom: { lineWidth: 1, fillOpacity: 5, showPoints: 'never', thresholdsStyle: { mode: kind.fixedLimit === undefined ? 'off' : 'line' } }, thresholds: { mode: 'absolute', steps } },
      overrides: [{ matcher: { id: 'byRegexp', options: '.*limit$' }, properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } }, { id: 'custom.fillOpacity', value: 0 }] }],
    },
    options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: targets.map((target) => ({ ...target, datasource: { type: 'prometheus', uid: '${datasource}' } })),
  };
}

/** A dashboard of Grafana with a panel for each kind of alarm that PromQL can say: its value, its fixed limit and, where the exported rules are loaded, the learned one. */
export function grafanaDashboard(kinds: readonly AlarmKind[], { rateWindow, hasRules }: { readonly rateWindow: string; readonly hasRules: boolean }): object {
  const shown = kinds.filter(({ promql }) => promql !== undefined);
  return {
    title: 'Culprit: hosts',
    uid: 'culprit-hosts',
    tags: ['culprit'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'browser',
    time: { from: 'now-24h', to: 'now' },
    refresh: '1m',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        { name: 'instance', label: 'Host', type: 'query', datasource: { type: 'prometheus', uid: '${datasource}' }, query: { query: 'label_values(node_uname_info, instance)', refId: 'instances' }, definition: 'label_values(node_uname_info, instance)', refresh: 2, sort: 1, multi: true, includeAll: true, current: { text: 'All', value: '$__all' } },
      ],
    },
    panels: shown.map((kind, index) => panelOf(kind, index, rateWindow, hasRules)),
  };
}
