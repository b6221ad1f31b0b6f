import { ByteBuffer } from '../../../lib/byte-buffer.ts';

export const frameKinds = ['hello', 'tick', 'spaces', 'sensors', 'stuck'] as const;
export type FrameKind = (typeof frameKinds)[number];

export interface SamplerFrame {
  readonly kind: FrameKind;
  /** Of the host, when the frame was sent. */
  readonly uptimeSeconds: number;
  /** The lines of each section. */
  readonly sections: ReadonlyMap<string, readonly string[]>;
}

export const maxFrameBytes = 2 * 1024 * 1024;
const maxHeaderBytes = 200;

/** Reads the sampler's stream in pieces of any size; holds one frame at most. What is no frame is skipped, so nothing that a login shell prints, and no two that write at once, can break the next. */
export class SamplerFrames {
  readonly #mark: string;
  readonly #buffer = new ByteBuffer();
  #skipped = 0;

  constructor(nonce: string) {
    this.#mark = `\n@${nonce} `;
    this.#buffer.append(Buffer.from('\n'));
  }

  /** Bytes that were no part of a frame. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  push(piece: Uint8Array): SamplerFrame[] {
    this.#buffer.append(piece);
    const frames: SamplerFrame[] = [];
    while (this.#next(frames));
    return frames;
  }

  #drop(count: number): void {
    this.#skipped += count;
    this.#buffer.drop(count);
  }

  /** False when more bytes are needed. */
  #next(frames: SamplerFrame[]): boolean {
    const at = this.#buffer.indexOf(this.#mark);
    if (at < 0) {
      this.#drop(Math.max(0, this.#buffer.length - this.#mark.length));
      return false;
    }
    if (at > 0) this.#drop(at);
    const headerEnd = this.#buffer.indexOf('\n', this.#mark.length);
    if (headerEnd < 0 && this.#buffer.length <= maxHeaderBytes) return false;
    const header = headerEnd < 0 || headerEnd > maxHeaderBytes ? undefined : this.#headerOf(headerEnd);
    if (header === undefined) {
      this.#drop(this.#mark.length);
      return true;
    }
    const end = headerEnd + 1 + header.bytes;
    if (this.#buffer.length < end + 1) return this.#cutShort(headerEnd, end);
    const whole = this.#buffer.take(end);
    // The line end behind the body stays: it may begin the next mark.
    const body = whole.subarray(headerEnd + 1).toString('utf8');
    if (this.#buffer.indexOf('\n') !== 0 || body.includes(this.#mark.slice(1))) {
      this.#skipped += whole.length;
      return true;
    }
    frames.push({ kind: header.kind, uptimeSeconds: header.uptimeSeconds, sections: sectionsOf(body) });
    return true;
  }

  /** A frame that does not end while another begins was disturbed; it must not take the next along. */
  #cutShort(headerEnd: number, end: number): boolean {
    const other = this.#buffer.indexOf(this.#mark, headerEnd);
    if (other < 0 || other >= end) return false;
    this.#drop(other);
    return true;
  }

  #headerOf(headerEnd: number): { readonly kind: FrameKind; readonly uptimeSeconds: number; readonly bytes: number } | undefined {
    const copy = this.#buffer.peek(headerEnd).toString('latin1').slice(this.#mark.length);
    const [, kind, uptime, bytes] = /^(hello|tick|spaces|sensors|stuck) (\d{1,12}(?:\.\d{1,9})?) (\d{1,8})$/.exec(copy) ?? [];
    if (bytes === undefined || Number(bytes) > maxFrameBytes) return undefined;
    return { kind: kind as FrameKind, uptimeSeconds: Number(uptime), bytes: Number(bytes) };
  }
}

function sectionsOf(body: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of body.split('\n')) {
    if (line.startsWith('=')) {
      lines = sections.get(line.slice(1)) ?? [];
      sections.set(line.slice(1), lines);
    } else if (line !== '') lines?.push(line);
  }
  return sections;
}
