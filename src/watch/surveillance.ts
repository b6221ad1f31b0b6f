import type { AlarmKind } from '../define/alarm-kind.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Report } from '../define/report.ts';
import type { Topology } from '../define/topology.ts';
import type { EmbeddedHistory } from '../history/embedded/embedded-history.ts';
import type { Outbox } from '../notify/outbox.ts';
import { saveCase } from '../store/knowledge.ts';
import type { Store } from '../store/open.ts';
import { AlarmWatch } from './alarms/alarm-watch.ts';
import type { AlarmHappening } from './alarms/host-alarms.ts';
import { keepLearned, readLearned } from './alarms/learned-in-store.ts';
import { choiceOf } from './alarms/kind-choice.ts';
import { learnFromHistory } from './alarms/warm-up.ts';
import { AlertmanagerAlarms } from './alertmanager-alarms.ts';
import { Discovery, traitMetrics } from './discovery/discovery.ts';
import { IncidentLog } from './incident-log.ts';
import type { Transition } from './incidents/state.ts';
import { Investigations } from './investigations/investigations.ts';
import { lookAtHost, type LookOptions } from './investigations/look-at-host.ts';
import { othersSeen } from './investigations/others-seen.ts';
import type { Log } from './log.ts';
import { newsWriter, type NewsOptions } from './news.ts';
import { RecentSamples, secondsOfMetrics } from './recent-samples.ts';
import { SamplesIn } from './samples-in.ts';
import type { HostSettings, WatchSettings } from './settings.ts';
import { alertmanagerReceiver, type ReceivedNotification } from './sources/alertmanager-webhook/webhook.ts';
import { alertmanagerSettingsSchema } from './sources/alertmanager-webhook/settings.ts';
import type { WatchClock } from './sources/clock.ts';
import { startSources, type Sources } from './sources/start.ts';

export interface SurveillanceOptions {
  readonly settings: WatchSettings;
  readonly catalog: Catalog;
  readonly kinds: readonly AlarmKind[];
  readonly clock: WatchClock;
  readonly store: Store;
  readonly outbox: Outbox;
  /** Keeps all samples; without one, alarms see the last minutes only. */
  readonly history?: EmbeddedHistory;
  readonly historyOf: LookOptions['historyOf'];
  readonly casesFolder: string;
  readonly culpritVersion: string;
  readonly news: Pick<NewsOptions, 'timeZone' | 'urlOf'>;
  readonly chance: () => number;
  readonly log: Log;
  /** Looks at a host; a test may have its own. */
  readonly lookAt?: typeof lookAtHost;
}

const tickMs = 1_000;
const saveLearnedEveryMs = 3_600_000;
const readSuppressionsEveryMs = 60_000;

/** The whole of watching: samples come in, alarms go off and are joined to incidents, incidents are looked into, and people are told. */
export class Surveillance {
  readonly #options: SurveillanceOptions;
  readonly #samples: SamplesIn;
  readonly #recent: RecentSamples;
  readonly #discovery: Discovery;
  readonly #incidents: IncidentLog;
  readonly #investigations: Investigations;
  readonly #receive: ReturnType<typeof alertmanagerReceiver>;
  readonly #reports = new Map<string, Report>();
  readonly #listeners = new Set<(transitions: readonly Transition[]) => void>();
  #alarms!: AlarmWatch;
  #alertmanager = new AlertmanagerAlarms([]);
  #sources: Sources | undefined;
  #cancelTick = (): void => undefined;
  readonly #ending = new AbortController();
  #warming: Promise<void> = Promise.resolve();
  #stopped = true;
  #ticking: Promise<void> = Promise.resolve();
  #savedLearnedAtMs = 0;
  #suppressionsAtMs = 0;
  #problem: string | undefined;

