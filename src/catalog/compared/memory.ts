import type { ComparisonRule } from '../../define/comparison.ts';
import buddyInfo from '../memory/buddy-info.probe.ts';
import edac from '../memory/edac.probe.ts';
import ksm from '../memory/ksm.probe.ts';
import memoryInfo from '../memory/memory-info.probe.ts';
import memoryUsage from '../memory/memory-usage.fact.ts';
import numa from '../memory/numa.probe.ts';
import swapActivity from '../memory/swap-activity.fact.ts';
import swaps from '../memory/swaps.probe.ts';
import transparentHugePages from '../memory/transparent-huge-pages.probe.ts';
import { about, capability, ignored } from './rule.ts';

const info = about(memoryInfo);
const swap = about(swaps);

export const memoryRules: readonly ComparisonRule[] = [
  // The kernel keeps a little more or less of it for itself from version to version.
  info('totalBytes', 'hardware', { lost: 90, gained: 45, changed: 90 }, 'the memory of the machine', { noise: { ratio: 1.03, atLeast: 2 ** 26 } }),
  info('swapTotalBytes', 'setting', 52, 'the size of all swap', { noise: { ratio: 1.01, atLeast: 2 ** 20 } }),
  info('hugePages', 'setting', 0, 'huge pages'),
  info('hugePages/total', 'setting', 58, 'the number of huge pages set aside'),
  ...ignored(memoryInfo, 'hugePages/*', '*'),
  swap('swaps/*', 'setting', 52, 'the swap {1}', { shows: ['kind', 'sizeBytes'], ofTheMachine: true }),
  swap('swaps/*/priority', 'setting', 32, 'the priority of the swap {1}'),
  swap('swappiness', 'setting', 60, 'how readily the kernel swaps', { label: 'vm.swappiness' }),
  swap('zswapEnabled', 'setting', 56, 'that swapped pages are compressed in memory'),
  about(transparentHugePages)('enabled', 'setting', 62, 'when the kernel uses large pages by itself', { label: 'transparent_hugepage/enabled' }),
  about(transparentHugePages)('defrag', 'setting', 62, 'when the kernel makes room for large pages', { label: 'transparent_hugepage/defrag' }),
  about(numa)('balancing', 'setting', 60, 'that the kernel moves memory to the CPU that uses it', { label: 'kernel.numa_balancing' }),
  about(numa)('nodes/*/totalBytes', 'hardware', { lost: 84, gained: 45, changed: 84 }, 'the memory of the NUMA node {1}', { noise: { ratio: 1.03, atLeast: 2 ** 26 } }),
  about(numa)('nodes/*', 'hardware', 70, 'the NUMA node {1}'),
  about(ksm)('running', 'setting', 58, 'that equal pages of guests are merged', { label: '/sys/kernel/mm/ksm/run' }),
  about(ksm)('pagesToScan', 'setting', 30, 'the number of pages that are looked through for equal ones at a time'),
  about(ksm)('sleepMs', 'setting', 30, 'the pause between looking for equal pages'),
  ...ignored(ksm, 'pagesShared', 'pagesSharing', 'pagesUnshared', 'fullScans'),
  about(edac)('second/drivers', 'capability', capability(50), 'drivers that count memory errors', { lost: 'Memory errors are no longer counted by {items}', gained: 'Memory errors are newly counted by {items}' }),
  about(memoryUsage)('obtainablePercent', 'measured', { lost: 46, gained: 12, changed: 46 }, 'the share of memory that programs can still get', { noise: { ratio: 2, atLeast: 25, unit: '%' } }),
  ...(['swapInPagesPerSecond', 'swapOutPagesPerSecond'] as const).map((name) =>
    about(swapActivity)(name, 'measured', { lost: 12, gained: 52, changed: 52 }, `pages swapped ${name === 'swapInPagesPerSecond' ? 'in' : 'out'}`, { noise: { ratio: 4, atLeast: 200, unit: 'a second' } }),
  ),
  ...ignored(buddyInfo),
];
