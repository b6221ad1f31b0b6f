import type { Alarm } from '../../define/alarm.ts';
import type { AlarmKind } from '../../define/alarm-kind.ts';
import { ownHost } from '../../define/own-alarm.ts';
import { spreadHash } from '../sources/scheduler.ts';
import type { RecentSamples } from '../recent-samples.ts';
import type { AlarmsSettings } from '../settings.ts';
import { endedWithout, HostAlarms, type AlarmHappening, type KindChoice, type Standing } from './host-alarms.ts';
import { choiceOf } from './kind-choice.ts';
import { LearnedLimits, type Learned } from './learned-limits.ts';

export interface AlarmWatchOptions {
  readonly hosts: readonly string[];
  readonly kinds: readonly AlarmKind[];
  readonly settings: AlarmsSettings;
  readonly recent: RecentSamples;
  /** What was learned of each host before. */
  readonly learned: ReadonlyMap<string, Learned>;
  /** Alarms that stood when the server ended. */
  readonly standing: readonly Alarm[];
}

interface Watched {
  readonly alarms: HostAlarms;
  /** Seconds within the interval at which this host's turn is. */
  readonly phase: number;
  nextAtMs: number;
}

/** The alarms of all hosts, each looked at in its turn, so that the work is spread over the interval. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;
  readonly #hosts: ReadonlyMap<string, Watched>;
  readonly #kinds: readonly (readonly [AlarmKind, KindChoice])[];

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
    this.#kinds = options.kinds.map((kind) => [kind, choiceOf(kind, options.settings)]);
    this.#hosts = new Map(
      options.hosts.map((host) => {
        const alarms = new HostAlarms(host, new LearnedLimits(options.learned.get(host)), options.standing.filter((alarm) => alarm.host === host && alarm.source === 'culprit'));
        return [host, { alarms, phase: spreadHash(host) % Math.max(1, Math.round(options.settings.evaluateSeconds)), nextAtMs: -Infinity }];
      }),
    );
  }

  /** Alarms that stood when the server ended, and that nobody looks at any more by the settings as they are now: they end, and it is said why. */
  orphans(nowMs: number): AlarmHappening[] {
    const looked = new Set(this.#kinds.flatMap(([{ id }, { enabled }]) => (enabled ? [id] : [])));
    return this.#options.standing.flatMap((alarm): AlarmHappening[] => {
      if (alarm.source !== 'culprit') return [];
      const why = alarm.host === ownHost ? 'Culprit was started anew' : !this.#hosts.has(alarm.host) ? 'its host is no longer in the settings' : looked.has(alarm.kind) ? undefined : 'alarms of this kind are switched off in the settings';
      return why === undefined ? [] : [{ kind: 'resolved', alarm: endedWithout(alarm, nowMs, why) }];
    });
  }

  /** Looks at the hosts whose turn it is. */
  look(nowMs: number): AlarmHappening[] {
    const { settings, recent } = this.#options;
    const everyMs = settings.evaluateSeconds * 1_000;
    const happened: AlarmHappening[] = [];
    for (const [host, watched] of this.#hosts) {
      // A clock that was put back must not stop anything.
      if (nowMs < watched.nextAtMs && nowMs > watched.nextAtMs - 2 * everyMs) continue;
      watched.nextAtMs = (Math.floor((nowMs - watched.phase * 1_000) / everyMs) + 1) * everyMs + watched.phase * 1_000;
      const view = recent.view(host, nowMs);
      for (const [kind, choice] of this.#kinds) happened.push(...watched.alarms.look(kind, choice, view));
    }
    return happened;
  }

  /** How all objects of a host stand. */
  standings(host: string): readonly Standing[] {
    return this.#hosts.get(host)?.alarms.standings() ?? [];
  }

  /** What an alarm's value usually is at this hour, once that is known. */
  usual({ host, kind, object }: Pick<Alarm, 'host' | 'kind' | 'object'>): number | undefined {
    return this.standings(host).find((one) => one.kind === kind && one.object === object)?.usual;
  }

  learnedOf(host: string): LearnedLimits | undefined {
    return this.#hosts.get(host)?.alarms.learned;
  }

  /** Goes on with what a host's history taught. */
  adopt(host: string, learned: LearnedLimits): void {
    this.#hosts.get(host)?.alarms.adopt(learned);
  }
}
