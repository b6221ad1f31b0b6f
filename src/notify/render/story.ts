import type { Alarm } from '../../define/alarm.ts';
import type { Incident } from '../../define/incident.ts';
import type { Notification } from '../../define/notification.ts';
import type { Report } from '../../define/report.ts';

/** How alarms of a kind are called, and what is usual; from whoever knows the kinds. */
export interface AlarmWords {
  /** Such as `IO delay`. */
  readonly title?: (kind: string) => string | undefined;
  /** What this alarm's value usually is on its object, in its unit. */
  readonly usual?: (alarm: Alarm) => number | undefined;
}

/** What there is to tell of an incident. */
export interface IncidentNews {
  /** Unique; the same when the same news are rendered again. */
  readonly id: string;
  readonly kind: Extract<Notification['kind'], 'opened' | 'explained' | 'changed' | 'resolved' | 'reopened'>;
  readonly atMs: number;
  readonly incident: Incident;
  readonly alarms: readonly Alarm[];
  /** Of the newest investigation, where its case is at hand. */
  readonly report?: Report | undefined;
  readonly chartSvg?: string | undefined;
  /** Of the times in texts: a name of the IANA database. */
  readonly timeZone: string;
  /** Page of the incident. */
  readonly url?: string | undefined;
  readonly words?: AlarmWords | undefined;
}

export interface StoryCause {
  readonly title: string;
  readonly percent: string;
  readonly status: 'identified' | 'suspected';
  readonly objects: string;
  /** `PVK-001: title`. */
  readonly knownAs: readonly string[];
  readonly evidence: readonly string[];
}

export interface StoryWayOut {
  readonly title: string;
  readonly risk: string;
  readonly riskSays: string;
  readonly before: readonly string[];
  readonly commands: readonly string[];
}

export interface StoryAlarm {
  readonly time: string;
  readonly where: string;
  readonly says: string;
  /** When it ended; undefined while it stands. */
  readonly until: string | undefined;
  readonly critical: boolean;
}

/** What a message about an incident says, in the order in which it says it; clean texts, to be put into lines or markup. */
export interface Story {
  readonly kind: IncidentNews['kind'];
  readonly severity: Incident['severity'];
  /** Without the mark of the product. */
  readonly subject: string;
  readonly hosts: string;
  /** The most important first. */
  readonly verdict: readonly string[];
  readonly causes: readonly StoryCause[];
  readonly ruledOut: string | undefined;
  readonly doNow: readonly string[];
  readonly doNot: readonly string[];
  readonly waysOut: readonly StoryWayOut[];
  readonly alarms: readonly StoryAlarm[];
  readonly alarmsInAll: number;
  readonly timeZone: string;
  readonly changes: readonly { readonly time: string; readonly text: string }[];
  readonly incident: string;
  readonly url: string | undefined;
  readonly hasChart: boolean;
}
