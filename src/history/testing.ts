import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../lib/testing.ts';

/** For tests: real servers on loopback, each with a folder of its own. */
export interface RunningServer {
  readonly address: string;
  stop(): Promise<void>;
}

async function answers(address: string, path: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server has ended with ${child.exitCode}`);
    const response = await fetch(`${address}${path}`).catch(() => undefined);
    if (response !== undefined && response.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server does not answer');
}

/** Starts a server in its folder, which goes with it, and waits until it answers. */
export async function start(folder: string, program: string, words: readonly string[], port: number, readyPath: string): Promise<RunningServer> {
  const child = spawn(program, words, { stdio: 'ignore', cwd: folder });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(address, readyPath, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, stop };
}

/** Prometheus with samples of the past, in OpenMetrics' text (times in seconds, `# EOF` at the end). `files` lie beside its configuration. */
export async function startPrometheus(openMetrics: string, words: readonly string[] = [], files: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-prometheus-'));
  for (const [name, text] of Object.entries({ 'prometheus.yml': 'global: {}\n', 'history.txt': openMetrics, ...files })) writeFileSync(join(folder, name), text);
  const filled = spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.txt'), join(folder, 'data')], { encoding: 'utf8' });
  if (filled.status !== 0) throw new Error(filled.stderr);
  const port = await freePort();
  return start(folder, 'prometheus', ['--config.file=prometheus.yml', '--storage.tsdb.path=data', '--storage.tsdb.retention.time=50y', `--web.listen-address=127.0.0.1:${port}`, ...words], port, '/-/ready');
}

/** VictoriaMetrics with samples of the past, in Prometheus' text with times in milliseconds. */
export async function startVictoriaMetrics(exposition: string): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-victoria-metrics-'));
  const port = await freePort();
  const server = await start(folder, 'victoria-metrics', ['-storageDataPath=data', `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=100y', '-memory.allowedBytes=64MB'], port, '/health');
  await fetch(`${server.address}/api/v1/import/prometheus`, { method: 'POST', body: exposition });
  await fetch(`${server.address}/internal/force_flush`);
  return server;
}
