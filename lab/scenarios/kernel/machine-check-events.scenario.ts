import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { machineCheckLines, reportMachineChecks, type MachineCheck } from './machine-checks.ts';

export default defineScenario<MachineCheck & { readonly times: number }>({
  name: 'machine-check-events',
  subject: 'cpu',
  kind: 'fault',
  why: 'The processor reports errors of its own: one that it could not correct, in a cache or on a bus, or corrected ones of the same cache again and again. The kernel logs them and goes on. The processor is right; memory is not, for these are no errors of memory.',
  weight: 'light',
  variants: {
    'uncorrected-in-a-cache': { status: '0xb200000000000135', bank: 0, cpu: 1, times: 1 },
    'uncorrected-on-the-bus': { status: '0xb200000000000e0f', bank: 5, cpu: 0, times: 3 },
    'corrected-cache-again-and-again': { status: '0x9000000000000151', bank: 1, cpu: 1, times: 30 },
    'corrected-translation-again-and-again': { status: '0x9000000000000019', bank: 2, cpu: 0, times: 40 },
  },
  zfs: false,
  inject: async (host, { times, ...error }) => {
    await expectNoPool(host);
    await reportMachineChecks(host, error, times);
  },
  check: async (host, { times }) => {
    const lines = await machineCheckLines(host);
    return lines >= times ? undefined : `the kernel logged ${lines} lines about ${times} errors`;
  },
  truth: { first: ['machine-check-errors'], symptoms: ['errors-logged'], never: ['ecc-errors', 'kernel-oops'] },
});
