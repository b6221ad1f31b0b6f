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

interface Course {
  readonly detector: Detector;
  limits: ((atMs: number) => Threshold | undefined) | undefined;
  fittedAtMs: number;
}

/** What is usual for each object of one host: learned as readings come, in bounded memory. */
export class LearnedLimits {
  readonly #kinds = new Map<string, Map<string, Course>>();

  constructor(learned: Learned = []) {
    for (const { kind, object, state } of learned) this.#of(kind).set(object, { detector: createDetector(defaultDetectorSettings, state), limits: undefined, fittedAtMs: -Infinity });
  }

  #of(kind: string): Map<string, Course> {
    const known = this.#kinds.get(kind) ?? new Map<string, Course>();
    this.#kinds.set(kind, known);
    return known;
  }

  /** Takes a reading in, if the last is a minute ago. */
  learn(kind: string, object: string, atMs: number, value: number): void {
    const courses = this.#of(kind);
    let course = courses.get(object);
    if (course === undefined) {
      if (courses.size >= mostObjects) return;
      course = { detector: createDetector(), limits: undefined, fittedAtMs: -Infinity };
      courses.set(object, course);
    }
    const { lastAtMs } = course.detector.state;
    // Half a second is for timers that come early.
    if (lastAtMs !== null && atMs - lastAtMs < learnEveryMs - 500) return;
    course.detector.update(atMs, value);
  }

  /**
   * The limit that readings without trouble cross by chance so many times a month, over all objects of the kind together; undefined while too little is known.
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
