import { UserError } from '../../../define/errors.ts';
import type { History } from '../../../define/history.ts';
import type { Series } from '../../../define/series.ts';
import { findInstance, type HostNames } from '../../../history/exporter-instance.ts';
import { prometheusHistory } from '../../../history/prometheus.ts';
import { prometheusRecent } from '../../../history/prometheus-recent.ts';
import type { WatchClock } from '../clock.ts';
import type { Look, SourceProblem } from '../look.ts';
import { lookbackMs, RecentState } from './recent-state.ts';
import { accessOf, type PrometheusSourceSettings } from './settings.ts';

const sourceName = 'prometheus';
/** How far back a host is looked for, and how often one that was not found is looked for again. */
const knownWithinMs = 3_600_000;
const findAgainMs = 300_000;
/** Read for every host, whatever the kinds of alarm need. */
const always = ['up'];

const reasons: Readonly<Partial<Record<UserError['code'], SourceProblem['reason']>>> = {
  'history-not-permitted': 'turned-away',
  'history-not-understood': 'not-understood',
  'history-incomplete': 'cut-short',
  'history-too-large': 'too-large',
};

interface Watched {
  readonly host: HostNames;
  instance?: string;
  problem?: SourceProblem;
  readonly state: RecentState;
}

/**
 * Reads the samples of watched hosts from a server that scrapes them. Every sample is handed on once and with its own time; what the server does not answer for is a problem, and
 * nothing is handed on then: no batch is neither `up` nor down.
 */
export class PrometheusSource {
  readonly #settings: PrometheusSourceSettings;
  readonly #metrics: readonly string[];
  readonly #clock: WatchClock;
  readonly #history: History;
  readonly #recent: ReturnType<typeof prometheusRecent>;
  readonly #watched: readonly Watched[];
  #findAtMs = Number.NEGATIVE_INFINITY;

  /** `metrics`: what the kinds of alarm read. */
  constructor(settings: PrometheusSourceSettings, hosts: readonly HostNames[], metrics: readonly string[], clock: WatchClock) {
    this.#settings = settings;
    this.#metrics = [...new Set([...always, ...metrics, ...settings.metrics])].sort();
    this.#clock = clock;
    const options = accessOf(settings);
    this.#history = prometheusHistory({ ...options, maxSeries: 20_000 });
    this.#recent = prometheusRecent(options);
    this.#watched = hosts.map((host) => {
      const instance = settings.instances[host.name];
      return { host, state: new RecentState(), ...(instance !== undefined && { instance }) };
    });
  }

  /** Looks once for all hosts. Never throws. */
  async look(signal: AbortSignal): Promise<Look> {
    const atMs = this.#clock.nowMs();
    const problems: SourceProblem[] = [];
    try {
      await this.#findInstances(atMs, signal);
    } catch (error) {
      return { batches: [], problems: [this.#problemOf(error)] };
    }
    for (const { problem } of this.#watched) if (problem !== undefined) problems.push(problem);
    const found = this.#watched.filter(({ instance }) => instance !== undefined);
    const batches: Look['batches'][number][] = [];
    const parts = Math.ceil(found.length / this.#settings.hostsAQuestion);
    for (let part = 0; part < parts; part += 1) {
      const some = found.slice(part * this.#settings.hostsAQuestion, (part + 1) * this.#settings.hostsAQuestion);
      try {
        const answer = await this.#recent(this.#metrics, some.map(({ instance }) => instance!), atMs, this.#windowSeconds(some, atMs), signal);
        for (const one of some) batches.push(this.#batchOf(one, atMs, answer, problems));
      } catch (error) {
        problems.push(this.#problemOf(error, some.map(({ host }) => host.name)));
      }
    }
    return { batches, problems };
  }

  /** From the oldest of the newest samples on, with a margin for samples that come late; never beyond the lookback: what was missed while nobody looked is in the server's history. */
  #windowSeconds(some: readonly Watched[], atMs: number): number {
    const newest = some.map(({ state }) => state.newestMs);
    if (newest.some((one) => one === undefined)) return lookbackMs / 1_000;
    const sinceMs = atMs - Math.min(...newest.map((one) => one!));
    return Math.max(10, Math.min(lookbackMs, sinceMs + this.#settings.intervalSeconds * 1_000) / 1_000);
  }

  #batchOf({ host, instance, state }: Watched, atMs: number, answer: readonly Series[], problems: SourceProblem[]): Look['batches'][number] {
    const own = answer.filter(({ labels }) => labels.instance === instance);
    const down = own.filter(({ metric, values }) => metric === 'up' && values.at(-1) === 0).map(({ timesMs }) => timesMs.at(-1)!);
    const seen = new Map<string, Series>();
    let doubles = 0;
    for (const { metric, labels, timesMs, values } of own) {
      // `up` is of the job, not of the host.
      const kept = metric === 'up' ? labels : Object.fromEntries(Object.entries(labels).filter(([name]) => !this.#settings.dropLabels.includes(name)));
      const key = JSON.stringify([metric, kept]);
      if (seen.has(key)) doubles += 1;
      else seen.set(key, { metric, labels: kept, timesMs, values });
    }
    if (own.length === 0) problems.push(this.#hostProblem(host, 'not-found', `The Prometheus server at ${this.#settings.address} has no samples of ${host.name} (instance ${instance}) of the last five minutes.`));
    if (doubles > 0) problems.push(this.#hostProblem(host, 'left-out', `${doubles} series of ${host.name} differ only in the labels ${this.#settings.dropLabels.join(', ')}; the first of each was taken.`));
    return state.take(host.name, atMs, [...seen.values()], down.length === 0 ? undefined : Math.max(...down));
  }

  async #findInstances(atMs: number, signal: AbortSignal): Promise<void> {
    const missing = this.#watched.filter(({ instance }) => instance === undefined);
    if (missing.length === 0 || atMs < this.#findAtMs) return;
    // All hosts are found in the same answers.
    const answers = new Map<string, Promise<readonly Series[]>>();
    const once: History = {
      series: (selector, ...rest) => {
        const answer = answers.get(selector.metric) ?? this.#history.series(selector, ...rest);
        answers.set(selector.metric, answer);
        return answer;
      },
    };
    for (const one of missing) {
      const found = await findInstance(once, one.host, atMs - knownWithinMs, atMs, signal);
      delete one.problem;
      if (found.found === 'one') one.instance = found.instance;
      else if (found.found === 'several') one.problem = this.#hostProblem(one.host, 'not-found', `Several instances at ${this.#settings.address} may be ${one.host.name}: ${found.instances.slice(0, 5).join(', ')}. Name the right one in the settings.`);
      else one.problem = this.#hostProblem(one.host, 'not-found', `The Prometheus server at ${this.#settings.address} does not know ${one.host.name}. It knows ${found.known.length === 0 ? 'no host with node_exporter' : found.known.slice(0, 5).join(', ')}.`);
    }
    this.#findAtMs = atMs + findAgainMs;
  }

  #hostProblem({ name }: HostNames, reason: SourceProblem['reason'], says: string): SourceProblem {
    return { source: sourceName, host: name, reason, says };
  }

  #problemOf(error: unknown, hosts: readonly string[] = []): SourceProblem {
    const of = hosts.length > 0 && hosts.length < this.#watched.length ? ` Hosts: ${hosts.join(', ')}.` : '';
    if (!(error instanceof UserError)) return { source: sourceName, reason: 'cut-short', says: `The look at ${this.#settings.address} was broken off.${of}` };
    return { source: sourceName, reason: reasons[error.code] ?? 'not-reachable', says: `${error.message}${of}` };
  }
}
