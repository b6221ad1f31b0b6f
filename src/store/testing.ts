import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../lib/testing.ts';

/** Folder with PostgreSQL's programs as Debian installs them, the newest version. */
function programFolder(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin').filter((folder) => ['initdb', 'postgres', 'pg_ctl'].every((program) => existsSync(join(folder, program))));
  return folders.sort((one, other) => Number(other.split('/')[4]) - Number(one.split('/')[4]))[0];
}

const idOf = (flag: string, user: string): number | undefined => {
  const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
};

/** PostgreSQL refuses to run as root: then it is run as the user that its package made, or as nobody. */
function unprivileged(): { uid?: number; gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', user), idOf('-g', user)];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

/** Why tests with PostgreSQL cannot run here; undefined when they can. */
export function postgresMissing(): string | undefined {
  if (programFolder() === undefined) return 'PostgreSQL is not installed (Debian package postgresql)';
  return unprivileged() === undefined ? 'there is no user to run PostgreSQL as, and it refuses root' : undefined;
}

/** A server of PostgreSQL with a folder of its own, on loopback and a socket in that folder. */
export interface Cluster {
  /** A new database, by its URL. */
  newDatabase(): Promise<string>;
  /** Ends it as a crash does, without a word to its clients. */
  crash(): void;
  start(): Promise<void>;
  stop(): void;
}

export async function startCluster(): Promise<Cluster> {
  const programs = programFolder()!;
  const user = unprivileged()!;
  const folder = mkdtempSync(join(tmpdir(), 'culprit-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined) for (const path of [folder, data]) chownSync(path, user.uid, user.gid!);
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: folder, TZ: 'UTC' }, encoding: 'utf8' as const };
  const run = (program: string, words: readonly string[]): void => {
    const { status, stderr } = spawnSync(join(programs, program), words, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  run('initdb', ['-D', data, '-U', 'culprit', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']);
  const port = await freePort();
  const url = (database: string): string => `postgres://culprit@127.0.0.1:${port}/${database}`;
  // Without fsync: these tests end processes, not machines.
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off', shared_buffers: '16MB', max_connections: 40, autovacuum: 'off' };
  let server: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(programs, 'postgres'), ['-D', data, ...words], { ...user, cwd: folder, env: options.env, stdio: 'ignore' });
    for (let tries = 0; tries < 1_200; tries += 1) {
      const client = new pg.Client({ connectionString: url('postgres'), connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      const answers = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => undefined);
      if (answers) return;
      if (server.exitCode !== null) throw new Error(`PostgreSQL has ended with ${server.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('PostgreSQL does not answer');
  };
  const crash = (): void => run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-t', '120']);
  await start();
  let number = 0;
  return {
    newDatabase: async () => {
      number += 1;
      const client = new pg.Client({ connectionString: url('postgres') });
      await client.connect();
      await client.query(`create database test${number}`);
      await client.end();
      return url(`test${number}`);
    },
    crash,
    start,
    stop: () => {
      if (server?.exitCode === null) crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A store of each kind for tests: `where` gives a new empty one. */
export interface Backend {
  readonly name: 'sqlite' | 'postgres';
  /** Why its tests are skipped. */
  readonly missing?: string;
  start(): Promise<void>;
  where(): Promise<string>;
  readonly cluster?: () => Cluster;
  stop(): void;
}

export function backends(): readonly Backend[] {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-store-'));
  let number = 0;
  let cluster: Cluster | undefined;
  const missing = postgresMissing();
  if (missing !== undefined) process.stderr.write(`Tests with PostgreSQL are skipped: ${missing}.\n`);
  return [
    {
      name: 'sqlite',
      start: async () => undefined,
      where: async () => {
        number += 1;
        return join(folder, `store${number}.sqlite`);
      },
      stop: () => rmSync(folder, { recursive: true, force: true }),
    },
    {
      name: 'postgres',
      ...(missing === undefined ? {} : { missing }),
      start: async () => {
        cluster = await startCluster();
      },
      where: () => cluster!.newDatabase(),
      cluster: () => cluster!,
      stop: () => cluster?.stop(),
    },
  ];
}
