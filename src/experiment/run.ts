import { randomBytes } from 'node:crypto';
import { FrameParser } from '../collect/frames.ts';
import { kill, start } from '../collect/run.ts';
import type { ProbeOutput } from '../define/case.ts';
import type { Target } from '../define/target.ts';
import { forTerminal } from '../lib/hostile-text.ts';
import { assembleExperiment, leftAnswer, type HostScript } from './host-script.ts';

export type HostTarget = Exclude<Target, { kind: 'case' }>;

/** What became of one experiment on a host. */
export interface ExperimentRun {
  /** As a probe's; `ended` is `timed-out` where it was ended early, and `note` says why; `lost` where the connection broke. */
  readonly output: ProbeOutput;
  /** What could not be removed, one thing each, by its own account. */
  readonly left: readonly string[];
}

export interface RunOptions extends Omit<HostScript, 'nonce' | 'sudo'> {
  readonly signal?: AbortSignal;
}

/** For what the host does beside measuring: starting, cleaning up. */
const marginSeconds = 60;

/**
 * Runs one experiment on a host. The end of our connection, for whatever reason, makes the host end the experiment and clean up by itself.
 * Never throws for what a host does; a broken connection gives an answer that is `lost`.
 */
export function runExperiment(target: HostTarget, options: RunOptions): Promise<ExperimentRun> {
  const nonce = randomBytes(16).toString('hex');
  const script = assembleExperiment({ ...options, nonce, sudo: target.sudo });
  const parser = new FrameParser({ nonce, maxBytesOf: (probe) => (probe === options.id ? options.maxBytes : probe === leftAnswer ? 4_096 : undefined) });
  return new Promise((resolve) => {
    const answers: ProbeOutput[] = [];
    const child = start(target, false);
    let ending = false;
    const timer = setTimeout(end, (options.limitSeconds + marginSeconds) * 1_000);
    let patience: NodeJS.Timeout | undefined;

    function end(): void {
      if (ending) return;
      ending = true;
      child.stdin?.end();
      // The host cleans up first, and then tells.
      patience = setTimeout(() => kill(child, target.kind), parser.complete ? 2_000 : marginSeconds * 1_000);
    }
    function finish(): void {
      clearTimeout(timer);
      clearTimeout(patience);
      options.signal?.removeEventListener('abort', end);
      const output = answers.find(({ probe }) => probe === options.id) ?? lost(options.id, parser.started);
      const left = (answers.find(({ probe }) => probe === leftAnswer)?.stdout ?? '').split('\n').map((line) => forTerminal(line).trim()).filter((line) => line !== '');
      resolve({ output, left });
    }
    child.stdout?.on('data', (piece: Buffer) => {
      answers.push(...parser.push(piece));
      if (parser.complete) end();
    });
    child.stderr?.resume();
    child.stdin?.on('error', () => {});
    child.on('error', finish);
    child.on('close', finish);
    options.signal?.addEventListener('abort', end);
    child.stdin?.write(script);
    if (options.signal?.aborted) end();
  });
}

function lost(id: string, started: boolean): ProbeOutput {
  const note = started ? 'the connection ended before its answer; the host cleans up by itself' : 'no connection';
  return { probe: id, sample: 1, ended: 'lost', exitStatus: 0, durationMs: 0, uptimeSeconds: 0, note, stdout: '' };
}
