import type { AlarmKind, AlarmReading } from '../../define/alarm-kind.ts';

/** From where on a reading is trouble, and what the field and the host itself say of that. */
export interface Limit {
  /** Beyond this it is bad; infinite (towards the bad side) where neither is known. */
  readonly raiseAt: number;
  /** On the good side of this it is over. */
  readonly resolveAt: number;
  readonly fixed?: number;
  readonly learned?: number;
}

/** A learned limit moves the fixed one by this factor at most, either way: what is usual on a host cannot make every trouble usual, nor every stir an alarm. */
export const learnedFactor = { least: 0.5, most: 8 } as const;
/** An alarm is over when the value is on the good side of its limit by this share of it. */
const hysteresis = 0.15;

/** Health, states and counts: they are bad or good, with nothing between. */
const isState = ({ bad }: Pick<AlarmKind, 'bad'>, fixed: number | undefined): boolean => fixed === (bad === 'above' ? 0 : 1);

function nearer(bad: AlarmKind['bad'], learned: number | undefined, fixed: number | undefined): number {
  if (learned === undefined || !Number.isFinite(learned)) return fixed ?? (bad === 'above' ? Infinity : -Infinity);
  if (fixed === undefined) return learned;
  const [one, other] = [fixed * learnedFactor.least, fixed * learnedFactor.most];
  return Math.min(Math.max(learned, Math.min(one, other)), Math.max(one, other));
}

/**
 * Where the limit is: the learned one where the host has been watched for long enough, held within a half and eight times of what the field holds for too much; before that, the latter.
 */
export function limitOf(kind: Pick<AlarmKind, 'bad' | 'fixedLimit' | 'learned'>, { fixedLimit = kind.fixedLimit }: Pick<AlarmReading, 'fixedLimit'>, learnedLimit: number | undefined): Limit {
  const learned = kind.learned ? learnedLimit : undefined;
  const raiseAt = nearer(kind.bad, learned, fixedLimit);
  const room = isState(kind, fixedLimit) || !Number.isFinite(raiseAt) ? 0 : Math.abs(raiseAt) * hysteresis;
  return {
    raiseAt,
    resolveAt: kind.bad === 'above' ? raiseAt - room : raiseAt + room,
    ...(fixedLimit === undefined ? {} : { fixed: fixedLimit }),
    ...(learned === undefined || !Number.isFinite(learned) ? {} : { learned }),
  };
}
