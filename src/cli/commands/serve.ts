import pino from 'pino';
import { alarmKinds, catalog } from '../../catalog/index.ts';
import { readServerSettings } from '../../settings/read.ts';
import { startServer } from '../../server/start.ts';
import { serverDataFolder, settingsPath } from '../settings-path.ts';
import { version } from '../version.ts';

export interface ServeFlags {
  readonly config?: string;
  readonly data?: string;
}

/** `culprit serve`: watches until it is told to end. Returns the exit status. */
export async function serveAction({ config, data }: ServeFlags): Promise<number> {
  const path = settingsPath(config);
  const settings = readServerSettings(path, process.env);
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, pino.destination({ dest: 2, sync: true }));
  const server = await startServer({ settings, dataFolder: data ?? settings.dataFolder ?? serverDataFolder(), catalog, kinds: alarmKinds, version, log: (level, says, details) => logger[level](details ?? {}, says) });
  // On the terminal or in the journal, where only those look who may.
  if (server.firstStartToken !== undefined) process.stderr.write(`The first admin is made once with this token: ${server.firstStartToken}\n  POST ${server.address}/api/v1/first-start {"token", "name", "password"}\n`);
  const { hosts } = settings;
  logger.info({}, `Culprit ${version} watches ${hosts.length === 1 ? hosts[0]!.name : `${hosts.length} hosts`} with the settings of ${path ?? 'nobody: they are the defaults'}, at ${server.address}`);
  if (settings.channels.length === 0) logger.warn({}, 'Nobody is told of anything: the settings name no channel.');
  const reason = await ended(server.lost);
  logger.info({}, `Culprit ends: ${reason}.`);
  await server.stop();
  return server.lost.aborted ? 70 : 0;
}

function ended(lost: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(`it was told to (${signal})`));
    lost.addEventListener('abort', () => resolve('another server has taken over its database'), { once: true });
  });
}
