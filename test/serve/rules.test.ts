import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { alarmKinds } from '../../src/catalog/index.ts';
import type { AlarmExample, AlarmKind, AlarmReading, SampleView } from '../../src/define/alarm-kind.ts';
import type { Series } from '../../src/define/series.ts';
import { openStore } from '../../src/store/open.ts';
import { keepLearned } from '../../src/watch/alarms/learned-in-store.ts';
import { LearnedLimits } from '../../src/watch/alarms/learned-limits.ts';
import { limitOf } from '../../src/watch/detect/limit.ts';
import { alertName, prometheusRules, valueOf, type RulesOptions } from '../../src/watch/rules/prometheus-rules.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'culprit-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasPromtool = existsSync('/usr/bin/promtool');

const stepSeconds = 15;
const instance = 'pve1:9100';
const rateWindow = '2m';
const spoken = alarmKinds.filter(({ promql }) => promql !== undefined);
/** What only Culprit measures is in no rule. */
const isExported = ({ series }: AlarmExample): boolean => series.every(({ metric }) => !metric.startsWith('culprit_') && !metric.endsWith(':rate'));

function viewOf({ series, nowMs }: AlarmExample): SampleView {
  return {
    nowMs,
    series: (metric, seconds) =>
      series
        .filter((one) => one.metric === metric)
        .map((one) => ({ ...one, from: one.timesMs.findIndex((atMs) => atMs >= nowMs - seconds * 1000) }))
        .filter(({ from }) => from >= 0)
        .map(({ from, timesMs, values, ...one }) => ({ ...one, timesMs: timesMs.slice(from), values: values.slice(from) })),
  };
}

const quoted = (text: string): string => JSON.stringify(text);
const labelsText = (labels: Readonly<Record<string, string>>): string => `{${Object.entries({ instance, ...labels }).map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}}`;

/** A series on the grid of a test: the newest sample of each moment, and then going on as it went last, so that an alarm lasts. */
function valuesOf({ timesMs, values }: Series, fromMs: number, nowMs: number, extraSteps: number): string {
  const steps = Math.round((nowMs - fromMs) / 1000 / stepSeconds);
  const known = Array.from({ length: steps + 1 }, (_, step) => {
    const at = timesMs.findLastIndex((timeMs) => timeMs <= fromMs + step * stepSeconds * 1000);
    return at < 0 ? undefined : values[at];
  });
  const last = known.at(-1) ?? 0;
  const [slope = 0, ...before] = [1, 2, 3].map((back) => (known.at(-back) ?? 0) - (known.at(-back - 1) ?? 0));
  const goesOn = before.every((one) => Math.abs(one - slope) < 1e-6);
  return [...known.map((value) => (value === undefined ? '_' : String(value))), ...Array.from({ length: extraSteps }, (_, step) => String(last + (goesOn ? slope : 0) * (step + 1)))].join(' ');
}

function objectLabels({ promql }: AlarmKind, object: string): Record<string, string> {
  const names = promql?.objectLabels ?? [];
  const rest = object.slice((promql?.objectPrefix ?? '').length);
  const parts = names.length === 1 ? [rest] : rest.split('/');
  return Object.fromEntries(names.map((name, index) => [name, parts[index] ?? '']));
}

const isBad = (kind: AlarmKind, reading: AlarmReading): boolean => {
  const { raiseAt } = limitOf(kind, reading, undefined);
  return kind.bad === 'above' ? reading.value > raiseAt : reading.value < raiseAt;
};

/** A unit test of Prometheus for one example: the expression gives what `measure` gives, and the alert goes off where the alarm would. */
function unitTest(kind: AlarmKind, example: AlarmExample): object {
  const { series, nowMs } = example;
  const fromMs = Math.min(nowMs - 120_000, ...series.flatMap(({ timesMs }) => timesMs.slice(0, 1)));
  const seconds = (nowMs - fromMs) / 1000;
  const extraSteps = Math.ceil(kind.forSeconds / stepSeconds) + 2;
  const readings = kind.measure(viewOf(example));
  return {
    interval: `${stepSeconds}s`,
    input_series: series.map((one) => ({ series: `${one.metric}${labelsText(one.labels)}`, values: valuesOf(one, fromMs, nowMs, extraSteps) })),
    promql_expr_test: [
      { expr: `round(${valueOf(kind.promql!, rateWindow)}, 0.001)`, eval_time: `${seconds}s`, exp_samples: readings.map(({ object, value }) => ({ labels: labelsText(objectLabels(kind, object)), value: Math.round(value * 1000) / 1000 })) },
      { expr: `count(ALERTS{alertname="${alertName(kind.id)}", alertstate="firing"}) or vector(0)`, eval_time: `${seconds + extraSteps * stepSeconds}s`, exp_samples: [{ labels: '{}', value: readings.filter((reading) => isBad(kind, reading)).length }] },
    ],
  };
}

