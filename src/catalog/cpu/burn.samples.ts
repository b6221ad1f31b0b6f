import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

interface Sample {
  readonly cores?: number;
  readonly ms?: (cpu: number, round: number) => number;
  readonly wallMs?: (ms: number) => number;
  readonly stolenTicks?: number;
  readonly besideTicks?: (cpu: number, round: number) => number;
  readonly mhz?: number;
  readonly core?: (cpu: number) => string;
  readonly kinds?: string;
  readonly heat?: string;
}

/** What the cores of a machine print in four rounds. */
function answer(sample: Sample): string {
  const { cores = 4, ms = () => 100, wallMs = (one) => one, stolenTicks = 0, besideTicks = () => -1, mhz, core = () => '- - - -', kinds = '- -', heat = '9000 5 7 100 900' } = sample;
  const cpus = Array.from({ length: cores }, (_, cpu) => cpu);
  const burn = (cpu: number, round: number): string => {
    const ran = ms(cpu, round) + round;
    return `burn ${cpu} ${Math.round(ran * 1_000)} 120 ${Math.round(wallMs(ran) / 10) * 10} ${stolenTicks} ${besideTicks(cpu, round)} ${mhz === undefined ? '-' : mhz * 1_000 + cpu + round}`;
  };
  return [`kinds ${kinds}`, ...cpus.map((cpu) => `core ${cpu} ${core(cpu)}`), 'heat 5000 5 7 100 900', ...[0, 1, 2, 3].flatMap((round) => cpus.map((cpu) => burn(cpu, round))), `heat ${heat}`, ''].join('\n');
}

/** Highest 3,400 MHz, base 2,400. */
const server = (): string => '- 3400000 2400000 3400000';

const host = (outcome: string) => [{ object: 'host', outcome }];

/** Debian 12 in a virtual machine with two processors, dash and mawk; three busy programs beside it in the second. */
const quietGuest = `kinds - -
core 0 1024 - - -
core 1 1024 - - -
heat 37059910 0 0 0 0
burn 0 271208 784 270 0 -1 -
burn 1 290572 1370 290 0 -1 -
burn 1 322310 0 330 0 -1 -
burn 0 296878 1029 300 0 -1 -
burn 0 277330 14623 300 0 -1 -
burn 1 270284 6396 280 0 -1 -
burn 1 295306 4434 300 0 -1 -
burn 0 266619 4435 270 0 -1 -
heat 37062280 0 0 0 0
`;
const busyGuest = `kinds - -
core 0 1024 - - -
core 1 1024 - - -
heat 37293690 0 0 0 0
burn 0 296293 334957 630 0 -1 -
burn 1 296266 351749 650 0 -1 -
burn 1 287571 328393 620 0 -1 -
burn 0 283667 324343 600 0 -1 -
burn 0 292215 432982 730 0 -1 -
burn 1 281379 420274 700 0 -1 -
burn 1 285126 312946 600 0 -1 -
burn 0 299304 328660 630 0 -1 -
heat 37298920 0 0 0 0
`;

export const burnExamples: ExperimentSpec<Record<string, never>>['examples'] = [
  { name: 'a virtual machine', from: 'recorded', stdout: quietGuest, findings: host('all cores alike') },
  { name: 'a virtual machine whose processors have more than enough to do', from: 'recorded', stdout: busyGuest, findings: host('all cores alike') },
  { name: 'a server at its usual clock', from: 'documented', stdout: answer({ cores: 8, mhz: 3_100, core: server }), findings: host('all cores alike') },
  { name: 'one core is held at its lowest frequency', from: 'documented', stdout: answer({ cores: 8, mhz: 3_100, core: server, ms: (cpu) => (cpu === 5 ? 390 : 100) }), findings: host('a core is unlike its siblings') },
  { name: 'the machine below gives a third', from: 'documented', stdout: answer({ cores: 2, wallMs: (ms) => 3 * ms, stolenTicks: 20 }), findings: host('stolen') },
  { name: 'a dead fan', from: 'documented', stdout: answer({ mhz: 1_000, core: server, heat: '9000 5 60 100 3100' }), findings: host('throttled meanwhile') },
  { name: 'heat costs it turbo only', from: 'documented', stdout: answer({ mhz: 2_700, core: server, heat: '9000 5 60 100 3100' }), findings: host('all cores alike') },
  { name: 'a forgotten limit', from: 'documented', stdout: answer({ mhz: 1_200, core: () => '- 3400000 2400000 1200000' }), findings: host('the clock stays low') },
  {
    name: 'a notebook with two kinds of cores',
    from: 'documented',
    stdout: answer({ cores: 8, kinds: '0-3 4-7', mhz: 3_000, core: (cpu) => (cpu < 4 ? '1024 4700000 2500000 4700000' : '620 3500000 1800000 3500000'), ms: (cpu) => (cpu < 4 ? 100 : 215) }),
    findings: host('all cores alike'),
  },
  { name: 'arm64 with two kinds of cores, which only the capacity tells', from: 'documented', stdout: answer({ cores: 6, core: (cpu) => (cpu < 4 ? '446 1400000 - 1400000' : '1024 1800000 - 1800000'), mhz: 1_400, ms: (cpu) => (cpu < 4 ? 260 : 100) }), findings: host('all cores alike') },
  { name: 'the other thread of one core is busy: it is not judged by that', from: 'documented', stdout: answer({ cores: 8, ms: (cpu) => (cpu === 2 ? 210 : 100), besideTicks: (cpu) => (cpu === 2 ? 20 : 0) }), findings: host('all cores alike') },
  { name: 'all other threads are busy', from: 'documented', stdout: answer({ cores: 8, ms: (cpu) => (cpu % 3 === 0 ? 210 : 100), besideTicks: () => 10 }), findings: host(tooNoisy) },
  { name: 'one processor', from: 'documented', stdout: answer({ cores: 1 }), findings: host('all cores alike') },
  { name: 'a core that is slow in one of four rounds', from: 'documented', stdout: answer({ ms: (cpu, round) => (cpu === 1 && round === 2 ? 900 : 100) }), findings: host(tooNoisy) },
  { name: 'ended in the second round', from: 'documented', stdout: 'kinds - -\ncore 0 - - - -\nburn 0 100000 0 100 0 -1 -\nburn 0 100000 0 100 0 -1 -\n', findings: host(tooNoisy) },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
