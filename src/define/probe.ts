import { z } from 'zod';
import type { Subject } from './ids.ts';
import type { Absent, Failed, Outcome } from './result.ts';
import type { Source } from './source.ts';

/** What the shell fragment of a probe left behind, besides its standard output. */
export interface ProbeRun {
  readonly exitStatus: number;
}

/** A real answer of a host, and what the parser must make of it (a subset is enough). */
export interface ProbeExample<T> {
  /** `recorded`: copied from a machine; `documented`: taken from a specification, man page or bug report. */
  readonly from: 'recorded' | 'documented';
  /** Distribution and versions, or the document. */
  readonly where: string;
  readonly stdout: string;
  readonly exitStatus?: number;
  readonly expect: DeepPartial<T> | Absent | Failed['reason'];
}

export type DeepPartial<T> = T extends readonly (infer U)[]
  ? readonly DeepPartial<U>[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

export interface ProbeSpec<T> {
  readonly id: string;
  readonly title: string;
  readonly subject: Subject;
  /**
   * POSIX sh that only reads. It runs in a subshell of its own, with standard input closed. At its disposal:
   * `have CMD` (is it installed?), `need CMD` (else "not-installed"), `absent TEXT` (the thing does not exist here),
   * `denied TEXT` (root is needed), `as_root CMD …` (runs CMD as root where allowed), `dump FILE…` (each readable file
   * behind a line `==> FILE <==`), `$TMP` (a private folder on tmpfs).
   */
  readonly sh: string;
  readonly timeoutMs?: number;
  /** More output than this is not taken in: the result is `too-large`. */
  readonly maxBytes?: number;
  /**
   * `early`: only reads /proc and /sys and runs before the sampling window. `late` (the default): runs commands, after it.
   */
  readonly stage?: 'early' | 'late';
  /** Commands that hang together: when one of a family cannot be killed, no other of it is started. `zfs` is also guarded by the pools' state. */
  readonly family?: 'zfs' | 'smart' | 'mounts' | 'lvm' | 'pve' | 'network' | 'packages';
  /** What root adds; where `needed`, the probe answers nothing without. */
  readonly root?: { readonly need: 'needed' | 'helps'; readonly adds: string };
  /** Commands run through `as_root`, as sudoers writes them (full path, fixed arguments or a ^regular expression$). */
  readonly sudo?: readonly string[];
  readonly vantage?: 'host' | 'client';
  readonly schema: z.ZodType<T>;
  /** Pure: text in, plain data out. Where the text is not what it should be: `unparsable(…)`. */
  readonly parse: (stdout: string, run: ProbeRun) => Outcome<T>;
  readonly examples: readonly ProbeExample<T>[];
}

/** One question to a host. */
export interface Probe<T = unknown> extends Source<T> {
  readonly kind: 'probe';
  readonly sampled: false;
  readonly vantage: 'host' | 'client';
  readonly spec: Required<Pick<ProbeSpec<T>, 'timeoutMs' | 'maxBytes' | 'stage'>> & ProbeSpec<T>;
}

/** Two readings of one probe, some seconds apart on the host's own clock. */
export interface Sampled<T> {
  readonly first: T;
  readonly second: T;
  readonly intervalSeconds: number;
}

/** A question that is asked twice, for rates. Its value is the pair. */
export interface CounterProbe<T = unknown> extends Source<Sampled<T>> {
  readonly kind: 'probe';
  readonly sampled: true;
  readonly vantage: 'host';
  readonly spec: Required<Pick<ProbeSpec<T>, 'timeoutMs' | 'maxBytes' | 'stage'>> & ProbeSpec<T>;
}

// oxlint-disable-next-line no-explicit-any -- a list of probes of any value
export type AnyProbe = Probe<any> | CounterProbe<any>;

const defaults = { timeoutMs: 4_000, maxBytes: 262_144, stage: 'late' } as const;

/** Declares a probe that is asked once. */
export function defineProbe<T>(spec: ProbeSpec<T>): Probe<T> {
  return {
    kind: 'probe',
    sampled: false,
    id: spec.id,
    title: spec.title,
    vantage: spec.vantage ?? 'host',
    schema: spec.schema,
    spec: { ...defaults, ...spec },
  };
}

/** Declares a probe that is asked at both ends of the sampling window. `schema`, `parse` and the examples are of one reading. */
export function defineCounterProbe<T>(spec: ProbeSpec<T>): CounterProbe<T> {
  return {
    kind: 'probe',
    sampled: true,
    id: spec.id,
    title: spec.title,
    vantage: 'host',
    schema: z.object({ first: spec.schema, second: spec.schema, intervalSeconds: z.number().positive() }),
    spec: { ...defaults, stage: 'early', ...spec },
  };
}
