import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { kill, start } from '../../../collect/run.ts';
import { parseTarget } from '../../../collect/target.ts';
import { seriesKey } from '../../../define/history.ts';
import type { Sample } from '../../../define/sample.ts';
import { hostOfDestination, type Target } from '../../../define/target.ts';
import { bounded, forTerminal } from '../../../lib/hostile-text.ts';
import type { WatchClock } from '../clock.ts';
import type { Look, SourceProblem } from '../look.ts';
import { maxFrameBytes, SamplerFrames, type SamplerFrame } from './frames.ts';
import { HostTime } from './host-time.ts';
import { samplerScript } from './script.ts';
import type { SshSamplerSettings } from './settings.ts';
import { samplesOf } from './write.ts';

type ShellTarget = Exclude<Target, { kind: 'case' }>;

export interface SamplerOptions {
  readonly host: string;
  readonly settings: SshSamplerSettings;
  readonly clock: WatchClock;
  /** Takes what came, as it comes. */
  readonly onLook: (look: Look) => void;
  /** From 0 to below 1: spreads reconnects, so that not all hosts are asked in the same second. */
  readonly chance: () => number;
  /** Runs `sh -s` on the target. */
  readonly startShell?: (target: ShellTarget) => ChildProcess;
}

const sourceName = 'ssh-sampler';
const firstPauseMs = 1_000;
const longestPauseMs = 300_000;
const maxSaysBytes = 4_096;
/** Bytes without a frame among them after which a host is given up. */
const mostNoiseBytes = 2 * maxFrameBytes;
/** Frames that may come at once after a pause of the network; then two each interval and kind. */
const frameReserve = 60;

interface Known {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  seenMs: number;
  readonly slow: boolean;
}

/** Keeps one connection to a host and hands on what its loop measures. A connection that is lost is made again, after pauses that double up to five minutes. */
export class SshSampler {
  readonly #options: SamplerOptions;
  readonly #target: ShellTarget;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #series = new Map<string, Known>();
  #child: ChildProcess | undefined;
  #says: Buffer = Buffer.alloc(0);
  #connected = false;
  #stopped = true;
  #failures = 0;
  #ticks = 0;
  #reserve = frameReserve;
  #reserveAtMs = 0;
  #quietBytes = 0;
  #giveUp: Pick<SourceProblem, 'reason' | 'says'> | undefined;
  #time = new HostTime();
  #clockOffsetMs: number | undefined;
  #cancelSilence = (): void => undefined;
  #cancelConnect = (): void => undefined;
  #cancelDown = (): void => undefined;
  #closed: Promise<void> = Promise.resolve();

  constructor(options: SamplerOptions) {
    this.#options = options;
    const { target, sshOptions } = options.settings;
    const parsed = parseTarget(target, { sshOptions, sudo: false });
    if (parsed.kind === 'case') throw new TypeError('a saved case measures nothing');
    this.#target = parsed;
    this.#labels = { job: 'ssh', instance: parsed.kind === 'ssh' ? hostOfDestination(parsed.destination) : 'localhost' };
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The host's clock minus ours, off by what the network takes one way at most; undefined before it was measured. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#cancelConnect = this.#options.clock.after(this.#options.chance() * firstPauseMs, () => this.#connect());
  }

