import type { AbortCondition } from '../../define/experiment.ts';

/**
 * When an experiment that reads or writes disks has to end: tasks wait for memory, or reads and writes of some disk take more than 3 s and three times what they took before, so that the experiment itself holds up
 * the guests. A disk that takes so long already is a reason to look, and ends nothing.
 */
export const abortWhenWorse: readonly AbortCondition[] = [
  { metric: 'memory-pressure', limitPercent: 40 },
  { metric: 'disk-latency', limitMs: 3000 },
];
