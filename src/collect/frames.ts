import type { ProbeOutput } from '../define/case.ts';
import type { AnyProbe } from '../define/probe.ts';
import { ByteBuffer } from '../lib/byte-buffer.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import { orderProbes } from './script.ts';

/** All outputs of one run together are not kept beyond this. */
export const maxRunBytes = 8_388_608;
const maxHeaderBytes = 1_024;
const headerPattern =
  /^probe ([a-z][a-z0-9-]{0,79}) ([12]) (done|timed-out|stuck|too-large|skipped) (\d{1,3}) (\d{1,9}) (\d{1,10}(?:\.\d{1,6})?) (\d{1,9})(?: (.*))?$/s;

export interface FrameOptions {
  /** The script's nonce. Without it (a saved stream) the first frame tells. */
  readonly nonce?: string;
  /** Most bytes to keep of a probe; undefined: nobody asked for it, and it is left out. */
  readonly maxBytesOf: (probe: string) => number | undefined;
}

/**
 * Reads the stream of frames that the script prints, in pieces of any size. A frame is a line
 * `@<nonce> probe <id> <sample> <ended> <exit status> <duration in ms> <uptime in s> <bytes> <note>` and then exactly so many bytes.
 * What stands between frames is skipped, so nothing that a login shell prints can break one.
 */
export class FrameParser {
  readonly #options: FrameOptions;
  readonly #buffer = new ByteBuffer();
  readonly #seen = new Set<string>();
  #nonce: string | undefined;
  #body: { output: ProbeOutput; size: number; keep: number } | undefined;
  #kept = 0;
  #started = false;
  #complete = false;
  #startedAt: Date | undefined;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#nonce = options.nonce;
    this.#buffer.append(Buffer.from('\n'));
  }

  /** True since the first frame, which comes before any probe is asked. */
  get started(): boolean {
    return this.#started;
  }

  /** By the host's own clock. */
  get startedAt(): Date | undefined {
    return this.#startedAt;
  }

  /** True when the last frame has arrived. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Takes in a piece of the stream and gives the outputs that it completes. */
  push(piece: Uint8Array): ProbeOutput[] {
    if (this.#complete) return [];
    this.#buffer.append(piece);
    const outputs: ProbeOutput[] = [];
    while (!this.#complete && (this.#body ? this.#readBody(outputs) : this.#readHeader()));
    return outputs;
  }

  #readBody(outputs: ProbeOutput[]): boolean {
    const body = this.#body!;
    if (this.#buffer.length < body.size) return false;
    const bytes = this.#buffer.take(body.size);
    this.#body = undefined;
    if (body.keep < 0) return true;
    outputs.push({
      ...body.output,
      ended: body.keep < body.size && body.output.ended === 'done' ? 'too-large' : body.output.ended,
      stdout: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, body.keep)),
    });
    return true;
  }

  /** Looks for the next header; false when more bytes are needed. */
  #readHeader(): boolean {
    const mark = this.#nonce === undefined ? '\n@' : `\n@${this.#nonce} `;
    const at = this.#buffer.indexOf(mark);
    if (at < 0) {
      this.#buffer.drop(Math.max(0, this.#buffer.length - mark.length));
      return false;
    }
    this.#buffer.drop(at);
    const end = this.#buffer.indexOf('\n', mark.length);
    if (end < 0 || end > maxHeaderBytes) {
      if (end < 0 && this.#buffer.length <= maxHeaderBytes) return false;
      this.#buffer.drop(mark.length);
      return true;
    }
    const line = this.#buffer.take(end).toString('utf8').slice(mark.length);
    if (this.#nonce === undefined) this.#learnNonce(line);
    else this.#header(line);
    return true;
  }

  #learnNonce(line: string): void {
    const nonce = /^([0-9a-f]{16,64}) meta 1 /.exec(line)?.[1];
    if (nonce === undefined) return;
    this.#nonce = nonce;
    this.#meta(line);
  }

  #meta(line: string): void {
    this.#started = true;
    const seconds = / time=(\d{9,10})(?: |$)/.exec(line)?.[1];
    if (seconds !== undefined) this.#startedAt = new Date(Number(seconds) * 1_000);
  }

  #header(line: string): void {
    if (line === 'end') {
      this.#complete = true;
      return;
    }
    if (line.startsWith('meta 1 ')) {
      this.#meta(line);
      return;
    }
    const [, probe, sample, ended, exitStatus, durationMs, uptimeSeconds, bytes, note] = headerPattern.exec(line) ?? [];
    if (probe === undefined || Number(bytes) > maxRunBytes) return;
    this.#started = true;
    // The line's own end still stands in the buffer, as it may begin the next header where the line is no frame's.
    this.#buffer.drop(1);
    const most = this.#options.maxBytesOf(probe);
    const key = `${probe} ${sample}`;
    const size = Number(bytes);
    const wanted = most !== undefined && !this.#seen.has(key);
    const keep = wanted ? Math.min(size, most, maxRunBytes - this.#kept) : -1;
    if (wanted) {
      this.#seen.add(key);
      this.#kept += keep;
    }
    this.#body = {
      size,
      keep,
      output: {
        probe,
        sample: sample === '2' ? 2 : 1,
        ended: ended as ProbeOutput['ended'],
        exitStatus: Number(exitStatus),
        durationMs: Number(durationMs),
        uptimeSeconds: Number(uptimeSeconds),
        note: bounded(forTerminal((note ?? '').trim()), 200),
        stdout: '',
      },
    };
  }
}

/** The answers that a list of probes should bring, in the script's order. */
export function expectedAnswers(probes: readonly AnyProbe[]): { probe: string; sample: 1 | 2 }[] {
  const { early, counters, late } = orderProbes(probes);
  return [
    ...early.map((probe) => ({ probe: probe.id, sample: 1 as const })),
    ...counters.map((probe) => ({ probe: probe.id, sample: 1 as const })),
    ...counters.map((probe) => ({ probe: probe.id, sample: 2 as const })),
    ...late.map((probe) => ({ probe: probe.id, sample: 1 as const })),
  ];
}

/** The outputs, and for each answer that is missing among them one that says that it was lost. */
export function withLost(outputs: readonly ProbeOutput[], probes: readonly AnyProbe[], note: string): ProbeOutput[] {
  const had = new Set(outputs.map(({ probe, sample }) => `${probe} ${sample}`));
  const lost = expectedAnswers(probes)
    .filter(({ probe, sample }) => !had.has(`${probe} ${sample}`))
    .map((answer): ProbeOutput => ({ ...answer, ended: 'lost', exitStatus: 0, durationMs: 0, uptimeSeconds: 0, note, stdout: '' }));
  return [...outputs, ...lost];
}