  /** Ends the connection; the loop on the host ends with it. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelConnect();
    this.#cancelSilence();
    this.#cancelDown();
    this.#end();
    await this.#closed;
  }

  #connect(): void {
    const { intervalSeconds: interval, slowIntervalSeconds: slowInterval } = this.#options.settings;
    const nonce = randomBytes(16).toString('hex');
    const frames = new SamplerFrames(nonce);
    this.#says = Buffer.alloc(0);
    this.#ticks = 0;
    this.#quietBytes = 0;
    this.#giveUp = undefined;
    this.#time = new HostTime();
    const child = (this.#options.startShell ?? ((target) => start(target, false)))(this.#target);
    this.#child = child;
    this.#watchSilence();
    this.#closed = new Promise((resolve) => {
      let ended = false;
      const end = (problem?: Pick<SourceProblem, 'reason' | 'says'>): void => {
        if (ended) return;
        ended = true;
        resolve();
        this.#lost(problem);
      };
      child.on('error', (error: NodeJS.ErrnoException) => end({ reason: 'not-reachable', says: error.code === 'ENOENT' ? 'the command ssh is not installed on this machine' : 'ssh could not be started' }));
      child.on('close', () => end());
      child.stdin!.on('error', () => undefined);
      child.stdout!.on('data', (piece: Buffer) => this.#take(frames, piece));
      child.stderr!.on('data', (piece: Buffer) => (this.#says = Buffer.concat([this.#says, piece]).subarray(-maxSaysBytes)));
      child.stdin!.write(samplerScript(nonce, interval, slowInterval));
    });
  }

  #take(frames: SamplerFrames, piece: Buffer): void {
    if (this.#giveUp !== undefined) return;
    this.#quietBytes += piece.length;
    for (const frame of frames.push(piece)) {
      this.#quietBytes = 0;
      if (this.#mayTake()) this.#takeFrame(frame);
      else this.#end({ reason: 'too-large', says: 'it sends more than was asked for' });
      if (this.#giveUp !== undefined) return;
    }
    if (this.#quietBytes > mostNoiseBytes) this.#end({ reason: 'not-understood', says: 'what answers there is no shell that runs the loop' });
  }

  #mayTake(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#reserve = Math.min(frameReserve, this.#reserve + (8 * (nowMs - this.#reserveAtMs)) / (this.#options.settings.intervalSeconds * 1_000)) - 1;
    this.#reserveAtMs = nowMs;
    return this.#reserve >= 0;
  }

  #takeFrame(frame: SamplerFrame): void {
    const timeMs = this.#time.of(frame.uptimeSeconds, this.#options.clock.nowMs());
    this.#watchSilence();
    if (frame.kind === 'stuck') {
      const what = frame.sections.get('stuck')?.[0] === 'spaces' ? 'the space in its file systems' : 'its temperatures and clock';
      this.#options.onLook({ batches: [], problems: [this.#problem({ reason: 'too-slow', says: `reading ${what} has hung since the time before; it is not begun again until that ends` })] });
      return;
    }
    if (frame.kind === 'tick') {
      this.#connected = true;
      this.#cancelDown();
      this.#ticks += 1;
      // A host that lets in and drops the connection at once is as good as one that does not let in.
      if (this.#ticks >= 2) this.#failures = 0;
    }
    const at = frame.kind === 'tick' ? this.#time.ascending(timeMs) : timeMs;
    const samples = samplesOf(frame, at);
    const hostSeconds = samples.find(({ metric }) => metric === 'node_time_seconds')?.value;
    if (hostSeconds !== undefined) this.#clockOffsetMs = Math.round(hostSeconds * 1_000 - timeMs);
    const ended = this.#seen(samples, at, frame.kind !== 'tick');
    if (frame.kind === 'tick') samples.push({ metric: 'up', labels: this.#labels, timeMs: at, value: 1 });
    if (samples.length > 0 || ended.length > 0) this.#options.onLook({ batches: [{ host: this.#options.host, timeMs: at, samples, ended }], problems: [] });
  }

  /** What is gone: of a tick what the tick before had, of the rest what has not come for two and a half times. */
  #seen(samples: readonly Sample[], atMs: number, slow: boolean): Pick<Sample, 'metric' | 'labels'>[] {
    for (const { metric, labels } of samples) {
      const key = seriesKey({ metric, labels });
      const known = this.#series.get(key);
      if (known === undefined) this.#series.set(key, { metric, labels, seenMs: atMs, slow });
      else known.seenMs = atMs;
    }
    if (slow) return [];
    const ended: Pick<Sample, 'metric' | 'labels'>[] = [];
    for (const [key, { metric, labels, seenMs, slow: isSlow }] of this.#series) {
      if (isSlow ? atMs - seenMs <= 2_500 * this.#options.settings.slowIntervalSeconds : seenMs === atMs) continue;
      // What was asked once only holds as long as the connection.
      if (metric === 'node_uname_info') continue;
      this.#series.delete(key);
      ended.push({ metric, labels });
    }
    return ended;
  }

  #watchSilence(): void {
    this.#cancelSilence();
    const { intervalSeconds: interval } = this.#options.settings;
    const silenceMs = 3_000 * interval + 45_000;
    this.#cancelSilence = this.#options.clock.after(silenceMs, () => this.#end({ reason: 'too-slow', says: `nothing has come for ${silenceMs / 1_000} s` }));
  }

  #end(problem?: Pick<SourceProblem, 'reason' | 'says'>): void {
    const child = this.#child;
    if (child === undefined) return;
    this.#giveUp ??= problem;
    kill(child, this.#target.kind === 'ssh' ? 'ssh' : 'local');
    child.stdout?.destroy();
    const cancel = this.#options.clock.after(5_000, () => child.kill('SIGKILL'));
    child.once('close', cancel);
  }

  #lost(problem: Pick<SourceProblem, 'reason' | 'says'> | undefined): void {
    this.#child = undefined;
    this.#connected = false;
    this.#cancelSilence();
    if (this.#stopped) return;
    const words = bounded(forTerminal(this.#says.toString('utf8').trim().split('\n').at(-1) ?? '').trim(), 200);
    const denied = /Permission denied|Host key verification failed|REMOTE HOST IDENTIFICATION/.test(this.#says.toString('latin1'));
    const why = this.#giveUp ?? problem ?? { reason: denied ? ('turned-away' as const) : ('not-reachable' as const), says: words === '' ? 'the connection has ended' : `ssh says: ${words}` };
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures) * (0.8 + 0.4 * this.#options.chance());
    this.#failures = Math.min(20, this.#failures + 1);
    const ended = [...this.#series.values()].map(({ metric, labels }) => ({ metric, labels }));
    this.#series.clear();
    this.#cancelDown();
    this.#down(ended, [this.#problem(why)]);
    this.#cancelConnect = this.#options.clock.after(pauseMs, () => this.#connect());
  }

  /** Says that the host is down now, and at each interval until a tick comes. */
  #down(ended: readonly Pick<Sample, 'metric' | 'labels'>[], problems: readonly SourceProblem[]): void {
    const timeMs = this.#options.clock.nowMs();
    this.#options.onLook({ batches: [{ host: this.#options.host, timeMs, samples: [{ metric: 'up', labels: this.#labels, timeMs, value: 0 }], ended }], problems });
    this.#cancelDown = this.#options.clock.after(this.#options.settings.intervalSeconds * 1_000, () => this.#down([], []));
  }

  #problem({ reason, says }: Pick<SourceProblem, 'reason' | 'says'>): SourceProblem {
    const { host } = this.#options;
    return { source: sourceName, host, reason, says: `${host} cannot be measured over ssh: ${says}.` };
  }
}
