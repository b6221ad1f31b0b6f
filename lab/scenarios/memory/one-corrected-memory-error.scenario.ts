import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { machineCheckLines, reportMachineChecks } from '../kernel/machine-checks.ts';

export default defineScenario<{ readonly status: string; readonly times: number }>({
  name: 'one-corrected-memory-error',
  subject: 'memory',
  kind: 'control',
  why: 'The memory controller reports a bit that it corrected, once, or twice within some minutes: what ECC memory is there for. It is worth a note, and nobody is to change a module for it.',
  weight: 'light',
  variants: {
    'while-reading': { status: '0x9c00004000010091', times: 1 },
    'while-scrubbing': { status: '0x8c000040000800c1', times: 2 },
  },
  zfs: false,
  inject: async (host, { status, times }) => {
    await expectNoPool(host);
    await reportMachineChecks(host, { status, bank: 7, cpu: 0, address: '0x12345000' }, times, 10);
  },
  check: async (host) => ((await machineCheckLines(host)) > 0 ? undefined : 'the kernel logged nothing'),
  truth: { first: [], never: ['machine-check-errors'] },
});
