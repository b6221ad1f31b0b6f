/**
 * When alarms belong together, and when somebody is told. Windows are between the beginnings of alarms, not between their arrivals. Chosen by reasoning, before
 * anything was measured; the reasons stand beside them.
 */
export interface JoinSettings {
  /** An alarm that belongs to no incident waits so long for others: two scrapes of 15 s at different phases differ by no more than 15 s, and 5 s are for the way. */
  readonly settleMs: number;
  /** Joining is looked at so often at most. */
  readonly passEveryMs: number;
  /** Alarms of one host whose beginnings follow within this are one trouble: the longest time that the kinds of alarm have to last is about this. */
  readonly hostWindowMs: number;
  /** The same for one object, or objects that stand on each other: a pool may be slow for long before a guest on it gives up. */
  readonly relatedWindowMs: number;
  /** A guest that is watched by itself, and its node. Narrower than on one host, since either may be in trouble of its own. */
  readonly guestWindowMs: number;
  /** Hosts that share something fail within this when it fails: the same kind of alarm, so the same time that it has to last. */
  readonly sharedWindowMs: number;
  /** The same for something that only two hosts share, where two are all the evidence that there can be. */
  readonly sharedByTwoWindowMs: number;
  /** The same alarm on the same object that comes back within this after its end is the same trouble. */
  readonly sameWindowMs: number;
  /** An alarm that came back more often than this within `sameWindowMs` each flaps: its coming says nothing any more about what else begins then. */
  readonly flapCount: number;
  /** An incident is over when no alarm has stood for so long; doubled for each time that it was reopened, up to the longest. */
  readonly quietMs: number;
  readonly longestQuietMs: number;
  /** An alarm that arrives so late is still joined by its beginning. After that, what came or ended so long ago draws in nothing but its own return. */
  readonly lateMs: number;
  /** So long after its end an incident, or an alarm, is kept in mind: longer than `lateMs` by `flapCount` times `sameWindowMs` at least, or what flaps would be taken for new. */
  readonly forgetMs: number;
  /** So long the first message waits for the verdict. */
  readonly verdictWaitMs: number;
  /** What has changed is told so often at most. */
  readonly changedEveryMs: number;
  /** An incident is investigated again so soon at the earliest, and an investigation of which nothing is heard is given up after its limit. */
  readonly investigateEveryMs: number;
  readonly investigationLimitMs: number;
  /** Kinds that say that a host is silent, by our name and those of common rule sets. */
  readonly silentKinds: readonly string[];
  /** Chance that a host that shares a failed thing raises a given alarm; and that it does at that time for another reason, while much is going on. */
  readonly hitIfShared: number;
  readonly hitOtherwise: number;
  /** Log odds that are needed before a shared thing is believed to have failed: 1,000 to 1. */
  readonly sharedLogOdds: number;
}

const minuteMs = 60_000;

export const defaultJoinSettings: JoinSettings = {
  settleMs: 20_000,
  passEveryMs: 1_000,
  hostWindowMs: 10 * minuteMs,
  relatedWindowMs: 60 * minuteMs,
  guestWindowMs: 5 * minuteMs,
  sharedWindowMs: 2 * minuteMs,
  sharedByTwoWindowMs: 30_000,
  sameWindowMs: 60 * minuteMs,
  flapCount: 3,
  quietMs: 5 * minuteMs,
  longestQuietMs: 60 * minuteMs,
  lateMs: 120 * minuteMs,
  forgetMs: 360 * minuteMs,
  verdictWaitMs: minuteMs,
  changedEveryMs: 5 * minuteMs,
  investigateEveryMs: 2 * minuteMs,
  investigationLimitMs: 15 * minuteMs,
  silentKinds: ['target-missing', 'guest-down', 'TargetDown', 'InstanceDown', 'HostDown', 'NodeDown', 'NodeExporterDown'],
  hitIfShared: 0.95,
  hitOtherwise: 0.02,
  sharedLogOdds: Math.log(1_000),
};
