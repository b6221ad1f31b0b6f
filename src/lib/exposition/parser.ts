import { bounded, forTerminal } from '../hostile-text.ts';
import type { ExpositionFormat } from './format.ts';
import { exposedNumber } from './numbers.ts';
import { parseSeries, seriesEnd, skipBlanks, type ExposedSeries } from './series-text.ts';

export interface ExpositionLimits {
  readonly maxBytes: number;
  readonly maxSamples: number;
  readonly maxLineCharacters: number;
}
export const defaultExpositionLimits: ExpositionLimits = { maxBytes: 64 * 1024 * 1024, maxSamples: 100_000, maxLineCharacters: 128 * 1024 };

/** Why a page is not taken. The first problem ends the reading: as with Prometheus, a page counts as a whole or not at all. */
export interface ExpositionProblem {
  readonly reason: 'not-understood' | 'too-large' | 'cut-short';
  /** Begins with a small letter and ends without a stop; may hold words of the page, made harmless. */
  readonly says: string;
}

export interface ExpositionOptions<S> {
  readonly format: ExpositionFormat;
  readonly limits?: ExpositionLimits;
  /** What a series is by its text, such as one known from the page before; undefined where the text is no series. */
  readonly series: (text: string) => S | undefined;
  /** `timeMs` only where the page gives a time (milliseconds since 1970, UTC). */
  readonly sample: (series: S, value: number, timeMs: number | undefined) => void;
  /** `TYPE`, `HELP` and `UNIT` of a metric family. */
  readonly metadata?: (kind: 'TYPE' | 'HELP' | 'UNIT', metric: string, text: string) => void;
}

/**
 * Reads a page of metrics in pieces of any size, in linear time, and holds no more of it than one line. Total: no text makes it throw.
 * Prometheus, "Exposition formats" (text format 0.0.4); OpenMetrics 1.0 (RFC-style specification of the CNCF project). Exemplars are skipped.
 */
export class ExpositionParser<S = ExposedSeries> {
  readonly #options: ExpositionOptions<S>;
  readonly #limits: ExpositionLimits;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  #line: string[] = [];
  #lineLength = 0;
  #bytes = 0;
  #lines = 0;
  #samples = 0;
  #eof = false;
  #problem: ExpositionProblem | undefined;

  constructor(options: ExpositionOptions<S>) {
    this.#options = options;
    this.#limits = options.limits ?? defaultExpositionLimits;
  }

  get bytes(): number {
    return this.#bytes;
  }
  get samples(): number {
    return this.#samples;
  }
  get problem(): ExpositionProblem | undefined {
    return this.#problem;
  }

