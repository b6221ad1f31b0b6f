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
  {
    name: 'the same machine, with a quarter of the processor time for that guest',
    from: 'recorded',
    stdout: `guest qemu/103 cpu 0.25-processors
window free 413190 66424572 0 0 184320 44456737 368849 0 0 417320 71032726 0 0 184320 45609621 368849 0 0
window held 418170 71343944 0 0 184320 45794981 368849 0 0 422270 72360081 0 0 184320 46177335 368849 0 0
window held 422370 72389763 0 0 184320 46211210 368849 0 0 426460 73416124 0 0 184320 46795201 368849 0 0
window free 427350 74468031 0 0 184320 47070101 368849 0 0 431550 78926776 0 0 184320 48383005 368849 0 0
window free 431640 78982700 0 0 184320 48422155 368849 0 0 435740 83850296 0 0 184320 49294950 368849 0 0
window held 436540 84120172 0 0 184320 49625370 368849 0 0 440680 85164280 0 0 184320 50062037 368849 0 0
window held 440740 85175654 0 0 184320 50079610 368849 0 0 444870 86218432 0 0 184320 50517758 368849 0 0
window free 445710 86921591 0 0 184320 50840690 368849 0 0 449810 91584124 0 0 184320 52005216 368849 0 0
`,
    findings: [{ object: 'qemu/103', outcome: 'others are well without it' }],
  },
  {
    name: 'a machine with ZFS: a guest reads a lot, and a database beside it hardly waits',
    from: 'recorded',
    stdout: `guest qemu/103 io 0.04-processors
window free 475080 9354825 627343360 627245056 172032 33318577 7771941 404 356 479120 9705361 641171456 641073152 172032 33344885 8028732 424 400
window held 479690 9731269 642531328 642531328 172032 33354543 8047759 427 400 483730 9870711 647954432 647954432 172032 33530274 8309298 447 424
window held 483810 9874635 648085504 648085504 172032 33536928 8318970 448 428 487860 10011924 652361728 652361728 172032 33580607 8526624 468 488
window free 488490 10068257 655097856 654999552 172032 33587181 8553626 471 488 492530 10945309 669663232 669564928 172032 33833986 8838990 491 496
window free 492670 10952297 669958144 669859840 172032 33965031 8899562 492 500 496950 11851981 685457408 685408256 172032 34411232 9345725 513 568
window held 497600 11885325 686653440 686571520 172032 34458135 9428958 517 568 501660 12029949 689979392 689963008 172032 34555402 9626724 537 576
window held 501870 12059143 690143232 690143232 172032 34577127 9653311 538 576 505940 12179368 692830208 692830208 172032 34747541 9891355 558 600
window free 506540 12243946 695582720 695484416 172032 34753611 9913190 561 600 510630 12772739 709804032 709705728 172032 34843282 10182914 582 640
`,
    findings: [{ object: 'qemu/103', outcome: 'makes no difference' }],
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
