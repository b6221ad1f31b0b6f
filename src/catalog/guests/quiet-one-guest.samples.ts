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
    stdout: `guest qemu/103 cpu 0.27-processors\n${stretches(abba, [11, 2, 3, 12, 12, 2, 2, 11].map((cpu, index) => ({ cpu, forCpu: cpu > 5 ? 90 + index : 8 + index })))}`,
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
    stdout: `guest qemu/103 cpu 0.27-processors\n${stretches(abba, [11, 10, 11, 12, 12, 10, 11, 11].map((cpu) => ({ cpu, forCpu: 90 })))}`,
    findings: [{ object: 'qemu/103', outcome: 'not applied' }],
  },
  {
    name: 'a machine whose guest takes all that others leave, with the least weight: it does as much as before',
    from: 'recorded',
    stdout: `guest qemu/103 cpu weight-1
window free 415620 70278890 0 0 208896 46290730 309322 0 0 419700 74703051 0 0 208896 47495874 309322 0 0
window held 420430 75572389 0 0 208896 47602207 309322 0 0 424570 79827147 0 0 208896 48158851 309322 0 0
window held 424610 79860660 0 0 208896 48177477 309322 0 0 428670 83986443 0 0 208896 48876314 309322 0 0
window free 429500 84670819 0 0 208896 49035188 309322 0 0 433620 89661511 0 0 208896 49955430 309322 0 0
window free 433790 89772799 0 0 208896 50027367 309322 0 0 437920 94231680 0 0 208896 51114494 309322 0 0
window held 438570 94840930 0 0 208896 51205675 309322 0 0 442690 99159494 0 0 208896 51639030 309322 0 0
window held 442810 99199848 0 0 208896 51666632 309322 0 0 446920 103159685 0 0 208896 52370546 309322 0 0
window free 447830 103933652 0 0 208896 52570605 309322 0 0 452090 108598697 0 0 208896 53812777 309322 0 0
`,
    findings: [{ object: 'qemu/103', outcome: 'not applied' }],
  },
  { name: 'the kernel did not take the setting', from: 'documented', stdout: 'guest qemu/103 cpu 0.27-processors\nwindow free 100000 0 0 0 0 0 0 0 0 104000 1 0 0 0 0 0 0 0\nstopped the kernel did not take cpu.max 27000 100000\n', findings: [{ object: 'qemu/103', outcome: 'not applied' }] },
  {
    name: 'the others have ups and downs of their own',
    from: 'documented',
    stdout: `guest qemu/103 cpu 0.27-processors\n${stretches(abba, [11, 2, 3, 12, 12, 2, 2, 11].map((cpu, index) => ({ cpu, forCpu: [150, 10, 90, 30, 160, 20, 60, 80][index] ?? 0 })))}`,
    findings: [{ object: 'qemu/103', outcome: tooNoisy }],
  },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