function promtool(rules: object, tests: readonly object[]): { readonly status: number | null; readonly says: string } {
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules, { lineWidth: 0 }));
  writeFileSync(join(folder, 'tests.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: `${stepSeconds}s`, tests }, { lineWidth: 0 }));
  const { status, stdout, stderr } = spawnSync('/usr/bin/promtool', tests.length === 0 ? ['check', 'rules', join(folder, 'rules.yaml')] : ['test', 'rules', join(folder, 'tests.yaml')], { encoding: 'utf8' });
  return { status, says: `${stdout}${stderr}` };
}

const options: RulesOptions = { kinds: alarmKinds, choiceOf: () => ({ enabled: true }), instances: [], learned: [], rateWindow };

describe.skipIf(!hasPromtool)('the exported rules of Prometheus', { timeout: 120_000 }, () => {
  it('are rules that promtool finds nothing to say against', () => {
    expect(promtool(prometheusRules(options), [])).toEqual({ status: 0, says: expect.stringContaining(`SUCCESS: ${spoken.length} rules found`) as string });
  });

  it.each(spoken.map((kind) => [kind.id, kind] as const))('%s reads and raises in PromQL as it does here', (_, kind) => {
    const examples = [...kind.examples.raised, ...kind.examples.quiet].filter((one) => isExported(one) && one.series.length > 0);
    expect(examples.length).toBeGreaterThan(0);
    const { status, says } = promtool(prometheusRules(options), examples.map((example) => unitTest(kind, example)));
    expect(status, says).toBe(0);
  });

  it('hold a learned limit at its hours, and the fixed one where nothing was learned', () => {
    const learned = [{ kind: 'io-delay', instance, object: 'host', hours: [{ fromHour: 0, toHour: 100, limit: 20 }, { fromHour: 100, toHour: 168, limit: 50 }] }];
    const waiting = (of: string) => ['iowait', 'idle'].map((mode) => ({ series: `node_cpu_seconds_total{instance="${of}", cpu="0", mode="${mode}"}`, values: `0+${mode === 'iowait' ? 18 : 42}x400` }));
    const firing = (evalTime: string, instances: readonly string[]) => ({ expr: 'count by (instance) (ALERTS{alertname="CulpritIoDelay", alertstate="firing"})', eval_time: evalTime, exp_samples: instances.map((of) => ({ labels: `{instance="${of}"}`, value: 1 })) });
    // Times of such tests begin on 1 January 1970, a Thursday: hour 96 of the week.
    const tests = [{ interval: '1m', input_series: [...waiting(instance), ...waiting('pve2:9100')], promql_expr_test: [firing('20m', [instance, 'pve2:9100']), firing('5h', ['pve2:9100'])] }];
    const { status, says } = promtool(prometheusRules({ ...options, learned, rateWindow: '5m' }), tests);
    expect(status, says).toBe(0);
  });

  it('keep a learned limit within its bounds where the fixed one differs from host to host', () => {
    const learned = [0.5, 100].map((limit, index) => ({ kind: 'high-load', instance: `host${index}:9100`, object: 'host', hours: [{ fromHour: 0, toHour: 168, limit }] }));
    const host = (of: string, load: number) => [{ series: `node_load5{instance="${of}"}`, values: `${load}x60` }, ...['0', '1'].map((cpu) => ({ series: `node_cpu_seconds_total{instance="${of}", cpu="${cpu}", mode="idle"}`, values: '0+60x60' }))];
    const firing = (instances: readonly string[]) => ({ expr: 'count by (instance) (ALERTS{alertname="CulpritHighLoad", alertstate="firing"})', eval_time: '30m', exp_samples: instances.map((of) => ({ labels: `{instance="${of}"}`, value: 1 })) });
    const run = (first: number, second: number, instances: readonly string[]) => promtool(prometheusRules({ ...options, learned }), [{ interval: '1m', input_series: [...host('host0:9100', first), ...host('host1:9100', second)], promql_expr_test: [firing(instances)] }]);
    // Two processors: the fixed limit is 4, so nothing below 2 is raised, and all beyond 32.
    for (const [first, second, raised] of [[1.5, 30, []], [2.5, 33, ['host0:9100', 'host1:9100']]] as const) {
      const { status, says } = run(first, second, raised);
      expect(status, says).toBe(0);
    }
  });

  it('can be kept to the watched hosts', () => {
    const up = (of: string) => ({ series: `up{instance="${of}", job="node"}`, values: '0x60' });
    const tests = [{ interval: '1m', input_series: [up(instance), up('printer:9100')], promql_expr_test: [{ expr: 'count by (instance) (ALERTS{alertname="CulpritTargetMissing", alertstate="firing"})', eval_time: '10m', exp_samples: [{ labels: `{instance="${instance}"}`, value: 1 }] }] }];
    const { status, says } = promtool(prometheusRules({ ...options, instances: [instance] }), tests);
    expect(status, says).toBe(0);
  });
});

describe('culprit rules export', () => {
  const run = (words: readonly string[]) => spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), 'rules', 'export', ...words], { encoding: 'utf8' });

  it.skipIf(!hasPromtool)('writes what the server has learned, and a dashboard with the same expressions', { timeout: 120_000 }, async () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const nowMs = Date.now();
    const limits = new LearnedLimits();
    // Ten days with a busy hour each night.
    for (let atMs = nowMs - 10 * 86_400_000; atMs < nowMs; atMs += 60_000) limits.learn('io-delay', 'host', atMs, (new Date(atMs).getUTCHours() === 2 ? 12 : 2) + Math.sin(atMs / 7e5), { side: 'above', forMs: 300_000 });
    const store = await openStore(join(data, 'state.sqlite'), { asServer: true });
    await keepLearned(store, ['pve1'], () => limits, nowMs);
    await store.close();
    const config = join(folder, 'culprit.yaml');
    writeFileSync(config, 'hosts: [{ name: pve1, exporters: [{ url: "http://10.0.0.1:9100/metrics" }] }, { name: pve2, exporters: [{ url: "http://10.0.0.2:9100/metrics" }] }]\n');
    const { status, stdout, stderr } = run(['--config', config, '--data', data]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^# Alarms of Culprit as rules of Prometheus\. With 1 learned limits, as of /);
    const rules = parse(stdout) as { groups: { rules: { record?: string; expr: string; labels?: Record<string, string> }[] }[] };
    const limit = rules.groups[0]!.rules.find(({ record }) => record === 'culprit:learned_limit')!;
    expect(limit.labels).toEqual({ kind: 'io-delay', instance: '10.0.0.1:9100' });
    expect(promtool(rules, [])).toMatchObject({ status: 0 });
    const dashboard = JSON.parse(run(['--config', config, '--data', data, '--format', 'grafana']).stdout) as { panels: { title: string; targets: { expr: string }[] }[] };
    expect(dashboard.panels.map(({ title }) => title)).toEqual(spoken.map(({ title }) => title));
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions).toContain('culprit:learned_limit{kind="io-delay", instance=~"$instance"}');
    expect(promtool({ groups: [{ name: 'panels', rules: expressions.map((expr, index) => ({ record: `panel_${index}`, expr })) }] }, [])).toMatchObject({ status: 0 });
  });

  it('says that nothing was learned yet, and does not understand a time that is none', () => {
    const { status, stdout } = run(['--data', join(folder, 'nowhere')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# Alarms of Culprit as rules of Prometheus\. Nothing was learned yet: limits are fixed\./);
    expect(run(['--rate-window', '5 minutes'])).toMatchObject({ status: 64, stderr: expect.stringContaining('such as 90s, 5m or 1h') as string });
  });
});
