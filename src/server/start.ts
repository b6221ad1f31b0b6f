import { mkdirSync, readdirSync, rmSync, statSync, accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { AlarmKind } from '../define/alarm-kind.ts';
import type { Catalog } from '../define/catalog.ts';
import { UserError } from '../define/errors.ts';
import { openEmbeddedHistory } from '../history/embedded/embedded-history.ts';
import { findInstance } from '../history/exporter-instance.ts';
import { prometheusHistory } from '../history/prometheus.ts';
import { chartPng } from '../notify/chart/chart-png.ts';
import { makeChannel } from '../notify/index.ts';
import { Outbox } from '../notify/outbox.ts';
import { systemClock as outboxClock } from '../notify/outbox/lane.ts';
import { digestOf } from '../notify/render.ts';
import { embeddedSettingsOf, timeZoneOf, type ServerSettings } from '../settings/server.ts';
import { forgetIncidents } from '../store/incidents.ts';
import { forgetCase } from '../store/knowledge.ts';
import { openStore, type Store } from '../store/open.ts';
import { forgetMessages } from '../store/outbox.ts';
import { removeExpired } from '../store/people.ts';
import type { LookOptions } from '../watch/investigations/look-at-host.ts';
import { accessOf } from '../watch/sources/prometheus/settings.ts';
import { OutboxInStore } from '../watch/outbox-in-store.ts';
import { systemClock } from '../watch/sources/clock.ts';
import { Surveillance } from '../watch/surveillance.ts';
import type { Log } from '../watch/log.ts';
import { buildApp } from './app.ts';
import type { ServerContext } from './context.ts';
import { firstStartToken } from './first-start.ts';
import { OwnPlacesWatch } from './own-places-watch.ts';
import { SelfWatch } from './self-watch.ts';

export interface StartOptions {
  readonly settings: ServerSettings;
  readonly dataFolder: string;
  readonly catalog: Catalog;
  readonly kinds: readonly AlarmKind[];
  readonly version: string;
  readonly log: Log;
}

export interface RunningServer {
  /** `http://127.0.0.1:9787` */
  readonly address: string;
  /** While nobody can log in: makes the first admin, once. */
  readonly firstStartToken: string | undefined;
  /** Aborted when the server has to end: another has taken over its database. */
  readonly lost: AbortSignal;
  stop(): Promise<void>;
}

const cleanEveryMs = 6 * 3_600_000;
const dayMs = 86_400_000;
const keepMessagesMs = 30 * dayMs;
const searchMs = 24 * 3_600_000;

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw new UserError('data-folder-not-usable', `The folder ${path} cannot be used: ${error instanceof Error ? error.message : 'unknown'}.`, 'Name another with --data, or give it to the user that Culprit runs as.');
  }
}

/** What has been measured of a host before: by the Prometheus server of the settings, or by ourselves. */
function historiesOf({ prometheus }: ServerSettings, own: Awaited<ReturnType<typeof openEmbeddedHistory>>): LookOptions['historyOf'] {
  if (prometheus === undefined) return async ({ name }) => ({ history: own.ofHost(name), instance: name });
  const { instances } = prometheus;
  const history = prometheusHistory(accessOf(prometheus));
  return async ({ name, addresses }, signal) => {
    const named = Object.hasOwn(instances, name) ? instances[name] : undefined;
    if (named !== undefined) return { history, instance: named };
    const nowMs = Date.now();
    const found = await findInstance(history, { name, addresses }, nowMs - searchMs, nowMs, signal);
    return found.found === 'one' ? { history, instance: found.instance } : undefined;
  };
}

/** Deletes cases and incidents that are too old, and what the store need not remember any more. */
async function clean(store: Store, casesFolder: string, { investigations: { keepCasesDays }, incidents: { keepDays } }: ServerSettings, nowMs: number): Promise<void> {
  for (const name of readdirSync(casesFolder).filter((one) => one.endsWith('.tgz'))) {
    const path = join(casesFolder, name);
    if (statSync(path).mtimeMs >= nowMs - keepCasesDays * dayMs) continue;
    rmSync(path, { force: true });
    await store.write((db) => forgetCase(db, name));
  }
  await store.write((db) => forgetMessages(db, nowMs - keepMessagesMs));
  await store.write((db) => removeExpired(db, nowMs));
  // In steps, so that nothing waits long for the database.
  while ((await store.write((db) => forgetIncidents(db, nowMs - keepDays * dayMs))) > 0);
}

/** Starts the whole server: opens what it knows, begins to watch, and listens. What fails on the way leaves nothing open. */
export async function startServer({ settings, dataFolder, catalog, kinds, version, log }: StartOptions): Promise<RunningServer> {
  const open: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of open.splice(0).reverse()) await close().catch((error: unknown) => log('error', `Something did not end as it should: ${String(error)}`));
  };
  try {
    const clock = systemClock;
    makeFolder(dataFolder);
    const casesFolder = makeFolder(join(dataFolder, 'cases'));
    const store = await openStore(settings.database ?? join(dataFolder, 'state.sqlite'), { asServer: true });
    open.push(() => store.close());
    const history = await openEmbeddedHistory(join(dataFolder, 'history'), { ...embeddedSettingsOf(settings), clock: () => clock.nowMs() });
    open.push(() => history.close());
    const timeZone = timeZoneOf(settings);
    const outbox = new Outbox({
      store: new OutboxInStore(store),
      channels: settings.channels.map((channel) => makeChannel(channel, { nowMs: () => clock.nowMs(), chartPng })),
      clock: outboxClock,
      random: Math.random,
      digestOf: (notifications, atMs) => digestOf(notifications, atMs, timeZone),
    });
    await outbox.start();
    open.push(() => outbox.stop());
    const { publicUrl } = settings.http;
    const surveillance = new Surveillance({
      settings,
      catalog,
      kinds,
      clock,
      store,
      outbox,
      history,
      historyOf: historiesOf(settings, history),
      casesFolder,
      culpritVersion: version,
      news: { timeZone, urlOf: (incidentId) => (publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}/incidents/${encodeURIComponent(incidentId)}`) },
      chance: Math.random,
      log,
    });
    await surveillance.start();
    open.push(() => surveillance.stop());
    const selfWatch = new SelfWatch({ clock, surveillance, history, outbox, store, heartbeat: settings.heartbeat, log });
    selfWatch.start();
    open.push(async () => selfWatch.stop());
    const ownPlaces = new OwnPlacesWatch(settings, surveillance, log);
    ownPlaces.start();
    open.push(async () => ownPlaces.stop());
    const context: ServerContext = { settings, surveillance, store, outbox, history, kinds, casesFolder, version, clock, selfWatch, ownPlaces, log };
    const app = await buildApp(context);
    open.push(() => app.close());
    await app.listen({ host: settings.http.address, port: settings.http.port }).catch((error: Error) => {
      throw new UserError('address-not-usable', `Culprit cannot listen at ${settings.http.address}, port ${settings.http.port}: ${error.message}.`, 'Choose another port with http.port, or end what has this one: ss -ltnp');
    });
    const cleaning = setInterval(() => void clean(store, casesFolder, settings, clock.nowMs()).catch((error: unknown) => log('warn', `Old cases could not be deleted: ${String(error)}`)), cleanEveryMs);
    cleaning.unref();
    open.push(async () => clearInterval(cleaning));
    const { address, port, family } = app.server.address() as AddressInfo;
    return { address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, firstStartToken: await firstStartToken(store), lost: store.lost, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
