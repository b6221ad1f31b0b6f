import type { z } from 'zod';
import type { Absent, Failed } from './result.ts';

/** From where something is seen: the host itself, the machine that asks, or a sibling host. */
export type Vantage = 'host' | 'client' | 'peer';

/** What a unit may need: a probe, a fact derived from other sources, or the outcome of an experiment. */
export interface Source<T = unknown> {
  readonly kind: 'probe' | 'fact' | 'experiment';
  /** Noun in kebab-case, unique among all sources. */
  readonly id: string;
  readonly title: string;
  readonly vantage: Vantage;
  readonly schema: z.ZodType<T>;
}

/** A source that a unit can do without: its value is `undefined` where it could not be read or does not exist. */
export interface Optional<T = unknown> {
  readonly optional: Source<T>;
}

export function optional<T>(source: Source<T>): Optional<T> {
  return { optional: source };
}

// oxlint-disable-next-line no-explicit-any -- any source may be needed; the value types are recovered by Facts<N>
export type Needs = Readonly<Record<string, Source<any> | Optional<any>>>;

/** The values of what a unit needs. Reading one that could not be had throws MissingSource, which the engines catch. */
export type Facts<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends Optional<infer T> ? T | undefined : N[K] extends Source<infer T> ? T : never;
};

/** Values handed to a unit in its examples. A need that is not given counts as not read. */
export type Given<N extends Needs> = {
  readonly [K in keyof N]?:
    | (N[K] extends Optional<infer T> ? T : N[K] extends Source<infer T> ? T : never)
    | Absent
    | Failed;
};

/** Thrown when a unit reads a fact that could not be had; `source` and `result` say which and why. */
export class MissingSource extends Error {
  readonly source: Source;
  readonly result: Absent | Failed;

  constructor(source: Source, result: Absent | Failed) {
    super(`${source.id}: ${result.detail}`);
    this.source = source;
    this.result = result;
  }
}

export function sourceOf(need: Source | Optional): Source {
  return 'optional' in need ? need.optional : need;
}
