import type { ComparisonKnowledge } from '../../define/comparison.ts';
import disks from '../disk/disks.fact.ts';
import baselineDifferences from '../kernel/baseline-differences.probe.ts';
import { cpuRules } from './cpu.ts';
import { diskRules } from './disk.ts';
import { guestRules } from './guests.ts';
import { historyRules } from './history.ts';
import { kernelRules } from './kernel.ts';
import { memoryRules } from './memory.ts';
import { networkRules } from './network.ts';
import { zfsRules } from './zfs.ts';

/** What matters when two states of a host are compared, and how much. What no rule names is compared as well, and matters the least. */
export const comparison: ComparisonKnowledge = {
  rules: [...zfsRules, ...cpuRules, ...kernelRules, ...diskRules, ...memoryRules, ...networkRules, ...guestRules, ...historyRules],
  disks,
  fromBaseline: baselineDifferences,
};
