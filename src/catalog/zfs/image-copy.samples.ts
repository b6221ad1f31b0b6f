import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

type Samples = ExperimentSpec<Record<string, never>>['examples'];

/** Three rounds of copies of 24 MiB by turns, of about the milliseconds given. */
function turns(...times: readonly number[]): string {
  const order = ['own', 'plain', 'elsewhere'].slice(0, times.length).map((side, index) => [side, times[index] ?? 0] as const);
  const row = (more: number) => ([side, took]: readonly [string, number]): string => `copy ${side} ${Math.round(took * more)} 25165824\n`;
  return [1, 1.1, 1.02].map((more) => [...order.map(row(more)), ...order.toReversed().map(row(1.05))].join('')).join('');
}

const ended = (outcome: string) => [{ object: 'storage/tank', outcome }];

export const imageCopySamples: Samples = [
  { name: 'the properties are to blame', from: 'documented', stdout: `pool tank ssd\n${turns(1_900, 310, 290)}`, findings: ended('slow only with the properties of the dataset') },
  { name: 'the pool is to blame', from: 'documented', stdout: `pool tank ssd\n${turns(3_300, 3_100, 210)}`, findings: ended('slow everywhere in the pool') },
  { name: 'the only pool is slow', from: 'documented', stdout: `pool tank -\n${turns(5_300, 5_100)}`, findings: ended('slow everywhere in the pool') },
  { name: 'the host is to blame', from: 'documented', stdout: `pool tank ssd\n${turns(5_300, 5_100, 4_200)}`, findings: ended('slow in every pool') },
  { name: 'a healthy host', from: 'documented', stdout: `pool tank -\n${turns(120, 110)}`, findings: ended('quick everywhere') },
  { name: 'a pool of mechanical disks beside one of NVMe disks', from: 'documented', stdout: `pool tank ssd\n${turns(240, 220, 30)}`, findings: ended('quick everywhere') },
  {
    name: 'a healthy host, emulated, whose datasets are encrypted',
    from: 'recorded',
    stdout: `pool tank -
copy own 2130 25165824
copy plain 1460 25165824
copy plain 1300 25165824
copy own 1170 25165824
copy own 1120 25165824
copy plain 930 25165824
copy plain 880 25165824
copy own 1160 25165824
copy own 1200 25165824
copy plain 860 25165824
copy plain 870 25165824
copy own 1100 25165824
`,
    findings: ended('quick everywhere'),
  },
  {
    name: 'a database that keeps the only disk busy',
    from: 'recorded',
    stdout: `pool tank -
copy own 2850 2097152
copy plain 5430 2097152
copy plain 3090 2097152
copy own 3250 2097152
copy own 2740 2097152
copy plain 2360 2097152
copy plain 2460 2097152
copy own 3270 2097152
copy own 6160 2097152
copy plain 2810 2097152
copy plain 3070 2097152
copy own 3560 2097152
`,
    findings: ended('slow everywhere in the pool'),
  },
  { name: 'other writers take turns with us', from: 'documented', stdout: 'pool tank -\ncopy own 300 1\ncopy plain 900 1\ncopy plain 200 1\ncopy own 1200 1\ncopy own 280 1\ncopy plain 290 1\n', findings: ended(tooNoisy) },
  { name: 'it was ended too early', from: 'documented', stdout: 'pool tank -\ncopy own 300 1\n', findings: ended(tooNoisy) },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
