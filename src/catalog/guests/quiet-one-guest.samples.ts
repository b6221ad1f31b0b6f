import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

type Examples = ExperimentSpec<Record<string, never>>['examples'];

interface Rates {
  readonly cpu?: number;
  readonly bytes?: number;
  /** Percent of the time of one of the others. */
  readonly forCpu?: number;
  readonly forIo?: number;
  readonly ios?: number;
  readonly latencyMs?: number;
}

/** Stretches of four seconds, as many as there are rates. */
export function stretches(sides: readonly ('free' | 'held')[], rates: readonly Rates[]): string {
  const line = (side: string, { cpu = 0, bytes = 0, forCpu = 0, forIo = 0, ios = 0, latencyMs = 0 }: Rates): string => {
    const to = [104_000, cpu * 4e6, bytes * 4, 0, 0, forCpu * 4e4, forIo * 4e4, ios * 4, ios * 4 * latencyMs].map(Math.round);
    return `window ${side} 100000 0 0 0 0 0 0 0 0 ${to.join(' ')}\n`;
  };
  return rates.map((one, index) => line(sides[index % sides.length] ?? 'free', one)).join('');
}

export const abba = ['free', 'held', 'held', 'free'] as const;

export const quietOneGuestSamples: Examples = [
  {
    name: 'without it the others get their processors',
    from: 'documented',
    stdout: `guest qemu/103 cpu weight-1\n${stretches(abba, [11, 2, 3, 12, 12, 2, 2, 11].map((cpu, index) => ({ cpu, forCpu: cpu > 5 ? 90 + index : 8 + index })))}`,
    findings: [{ object: 'qemu/103', outcome: 'others are well without it' }],
  },
  {
    name: 'without it the volumes of others answer ten times as quickly',
    from: 'documented',
    stdout: `guest qemu/103 io 0.05-processors\n${stretches(abba, [30e6, 6e6, 7e6, 31e6, 29e6, 6e6, 6e6, 30e6].map((bytes, index) => ({ bytes, ios: 10, latencyMs: bytes > 9e6 ? 400 + index : 40 + index })))}`,
    findings: [{ object: 'qemu/103', outcome: 'others are well without it' }],
  },
  {
    name: 'the others wait as long: the disk is slow for everybody',
    from: 'documented',
    stdout: `guest qemu/103 io 0.05-processors\n${stretches(abba, [3e6, 1e6, 1e6, 3e6, 3e6, 1e6, 1e6, 3e6].map((bytes, index) => ({ bytes, forIo: 80 - (index % 3), ios: 10, latencyMs: 300 + (index % 3) })))}`,
    findings: [{ object: 'qemu/103', outcome: 'makes no difference' }],
  },
  {
    name: 'a busy guest, and nobody waits',
    from: 'documented',
    stdout: `guest lxc/101 cpu 0.50-processors\n${stretches(abba, [2, 0.5, 0.5, 2, 2, 0.5, 0.5, 2].map((cpu) => ({ cpu, forCpu: 1 })))}`,
    findings: [{ object: 'lxc/101', outcome: 'makes no difference' }],
  },
  {
    name: 'the guest went on as before',
    from: 'documented',
    stdout: `guest qemu/103 cpu weight-1\n${stretches(abba, [11, 10, 11, 12, 12, 10, 11, 11].map((cpu) => ({ cpu, forCpu: 90 })))}`,
    findings: [{ object: 'qemu/103', outcome: 'not applied' }],
  },
  { name: 'the kernel did not take the setting', from: 'documented', stdout: 'guest qemu/103 cpu weight-1\nwindow free 100000 0 0 0 0 0 0 0 0 104000 1 0 0 0 0 0 0 0\nstopped the kernel did not take cpu.weight 1\n', findings: [{ object: 'qemu/103', outcome: 'not applied' }] },
  {
    name: 'the others have ups and downs of their own',
    from: 'documented',
    stdout: `guest qemu/103 cpu weight-1\n${stretches(abba, [11, 2, 3, 12, 12, 2, 2, 11].map((cpu, index) => ({ cpu, forCpu: [150, 10, 90, 30, 160, 20, 60, 80][index] ?? 0 })))}`,
    findings: [{ object: 'qemu/103', outcome: tooNoisy }],
  },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
