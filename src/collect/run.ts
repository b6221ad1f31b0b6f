import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Case, ProbeOutput } from '../define/case.ts';
import { UserError } from '../define/errors.ts';
import type { AnyProbe } from '../define/probe.ts';
import { targetName, type Target } from '../define/target.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { loadCase } from './case-file.ts';
import { expectedAnswers, FrameParser, withLost } from './frames.ts';
import { assembleScript, defaultTotalLimitSeconds, defaultWindowSeconds, orderProbes } from './script.ts';
import { sshArguments } from './ssh.ts';

export interface Clock {
  now(): Date;
  /** Milliseconds since any fixed moment; never goes back. */
  monotonicMs(): number;
}

export type CollectEvent =
  /** The host runs the script. */
  | { readonly kind: 'connected' }
  /** Counters were read once; the second reading follows after the quiet window. */
  | { readonly kind: 'window'; readonly seconds: number }
  | { readonly kind: 'answer'; readonly output: ProbeOutput; readonly done: number; readonly expected: number };

export interface CollectOptions {
  readonly givenSymptoms: readonly string[];
  readonly culpritVersion: string;
  readonly windowSeconds?: number;
  readonly totalLimitSeconds?: number;
  /** How long connecting may take; with a terminal the user may have to type a password meanwhile. */
  readonly connectLimitSeconds?: number;
  /** Ends the run early; the case then has the answers that came before. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: CollectEvent) => void;
  readonly clock: Clock;
}

const maxSaysBytes = 4_096;
/** For the script to clear up after the end of its input, before its process is killed. */
const graceMs = 3_000;

/** Asks a target all probes. A host that does not answer, or only in part, gives an incomplete case, never an exception. */
export async function collect(target: Target, probes: readonly AnyProbe[], options: CollectOptions): Promise<Case> {
  if (target.kind === 'case') return loadCase(target.path, probes);
  const startedAt = options.clock.now().toISOString();
  const startedMs = options.clock.monotonicMs();
  const run = await runScript(target, probes, options);
  const lastWords = run.says.split('\n').findLast((line) => line.trim() !== '');
  const note = run.started ? 'the connection ended before its answer' : `no connection${lastWords ? `: ${bounded(lastWords, 160)}` : ''}`;
  return {
    caseVersion: 1,
    culpritVersion: options.culpritVersion,
    target: targetName(target),
    startedAt,
    durationMs: Math.max(0, options.clock.monotonicMs() - startedMs),
    redacted: false,
    complete: run.complete,
    givenSymptoms: [...options.givenSymptoms],
    connection: { exitStatus: run.exitStatus, says: run.says },
    outputs: [...withLost(run.outputs, probes, note), ...run.askingClock],
  };
}

/**
 * The answer of the probe `asking-clock`: what this machine's clock showed when the host began to answer about its own. Within one machine
 * there is only one clock, and nothing to compare.
 */
function askingClock(hostClock: ProbeOutput, now: Date): ProbeOutput {
  const startedAt = (now.getTime() - hostClock.durationMs) / 1_000;
  return { probe: 'asking-clock', sample: 1, ended: 'done', exitStatus: 0, durationMs: 0, uptimeSeconds: hostClock.uptimeSeconds, note: '', stdout: `now=${startedAt.toFixed(3)}\n` };
}

interface ScriptRun {
  readonly outputs: readonly ProbeOutput[];
  /** One answer, or none. */
  readonly askingClock: readonly ProbeOutput[];
  readonly started: boolean;
  readonly complete: boolean;
  readonly exitStatus: number | null;
  readonly says: string;
}

function runScript(target: Exclude<Target, { kind: 'case' }>, probes: readonly AnyProbe[], options: CollectOptions): Promise<ScriptRun> {
  const nonce = randomBytes(16).toString('hex');
  const totalLimitSeconds = options.totalLimitSeconds ?? defaultTotalLimitSeconds;
  const windowSeconds = options.windowSeconds ?? defaultWindowSeconds;
  const script = assembleScript(probes, { sudo: target.sudo, windowSeconds, holdInput: true, nonce, totalLimitSeconds });
  const bounds = new Map(probes.map((probe) => [probe.id, probe.spec.maxBytes]));
  const parser = new FrameParser({ nonce, maxBytesOf: (probe) => bounds.get(probe) });
  const expected = expectedAnswers(probes).length;
  const earlyCount = orderProbes(probes).early.length;
  const hasWindow = orderProbes(probes).counters.length > 0;
  const interactive = process.stdin.isTTY === true;
  const connectLimitMs = (options.connectLimitSeconds ?? (interactive ? 180 : 30)) * 1_000;

  return new Promise((resolve, reject) => {
    const outputs: ProbeOutput[] = [];
    const clocks: ProbeOutput[] = [];
    const says: Buffer[] = [];
    let exitStatus: number | null = null;
    let connected = false;
    let ending = false;
    const child = start(target, interactive);
    let timer = setTimeout(end, connectLimitMs);

    function end(): void {
      if (ending) return;
      ending = true;
      child.stdin?.end();
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          kill(child, target.kind);
          finish();
        },
        connected || target.kind === 'local' ? graceMs : 0,
      );
    }
    function finish(): void {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
      child.stdout?.destroy();
      child.stderr?.destroy();
      const spoken = forTerminal(Buffer.concat(says).toString('utf8').replaceAll('\r', ''), 'keep');
      resolve({ outputs, askingClock: clocks, started: parser.started, complete: parser.complete, exitStatus, says: spoken.trim() });
    }
    function take(piece: Buffer): void {
      const arrived = parser.push(piece);
      if (parser.started && !connected) {
        connected = true;
        clearTimeout(timer);
        timer = setTimeout(end, (totalLimitSeconds + 20) * 1_000);
        options.onProgress?.({ kind: 'connected' });
        if (earlyCount === 0 && hasWindow) options.onProgress?.({ kind: 'window', seconds: windowSeconds });
      }
      for (const output of arrived) {
        outputs.push(output);
        if (output.probe === 'clock' && output.ended === 'done' && target.kind === 'ssh') clocks.push(askingClock(output, options.clock.now()));
        options.onProgress?.({ kind: 'answer', output, done: outputs.length, expected });
        if (outputs.length === earlyCount && hasWindow) options.onProgress?.({ kind: 'window', seconds: windowSeconds });
      }
      if (parser.complete) end();
    }

    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
      if (error.code === 'ENOENT' && target.kind === 'ssh') {
        reject(new UserError('ssh-not-installed', 'The command ssh is not installed on this machine.', 'Install the package openssh-client.'));
      } else reject(error);
    });
    child.on('exit', (status) => (exitStatus = status));
    child.on('close', finish);
    child.stdout!.on('data', take);
    child.stderr!.on('data', (piece: Buffer) => keepEnd(says, piece));
    child.stdin!.on('error', () => {});
    options.signal?.addEventListener('abort', end);
    child.stdin!.write(script);
    if (options.signal?.aborted) end();
  });
}

export function start(target: Exclude<Target, { kind: 'case' }>, interactive: boolean): ChildProcess {
  // A session of its own, so that the script leads its process group. Not for ssh: it asks for passwords at the terminal.
  if (target.kind === 'local') return spawn('sh', ['-s'], { stdio: 'pipe', detached: true });
  return spawn('ssh', [...sshArguments(target, interactive), 'exec sh -s'], { stdio: 'pipe' });
}

export function kill(child: ChildProcess, kind: 'local' | 'ssh'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (kind === 'local') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGTERM');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Keeps the last bytes: ssh's errors come after banners. */
function keepEnd(pieces: Buffer[], piece: Buffer): void {
  const all = Buffer.concat([...pieces, piece]);
  pieces.splice(0, pieces.length, all.subarray(Math.max(0, all.length - maxSaysBytes)));
}
