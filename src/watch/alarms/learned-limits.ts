import { z } from 'zod';
import { createDetector, detectorStateSchema, type Detector } from '../detect/detector.ts';
import { defaultDetectorSettings } from '../detect/settings.ts';
import { thresholdsOf, type Threshold } from '../detect/threshold.ts';

/** Samples that detectors learn from are a minute apart, however often a host is looked at. */
const learnEveryMs = 60_000;
/** A limit is worked out anew so often: a block of samples is twelve minutes. */
const refitMs = 10 * 60_000;
/** Of what was not seen for so long nothing is known any more. */
const forgetMs = 60 * 86_400_000;
/** Objects of one host and kind of which is learned: one that makes them up hurts only itself. */
const mostObjects = 500;

export const learnedSchema = z.array(z.object({ kind: z.string().max(300), object: z.string().max(300), state: detectorStateSchema })).max(20_000);
export type Learned = z.infer<typeof learnedSchema>;
/** Of `saveLearned` and `learnedBy`: another version cannot be read. */
export const learnedVersion = 1;

/** How an alarm uses its readings: on which side they are bad, and how long that has to last. */
export interface Lasting {
  readonly side: 'above' | 'below';
  readonly forMs: number;
}

interface Course {
  readonly detector: Detector;
  /** Readings within the time that an alarm has to last, the oldest first. */
  readonly window: { readonly atMs: number; readonly value: number }[];
  limits: ((atMs: number) => Threshold | undefined) | undefined;
  fittedAtMs: number;
}

const freshCourse = (detector: Detector): Course => ({ detector, window: [], limits: undefined, fittedAtMs: -Infinity });
/** Readings of one window that are kept at most. */
const mostReadings = 600;

/**
 * The value that all readings of the window are at least as bad as: an alarm is raised when this is beyond its limit, so this is what a limit with a promised rate has to be learned of. A peak of a moment is in none.
 * Undefined until the window is full.
 */
function lastingValue({ window }: Course, atMs: number, value: number, { side, forMs }: Lasting): number | undefined {
  window.push({ atMs, value });
  while (window.length > mostReadings || (window.length > 1 && window[1]!.atMs <= atMs - forMs)) window.shift();
  if (window[0]!.atMs > atMs - forMs) return undefined;
  const values = window.map((reading) => reading.value);
  return side === 'above' ? Math.min(...values) : Math.max(...values);
}

/** What is usual for each object of one host: learned as readings come, in bounded memory. */
export class LearnedLimits {
  readonly #kinds = new Map<string, Map<string, Course>>();

  constructor(learned: Learned = []) {
    for (const { kind, object, state } of learned) this.#of(kind).set(object, freshCourse(createDetector(defaultDetectorSettings, state)));
  }

  #of(kind: string): Map<string, Course> {
    const known = this.#kinds.get(kind) ?? new Map<string, Course>();
    this.#kinds.set(kind, known);
    return known;
  }

  /** Takes a reading in. */
  learn(kind: string, object: string, atMs: number, value: number, lasting: Lasting): void {
    const courses = this.#of(kind);
    let course = courses.get(object);
    if (course === undefined) {
      if (courses.size >= mostObjects) return;
      course = freshCourse(createDetector());
      courses.set(object, course);
    }
    const lasted = lastingValue(course, atMs, value, lasting);
    const { lastAtMs } = course.detector.state;
    // Half a second is for timers that come early.
    if (lasted === undefined || (lastAtMs !== null && atMs - lastAtMs < learnEveryMs - 500)) return;
    course.detector.update(atMs, lasted);
  }

  /**
   * The limit that readings without trouble are beyond for so long by chance so many times a month, over all objects of the kind together; undefined while too little is known.
   */
  at(kind: string, object: string, side: 'above' | 'below', atMs: number, falseAlarmsPerMonth: number): Threshold | undefined {
    const courses = this.#of(kind);
    const course = courses.get(object);
    if (course === undefined) return undefined;
    if (course.limits === undefined || Math.abs(atMs - course.fittedAtMs) >= refitMs) {
      course.limits = thresholdsOf(course.detector.state, side, falseAlarmsPerMonth / courses.size);
      course.fittedAtMs = atMs;
    }
    return course.limits(atMs);
  }

  /** What is to be kept over a restart. Objects that were not seen for two months are left out. */
  save(nowMs: number): Learned {
    return [...this.#kinds].flatMap(([kind, courses]) =>
      [...courses].flatMap(([object, { detector }]) => ((detector.state.lastAtMs ?? nowMs) < nowMs - forgetMs ? [] : [{ kind, object, state: structuredClone(detector.state) }])),
    );
  }
}
