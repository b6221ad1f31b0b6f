/**
 * What became of a question to a host. There is no null: a thing that does not exist there is `absent`, and a question
 * that could not be answered is `failed` with one of these reasons.
 */
export const failureReasons = [
  'not-permitted',
  'not-installed',
  'timed-out',
  'too-large',
  'unparsable',
  'connection-lost',
] as const;

export type FailureReason = (typeof failureReasons)[number];

export interface Ok<T> {
  readonly status: 'ok';
  readonly value: T;
}
export interface Absent {
  readonly status: 'absent';
  /** Why it does not exist there, in words for the user: "ZFS is not loaded". */
  readonly detail: string;
}
export interface Failed {
  readonly status: 'failed';
  readonly reason: FailureReason;
  readonly detail: string;
}

export type Result<T> = Ok<T> | Absent | Failed;

export function ok<T>(value: T): Ok<T> {
  return { status: 'ok', value };
}

/** The thing asked for does not exist on this host. */
export function absent(detail: string): Absent {
  return { status: 'absent', detail };
}

export function failed(reason: FailureReason, detail: string): Failed {
  return { status: 'failed', reason, detail };
}

/** For parsers: the output is not what this probe expects. `detail` quotes no more than a few words of it. */
export function unparsable(detail: string): Failed {
  return failed('unparsable', detail);
}

/** What a parser or a derivation may return: the plain value, or one of the two ways of not having one. */
export type Outcome<T> = T | Absent | Failed;

export function isResult(value: unknown): value is Absent | Failed {
  if (typeof value !== 'object' || value === null || !('status' in value) || !('detail' in value)) return false;
  return value.status === 'absent' || (value.status === 'failed' && 'reason' in value);
}

/** Turns what a parser or derivation returned into a Result. */
export function toResult<T>(outcome: Outcome<T>): Result<T> {
  return isResult(outcome) ? outcome : ok(outcome);
}
