import { countIn, numberIn, words } from '../../lib/host-text.ts';

/** One filling of a buffer by one core. All of a kind are of the same size. */
export interface Fill {
  readonly node: number;
  readonly where: 'memory' | 'cache';
  /** Processor time, so that waiting does not count. */
  readonly seconds: number;
}

/** As the shell's `times` has it: `0m1.230000s`. */
function secondsOf(text: string | undefined): number | undefined {
  const [, minutes, seconds] = /^(\d{1,6})m(\d{1,2}(?:\.\d{1,9})?)s$/.exec(text ?? '') ?? [];
  return numberIn(seconds) === undefined ? undefined : Number(minutes) * 60 + Number(seconds);
}

/** `fill <node> <memory or cache> <user and system time of all children before> <the same after>` */
export function fillOf(row: string): Fill | undefined {
  const [word, nodeText, where, ...timesText] = words(row.slice(0, 200));
  const node = countIn(nodeText);
  const [user, system, userAfter, systemAfter] = timesText.slice(0, 4).map(secondsOf);
  if (word !== 'fill' || node === undefined || (where !== 'memory' && where !== 'cache')) return undefined;
  if (user === undefined || system === undefined || userAfter === undefined || systemAfter === undefined) return undefined;
  const seconds = userAfter + systemAfter - user - system;
  return seconds > 0 ? { node, where, seconds } : undefined;
}

export interface Errors {
  /** Of the memory controllers; undefined where nothing counts them. */
  readonly corrected?: number | undefined;
  readonly uncorrected?: number | undefined;
  /** Interrupts for errors of processor or memory: rows THR, DFR and MCE of /proc/interrupts. */
  readonly interrupts: number;
}

/** `errors <corrected> <uncorrected> <THR> <DFR> <MCE>` */
export function errorsOf(row: string): Errors | undefined {
  const [word, corrected, uncorrected, ...interrupts] = words(row.slice(0, 200));
  if (word !== 'errors') return undefined;
  return { corrected: countIn(corrected), uncorrected: countIn(uncorrected), interrupts: interrupts.slice(0, 3).reduce((sum, text) => sum + (countIn(text) ?? 0), 0) };
}