  /** Takes a piece; false when there is a problem and no more is wanted. */
  push(piece: Uint8Array): boolean {
    if (this.#problem !== undefined) return false;
    this.#bytes += piece.byteLength;
    if (this.#bytes > this.#limits.maxBytes) return this.#fail('too-large', `it has more than ${this.#limits.maxBytes} bytes`);
    return this.#take(this.#decoder.decode(piece, { stream: true }));
  }

  /** To be called at the end of the page. */
  finish(): ExpositionProblem | undefined {
    if (this.#problem === undefined && this.#take(this.#decoder.decode()) && this.#lineLength > 0) this.#take('\n');
    if (this.#problem === undefined && this.#options.format === 'openmetrics' && !this.#eof) this.#fail('cut-short', 'its end (# EOF) is missing');
    return this.#problem;
  }

  #fail(reason: ExpositionProblem['reason'], says: string): false {
    this.#problem = { reason, says };
    this.#line = [];
    return false;
  }

  #misunderstood(line: string, what: string): false {
    return this.#fail('not-understood', `line ${this.#lines} ${what}: ${bounded(forTerminal(bounded(line, 200)).trim(), 80)}`);
  }

  #take(text: string): boolean {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      let line = text.slice(from, end);
      if (this.#lineLength > 0) {
        if (this.#lineLength + line.length > this.#limits.maxLineCharacters) return this.#tooLong();
        line = [...this.#line, line].join('');
        this.#line = [];
        this.#lineLength = 0;
      } else if (line.length > this.#limits.maxLineCharacters) return this.#tooLong();
      from = end + 1;
      this.#lines += 1;
      if (!this.#readLine(line)) return false;
    }
    if (from < text.length) {
      this.#line.push(text.slice(from));
      this.#lineLength += text.length - from;
      if (this.#lineLength > this.#limits.maxLineCharacters) return this.#tooLong();
    }
    return true;
  }

  #tooLong(): false {
    return this.#fail('too-large', `line ${this.#lines + 1} has more than ${this.#limits.maxLineCharacters} characters`);
  }

  #readLine(line: string): boolean {
    const from = skipBlanks(line, 0);
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (from >= text.length) return true;
    if (this.#eof) return this.#misunderstood(text, 'stands behind # EOF');
    return text[from] === '#' ? this.#readComment(text.slice(from)) : this.#readSample(text, from);
  }

  #readComment(line: string): boolean {
    if (this.#options.format === 'openmetrics' && line === '# EOF') this.#eof = true;
    const { metadata } = this.#options;
    if (metadata === undefined) return true;
    const [, kind, word, rest = ''] = /^#[ \t]+(TYPE|HELP|UNIT)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t"]+)(?:[ \t]+(.*))?$/s.exec(line) ?? [];
    const name = word?.startsWith('"') === true ? parseSeries(`{${word}}`)?.metric : word;
    if (name !== undefined) metadata(kind as 'TYPE' | 'HELP' | 'UNIT', name, rest.trimEnd().replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character)));
    return true;
  }

  #readSample(line: string, from: number): boolean {
    const end = seriesEnd(line, from);
    const series = end < 0 ? undefined : this.#options.series(line.slice(from, end));
    if (series === undefined) return this.#misunderstood(line, 'is no series');
    const valueFrom = skipBlanks(line, end);
    const valueEnd = wordEnd(line, valueFrom);
    const value = exposedNumber(line.slice(valueFrom, valueEnd));
    if (value === undefined) return this.#misunderstood(line, 'has no value');
    let at = skipBlanks(line, valueEnd);
    let timeMs: number | undefined;
    if (at < line.length && line[at] !== '#') {
      const timeEnd = wordEnd(line, at);
      timeMs = this.#timeOf(line.slice(at, timeEnd));
      if (timeMs === undefined) return this.#misunderstood(line, 'has no time behind its value');
      at = skipBlanks(line, timeEnd);
    }
    // In OpenMetrics an exemplar may follow.
    if (at < line.length && !(this.#options.format === 'openmetrics' && line[at] === '#')) return this.#misunderstood(line, 'goes on behind its end');
    if (this.#samples >= this.#limits.maxSamples) return this.#fail('too-large', `it has more than ${this.#limits.maxSamples} samples`);
    this.#samples += 1;
    this.#options.sample(series, value, timeMs);
    return true;
  }

  /** The text format has whole milliseconds, OpenMetrics seconds. */
  #timeOf(text: string): number | undefined {
    if (this.#options.format === 'text') return /^[+-]?\d{1,18}$/.test(text) ? Number(text) : undefined;
    const seconds = exposedNumber(text);
    return seconds === undefined || !Number.isFinite(seconds) ? undefined : Math.round(seconds * 1000);
  }
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 32 && text.charCodeAt(at) !== 9) at += 1;
  return at;
}

/** One sample of a page. */
export interface ExposedSample extends ExposedSeries {
  readonly value: number;
  readonly timeMs: number | undefined;
}

/** A whole page at once, for pages that are in memory anyway. */
export function parseExposition(page: string, format: ExpositionFormat, limits?: ExpositionLimits): { readonly samples: readonly ExposedSample[]; readonly problem: ExpositionProblem | undefined } {
  const samples: ExposedSample[] = [];
  const parser = new ExpositionParser({
    format,
    ...(limits !== undefined && { limits }),
    series: parseSeries,
    sample: ({ metric, labels }, value, timeMs) => samples.push({ metric, labels, value, timeMs }),
  });
  parser.push(new TextEncoder().encode(page));
  const problem = parser.finish();
  return { samples, problem };
}
