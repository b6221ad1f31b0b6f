import type { AlarmKind } from '../define/alarm-kind.ts';
import type { EmbeddedHistory } from '../history/embedded/embedded-history.ts';
import type { Outbox } from '../notify/outbox.ts';
import type { ServerSettings } from '../settings/server.ts';
import type { Store } from '../store/open.ts';
import type { WatchClock } from '../watch/sources/clock.ts';
import type { Surveillance } from '../watch/surveillance.ts';
import type { Log } from '../watch/log.ts';
import type { OwnPlacesWatch } from './own-places-watch.ts';
import type { SelfWatch } from './self-watch.ts';

/** What the parts of the HTTP server stand on. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly surveillance: Surveillance;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly history: EmbeddedHistory;
  readonly kinds: readonly AlarmKind[];
  readonly casesFolder: string;
  readonly version: string;
  readonly clock: WatchClock;
  readonly selfWatch: SelfWatch;
  readonly ownPlaces: Pick<OwnPlacesWatch, 'warnings'>;
  readonly log: Log;
}
