import type { Alarm } from '../define/alarm.ts';
import type { Incident } from '../define/incident.ts';
import type { Notification } from '../define/notification.ts';
import type { Suppression } from '../define/suppression.ts';
import type { Topology } from '../define/topology.ts';
import type { QueuedItem } from '../notify/outbox/state.ts';
import { openAffairs } from '../store/incidents.ts';
import type { Store } from '../store/open.ts';
import { recordStep } from '../store/record.ts';
import { suppressionsAfter } from '../store/suppressions.ts';
import { changesBetween } from './incidents/changes.ts';
import { join } from './incidents/join.ts';
import { defaultJoinSettings, type JoinSettings } from './incidents/settings.ts';
import { bookkeepingSchema, emptyJoinState, restoreJoinState, type JoinEvent, type JoinState, type Tracked, type Transition } from './incidents/state.ts';
import { messageOf } from './outbox-in-store.ts';

export interface IncidentLogOptions {
  readonly store: Store;
  readonly topology: () => Topology;
  readonly settings?: JoinSettings;
  /** The message of a transition that is to be told. */
  readonly newsOf: (transition: Transition, alarms: readonly Alarm[]) => Promise<Notification>;
  readonly prepare: (notification: Notification) => readonly QueuedItem[];
  readonly accept: (items: readonly QueuedItem[]) => void;
  /** After a step was saved. */
  readonly onTransitions: (transitions: readonly Transition[]) => void;
}

/** An investigation that was under way ended with the server that ran it. */
function lookAgain({ incident, bookkeeping }: Tracked): Tracked {
  const { askedAtMs, lastAskedAtMs: _, ...rest } = bookkeeping;
  return askedAtMs === undefined || incident.state === 'resolved' ? { incident, bookkeeping } : { incident, bookkeeping: { ...rest, investigationDue: true } };
}

/**
 * Takes in what happens, joins it to incidents, and saves each step with its messages as one. A step that could not be saved has not happened: its events are taken in again with the next.
 */
export class IncidentLog {
  readonly #options: IncidentLogOptions;
  readonly #settings: JoinSettings;
  readonly #alarms = new Map<string, Alarm>();
  #state: JoinState = emptyJoinState;
  #suppressions: readonly Suppression[] = [];
  #pending: { readonly event: JoinEvent; readonly done: () => void }[] = [];
  #stepping: Promise<void> = Promise.resolve();

  constructor(options: IncidentLogOptions) {
    this.#options = options;
    this.#settings = options.settings ?? defaultJoinSettings;
  }

  /** Goes on where the last server ended; returns the alarms that stand. */
  async restore(nowMs: number): Promise<readonly Alarm[]> {
    const { alarms, incidents } = await this.#options.store.read((db) => openAffairs(db, nowMs - this.#settings.forgetMs, bookkeepingSchema));
    this.#state = restoreJoinState(alarms, incidents.map(lookAgain));
    for (const { alarm } of alarms) this.#alarms.set(alarm.id, alarm);
    await this.readSuppressions(nowMs);
    return alarms.flatMap(({ alarm }) => (alarm.resolvedAtMs === undefined ? [alarm] : []));
  }

  async readSuppressions(nowMs: number): Promise<void> {
    this.#suppressions = await this.#options.store.read((db) => suppressionsAfter(db, nowMs));
  }

  get suppressions(): readonly Suppression[] {
    return this.#suppressions;
  }

  /** Incidents that are not over, or were not long ago. */
  incidents(): Incident[] {
    return [...this.#state.incidents.values()].map(({ incident }) => incident);
  }

  alarmsOf({ alarmIds }: Pick<Incident, 'alarmIds'>): Alarm[] {
    return alarmIds.flatMap((id) => this.#alarms.get(id) ?? []);
  }

  standingAlarms(): Alarm[] {
    return [...this.#alarms.values()].filter(({ resolvedAtMs }) => resolvedAtMs === undefined);
  }

  /** Resolves when the events are saved, which the next `step` does. */
  submit(events: readonly JoinEvent[]): Promise<void> {
    return new Promise((resolve) => {
      if (events.length === 0) return resolve();
      for (const [index, event] of events.entries()) this.#pending.push({ event, done: index === events.length - 1 ? resolve : () => undefined });
    });
  }

  /** Takes in all that was submitted, and the time. Steps follow each other; rejects when one could not be saved. */
  step(nowMs: number): Promise<void> {
    const next = this.#stepping.catch(() => undefined).then(() => this.#step(nowMs));
    this.#stepping = next;
    return next;
  }

  async #step(nowMs: number): Promise<void> {
    const taken = this.#pending;
    this.#pending = [];
    try {
      const events = [...taken.map(({ event }) => event), { kind: 'tick' as const, atMs: nowMs }];
      const after = join(this.#state, events, { topology: this.#options.topology(), suppressions: this.#suppressions, settings: this.#settings });
      const changes = changesBetween(this.#state, after.state, events);
      const items = await this.#messages(after.transitions, new Map(changes.alarms.map(({ alarm }) => [alarm.id, alarm])));
      await recordStep(this.#options.store, { ...changes, events: after.transitions, messages: items.map(messageOf) });
      this.#state = after.state;
      for (const { alarm } of changes.alarms) this.#alarms.set(alarm.id, alarm);
      if (changes.incidents.length > 0) this.#forget();
      this.#options.accept(items);
      for (const { done } of taken) done();
      if (after.transitions.length > 0) this.#options.onTransitions(after.transitions);
    } catch (error) {
      this.#pending = [...taken, ...this.#pending];
      throw error;
    }
  }

  /** `changed`: alarms as they are in the step that is not saved yet. */
  async #messages(transitions: readonly Transition[], changed: ReadonlyMap<string, Alarm>): Promise<readonly QueuedItem[]> {
    const items: QueuedItem[] = [];
    for (const transition of transitions) {
      if (transition.kind !== 'tell') continue;
      const notification = await this.#options.newsOf(transition, transition.incident.alarmIds.flatMap((id) => changed.get(id) ?? this.#alarms.get(id) ?? []));
      items.push(...this.#options.prepare(notification));
    }
    return items;
  }

  /** Alarms that joining has forgotten. */
  #forget(): void {
    const ofIncidents = new Set([...this.#state.incidents.values()].flatMap(({ incident }) => incident.alarmIds));
    for (const id of this.#alarms.keys()) if (!this.#state.members.has(id) && !ofIncidents.has(id)) this.#alarms.delete(id);
  }
}
