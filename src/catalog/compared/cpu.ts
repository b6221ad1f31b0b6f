import type { ComparisonRule } from '../../define/comparison.ts';
import acpiInterrupts from '../cpu/acpi-interrupts.probe.ts';
import clocksource from '../cpu/clocksource.probe.ts';
import cpuInfo from '../cpu/cpu-info.probe.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import frequency from '../cpu/frequency.probe.ts';
import kernelCrypto from '../cpu/kernel-crypto.probe.ts';
import loadAverage from '../cpu/load-average.probe.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import splitLock from '../cpu/split-lock-setting.probe.ts';
import temperatures from '../cpu/temperatures.probe.ts';
import throttling from '../cpu/throttling.fact.ts';
import vulnerabilities from '../cpu/vulnerabilities.probe.ts';
import { about, capability, hardware, ignored } from './rule.ts';

const cpu = about(cpuInfo);
const clock = about(clocksource);
const speed = about(frequency);
const usage = about(cpuUsage);
const pressure = about(pressureNow);

export const cpuRules: readonly ComparisonRule[] = [
  cpu('flags', 'capability', capability(97), 'flags of the CPU', { lost: 'The kernel no longer shows these abilities of the CPU: {items}', gained: 'The kernel newly shows these abilities of the CPU: {items}', label: '/proc/cpuinfo' }),
  cpu('flagsDiffer', 'capability', 60, 'that the CPUs of this machine differ in what they can do'),
  cpu('cpuCount', 'hardware', { lost: 90, gained: 45, changed: 90 }, 'the number of CPUs in use'),
  cpu('model', 'hardware', 75, 'the model of the CPU'),
  cpu('microcode', 'version', 66, 'the microcode of the CPU'),
  cpu('bugs', 'version', 35, 'weaknesses of the CPU that the kernel knows', { lost: 'The kernel no longer lists these weaknesses of the CPU: {items}', gained: 'The kernel newly lists these weaknesses of the CPU: {items}' }),
  cpu('threadsPerPackage', 'hardware', hardware(60), 'the number of threads of a processor'),
  cpu('coresPerPackage', 'hardware', hardware(60), 'the number of cores of a processor'),
  cpu('hypervisor', 'hardware', 40, 'that this is a virtual machine'),
  ...ignored(cpuInfo, 'mhzPerCpu', 'family', 'modelNumber', 'stepping', 'vendor', 'microcodeRevision'),

  clock('current', 'setting', { lost: 90, gained: 32, changed: 80 }, 'the clock source of the kernel', { best: ['tsc', 'kvm-clock', 'arch_sys_counter'], label: '/sys/devices/system/clocksource/clocksource0/current_clocksource' }),
  clock('available', 'capability', capability(86), 'clock sources', { lost: 'The kernel no longer offers {items} as clock source', gained: 'The kernel newly offers {items} as clock source' }),

  about(vulnerabilities)('*', 'setting', { lost: 76, gained: 34, changed: 76 }, 'the protection against {1}', { best: ['Not affected'], label: '/sys/devices/system/cpu/vulnerabilities/{1}' }),
  about(splitLock)('slowsDown', 'setting', 62, 'that programs with split locks are slowed down'),

  speed('policies/*', 'setting', 0, 'frequency scaling of {1}'),
  speed('policies/*/governor', 'setting', { lost: 84, gained: 34, changed: 80 }, 'the frequency governor of {1}', { best: ['performance'] }),
  speed('policies/*/driver', 'setting', 74, 'the frequency driver of {1}'),
  speed('policies/*/maxMhz', 'setting', { lost: 84, gained: 35, changed: 84 }, 'the highest frequency allowed to {1}'),
  speed('policies/*/minMhz', 'setting', 35, 'the lowest frequency allowed to {1}'),
  speed('policies/*/hardwareMaxMhz', 'hardware', hardware(70), 'the highest frequency of {1}'),
  speed('policies/*/energyPreference', 'setting', 66, 'the energy preference of {1}'),
  speed('turbo', 'setting', { lost: 84, gained: 35, changed: 84 }, 'that CPUs may run faster than their base frequency'),
  speed('maxPerformancePercent', 'setting', { lost: 84, gained: 35, changed: 84 }, 'the share of its speed that the CPU may use'),
  ...ignored(frequency, 'policies/*/*'),

  about(kernelCrypto)('algorithms', 'capability', { lost: 52, gained: 12, changed: 52 }, 'implementations of ciphers in the kernel', {
    setOf: ['driver'],
    lost: 'The kernel no longer has these implementations of ciphers loaded: {items}',
    gained: 'The kernel newly has these implementations of ciphers loaded: {items}',
    label: '/proc/crypto',
    without: ['__', 'cryptd('],
  }),
  about(throttling)('throttledPercent', 'measured', { lost: 10, gained: 64, changed: 64 }, 'the share of time in which the CPU was throttled', { noise: { ratio: 2, atLeast: 5, unit: '%' } }),

  usage('stealPercent', 'measured', { lost: 10, gained: 48, changed: 48 }, 'CPU time taken by the hypervisor below', { noise: { ratio: 3, atLeast: 5, unit: '%' } }),
  usage('iowaitPercent', 'measured', { lost: 10, gained: 40, changed: 40 }, 'IO delay', { noise: { ratio: 3, atLeast: 20, unit: '%' } }),
  usage('systemPercent', 'measured', { lost: 10, gained: 40, changed: 40 }, 'CPU time spent in the kernel', { noise: { ratio: 3, atLeast: 25, unit: '%' } }),
  usage('busyPercent', 'measured', 20, 'CPU time in use', { noise: { ratio: 3, atLeast: 30, unit: '%' } }),
  ...(['cpu', 'io', 'memory'] as const).map((what) =>
    pressure(`${what}/someAvg60`, 'measured', { lost: 10, gained: 38, changed: 38 }, `time in which something waited for ${what === 'io' ? 'disks' : what === 'cpu' ? 'a CPU' : 'memory'}, in the last minute`, {
      noise: { ratio: 3, atLeast: what === 'memory' ? 5 : 20, unit: '%' },
      label: `/proc/pressure/${what}`,
    }),
  ),
  ...ignored(acpiInterrupts),
  ...ignored(loadAverage),
  ...ignored(temperatures),
];