  constructor(options: SurveillanceOptions) {
    this.#options = options;
    const { settings, clock, kinds, store, outbox, catalog, culpritVersion, casesFolder, historyOf, log } = options;
    this.#recent = new RecentSamples({ secondsOf: secondsOfMetrics([...kinds, { metrics: traitMetrics }]), mostSeriesPerHost: settings.mostSeriesPerHost });
    this.#discovery = new Discovery(settings, this.#recent);
    this.#samples = new SamplesIn(this.#recent, options.history?.append, () => clock.nowMs());
    this.#receive = alertmanagerReceiver(settings.alertmanager ?? alertmanagerSettingsSchema.parse({}));
    const topology = (): Topology => this.#discovery.topology(clock.nowMs());
    const writeNews = newsWriter({ ...options.news, kinds, usual: (alarm) => this.#alarms.usual(alarm), history: options.history, reportOf: (incidentId) => this.#reports.get(incidentId), log });
    this.#incidents = new IncidentLog({
      store,
      topology,
      newsOf: writeNews,
      prepare: (notification) => outbox.prepare(notification),
      accept: (items) => outbox.accept(items),
      onTransitions: (transitions) => this.#act(transitions),
    });
    const look = options.lookAt ?? lookAtHost;
    const lookOptions: LookOptions = { catalog, settings, clock, culpritVersion, casesFolder, historyOf, othersOf: (host) => othersSeen(host, topology(), (one) => this.#recent.view(one, clock.nowMs())) };
    this.#investigations = new Investigations({
      hosts: settings.hosts,
      topology,
      atOnce: settings.investigations.atOnce,
      nowMs: () => clock.nowMs(),
      symptomOf: (kind) => kinds.find(({ id }) => id === kind)?.symptom,
      look: (host, symptoms, signal) => look(host, symptoms, lookOptions, signal),
      onStarted: (incidentId) => void this.#incidents.submit([{ kind: 'investigation-started', atMs: clock.nowMs(), incidentId }]),
      onExplained: (incidentId, { explanation, report }, cases) => {
        if (report !== undefined) this.#reports.set(incidentId, report);
        for (const one of cases) void store.write((db) => saveCase(db, one)).catch((error: unknown) => log('error', `The case ${one.name} is not in the index: ${String(error)}`));
        void this.#incidents.submit([{ kind: 'explained', atMs: clock.nowMs(), incidentId, explanation }]);
      },
      onError: (error) => log('error', `An investigation failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    });
  }

  /** Goes on where the last server ended, and begins to watch. */
  async start(): Promise<void> {
    const { settings, kinds, clock, store, culpritVersion, chance } = this.#options;
    const nowMs = clock.nowMs();
    const standing = await this.#incidents.restore(nowMs);
    this.#alertmanager = new AlertmanagerAlarms(standing);
    const hosts = settings.hosts.map(({ name }) => name);
    const learned = await readLearned(store);
    this.#alarms = new AlarmWatch({ hosts, kinds, settings: settings.alarms, recent: this.#recent, learned, standing });
    void this.#incidents.submit(this.#alarms.orphans(nowMs).map(({ kind, alarm }) => ({ kind, atMs: nowMs, alarm })));
    this.#savedLearnedAtMs = nowMs;
    this.#stopped = false;
    this.#sources = startSources({ settings, metrics: [...new Set([...traitMetrics, ...kinds.flatMap(({ metrics }) => metrics)])], clock, version: culpritVersion, chance, onLook: this.#samples.take, onInventory: (source, inventory) => this.#discovery.take(source, inventory, clock.nowMs()) });
    this.#arm();
    this.#warming = this.#warmUp(settings.hosts.filter(({ name }) => !learned.has(name)), nowMs);
  }

  /** Learns from the histories of hosts that are watched for the first time, one after the other, beside all else. */
  async #warmUp(hosts: readonly HostSettings[], nowMs: number): Promise<void> {
    const { settings, historyOf, log } = this.#options;
    const { signal } = this.#ending;
    const kinds = this.#options.kinds.map((kind) => ({ ...kind, forSeconds: choiceOf(kind, settings.alarms).forSeconds ?? kind.forSeconds }));
    for (const host of hosts) {
      try {
        const known = await historyOf(host, signal);
        const learned = known && (await learnFromHistory(kinds, known.history, { instance: known.instance }, nowMs, signal));
        if (learned !== undefined) this.#alarms.adopt(host.name, learned);
      } catch (error) {
        if (signal.aborted) return;
        log('warn', `What is usual on ${host.name} could not be learned from its history: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#cancelTick = this.#options.clock.after(tickMs, () => {
      this.#ticking = this.#tick().finally(() => this.#arm());
    });
  }

  async #tick(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    try {
      const happened = this.#alarms.look(nowMs);
      void this.#incidents.submit(happened.map(({ kind, alarm }) => ({ kind, atMs: nowMs, alarm })));
      await this.#incidents.step(nowMs);
      if (Math.abs(nowMs - this.#suppressionsAtMs) >= readSuppressionsEveryMs) {
        this.#suppressionsAtMs = nowMs;
        await this.#incidents.readSuppressions(nowMs);
      }
      if (Math.abs(nowMs - this.#savedLearnedAtMs) >= saveLearnedEveryMs) await this.#saveLearned(nowMs);
      this.#problem = undefined;
    } catch (error) {
      const says = error instanceof Error ? error.message : String(error);
      // The same trouble is told once.
      if (this.#problem !== says) this.#options.log('error', `What happened could not be saved, and is tried again: ${says}`);
      this.#problem = says;
    }
  }

  async #saveLearned(nowMs: number): Promise<void> {
    this.#savedLearnedAtMs = nowMs;
    await keepLearned(this.#options.store, this.#options.settings.hosts.map(({ name }) => name), (host) => this.#alarms.learnedOf(host), nowMs);
  }

  #act(transitions: readonly Transition[]): void {
    for (const { kind, incident } of transitions) {
      if (kind === 'investigate') this.#investigations.request(incident.id, this.#incidents.alarmsOf(incident));
      if (kind === 'resolved') this.#reports.delete(incident.id);
    }
    for (const listener of this.#listeners) listener(transitions);
  }

  /** Takes in the body of a webhook of Alertmanager; resolves when its alerts are saved. */
  async receiveAlerts(body: string): Promise<ReceivedNotification> {
    const nowMs = this.#options.clock.nowMs();
    const received = this.#receive(body, this.#options.settings.hosts, nowMs);
    const events = this.#alertmanager.events(received.alarms, nowMs);
    const saved = this.#incidents.submit(events);
    if (!this.#stopped) await saved;
    return received;
  }

  /** Takes in alarms about the server itself. */
  reportOwn(happened: readonly AlarmHappening[]): void {
    void this.#incidents.submit(happened.map(({ kind, alarm }) => ({ kind, atMs: this.#options.clock.nowMs(), alarm })));
  }

  /** Somebody says that an incident is dealt with, though alarms of it still stand. */
  async mitigate(incidentId: string, by: string): Promise<void> {
    await this.#incidents.submit([{ kind: 'mitigated', atMs: this.#options.clock.nowMs(), incidentId, by }]);
  }

  /** Calls with every step of incidents from now on, until the returned function is called. */
  subscribe(listener: (transitions: readonly Transition[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get incidents(): Pick<IncidentLog, 'incidents' | 'alarmsOf' | 'standingAlarms' | 'suppressions' | 'readSuppressions'> {
    return this.#incidents;
  }

  get alarms(): Pick<AlarmWatch, 'standings'> {
    return this.#alarms;
  }

  get discovery(): Pick<Discovery, 'placements' | 'guestsOf'> {
    return this.#discovery;
  }

  get samples(): Pick<SamplesIn, 'problems' | 'newestMs' | 'stats'> {
    return this.#samples;
  }

  get investigations(): Pick<Investigations, 'counts'> {
    return this.#investigations;
  }

  /** Why what happens cannot be saved just now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ending.abort();
    this.#cancelTick();
    await Promise.all([this.#sources?.stop(), this.#investigations.stop(), this.#warming]);
    await this.#ticking;
    const nowMs = this.#options.clock.nowMs();
    await this.#incidents.step(nowMs).catch(() => undefined);
    await this.#saveLearned(nowMs).catch(() => undefined);
  }
}
