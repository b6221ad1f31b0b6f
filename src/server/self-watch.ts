import type { EmbeddedHistory } from '../history/embedded/embedded-history.ts';
import type { Outbox } from '../notify/outbox.ts';
import type { Store } from '../store/open.ts';
import type { WatchClock } from '../watch/sources/clock.ts';
import type { Surveillance } from '../watch/surveillance.ts';
import type { Log } from '../watch/log.ts';
import { OwnAlarms } from './own-alarms.ts';

/** Something that is wrong with the server itself. */
export interface SelfProblem {
  readonly id: 'clock' | 'history' | 'state' | 'channel' | 'lost';
  readonly says: string;
  /** What of the server, where it has several. */
  readonly object?: string;
}

export interface SelfWatchOptions {
  readonly clock: WatchClock;
  readonly surveillance: Pick<Surveillance, 'problem' | 'samples' | 'reportOwn'>;
  readonly history: Pick<EmbeddedHistory, 'stats'>;
  readonly outbox: Pick<Outbox, 'status'>;
  readonly store: Pick<Store, 'awaySeconds' | 'lost'>;
  readonly heartbeat?: { readonly url: string; readonly intervalSeconds: number } | undefined;
  readonly log: Log;
  readonly fetch?: typeof fetch;
}

const lookEveryMs = 5_000;
/** Steps of the clock on the wall against the one that only goes forward. */
const clockStepMs = 10_000;
const clockRemembersMs = 15 * 60_000;
/** A moment without the database is everyday life: it is asked again at once. */
const awaySeconds = 3;
const channelFailsMs = 10 * 60_000;

/** Watches the server itself: its disk, its database, its channels and its clock; and tells a dead man's switch that it lives, as long as all of that is well. */
export class SelfWatch {
  readonly #options: SelfWatchOptions;
  #cancel = (): void => undefined;
  #stopped = true;
  #last: { readonly nowMs: number; readonly monotonicMs: number } | undefined;
  #stepped: { readonly atMs: number; readonly byMs: number } | undefined;
  #heartbeatAtMs = -Infinity;
  #heartbeatFailure: string | undefined;
  #told = '';
  readonly #alarms = new OwnAlarms();

  constructor(options: SelfWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.#look();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Why the dead man's switch could not be reached. */
  get heartbeatFailure(): string | undefined {
    return this.#heartbeatFailure;
  }

  /** What is wrong just now. */
  problems(): SelfProblem[] {
    const { surveillance, history, outbox, store, clock } = this.#options;
    const found: SelfProblem[] = [];
    if (store.lost.aborted) found.push({ id: 'lost', says: 'Another server has taken over the database; this one saves nothing any more.' });
    if (surveillance.problem !== undefined) found.push({ id: 'state', says: `What happens cannot be saved, and is tried again: ${surveillance.problem}` });
    else if ((store.awaySeconds ?? 0) >= awaySeconds) found.push({ id: 'state', says: 'The database does not answer, and is asked again and again.' });
    const { refusal, compactionFailure } = history.stats();
    if (refusal !== undefined) found.push({ id: 'history', says: `Samples are not taken: ${refusal.message}` });
    if (compactionFailure !== undefined) found.push({ id: 'history', says: `A day of samples could not be put away, and is tried again: ${compactionFailure}` });
    const status = outbox.status();
    if (status.store.problem !== undefined) found.push({ id: 'state', says: `Messages cannot be saved, and are sent all the same: ${status.store.problem}` });
    for (const { name, failing, oldestSeconds, lastError } of status.channels) {
      if (failing && (oldestSeconds ?? 0) * 1_000 >= channelFailsMs) found.push({ id: 'channel', object: `channel/${name}`, says: `The channel ${name} has not taken a message for ${Math.round((oldestSeconds ?? 0) / 60)} min: ${lastError?.reason ?? 'unknown'}` });
    }
    const stepped = this.#stepped;
    if (stepped !== undefined && clock.monotonicMs() - stepped.atMs < clockRemembersMs) found.push({ id: 'clock', says: `The clock of this machine was set by ${(stepped.byMs / 1_000).toFixed(0)} s; times of alarms around then are off.` });
    return found;
  }

  #look(): void {
    if (this.#stopped) return;
    const { clock, log, heartbeat } = this.#options;
    const now = { nowMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
    if (this.#last !== undefined) {
      const byMs = now.nowMs - this.#last.nowMs - (now.monotonicMs - this.#last.monotonicMs);
      if (Math.abs(byMs) >= clockStepMs) this.#stepped = { atMs: now.monotonicMs, byMs };
    }
    this.#last = now;
    const problems = this.problems();
    const told = problems.map(({ says }) => says).join('\n');
    if (told !== this.#told) for (const { says } of problems) log('error', says);
    this.#told = told;
    this.#options.surveillance.reportOwn(this.#alarms.look(problems, now.nowMs));
    if (heartbeat !== undefined && problems.every(({ id }) => id === 'clock') && now.monotonicMs - this.#heartbeatAtMs >= heartbeat.intervalSeconds * 1_000) {
      this.#heartbeatAtMs = now.monotonicMs;
      void this.#beat(heartbeat.url);
    }
    this.#cancel = clock.after(lookEveryMs, () => this.#look());
  }

  async #beat(url: string): Promise<void> {
    const before = this.#heartbeatFailure;
    try {
      const answer = await (this.#options.fetch ?? fetch)(url, { signal: AbortSignal.timeout(10_000), redirect: 'error' });
      await answer.body?.cancel();
      this.#heartbeatFailure = answer.ok ? undefined : `it answered ${answer.status}`;
    } catch (error) {
      this.#heartbeatFailure = error instanceof Error && error.name === 'TimeoutError' ? 'it did not answer within 10 s' : 'it cannot be reached';
    }
    // The address is a secret.
    if (this.#heartbeatFailure !== undefined && before === undefined) this.#options.log('warn', `The dead man's switch could not be told that all is well: ${this.#heartbeatFailure}.`);
  }
}
