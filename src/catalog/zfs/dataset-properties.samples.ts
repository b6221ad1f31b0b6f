import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';
import { propertyOutcomes, type PropertyClass } from './property-trials.ts';

type Samples = ExperimentSpec<Record<string, never>>['examples'];

/** Three rounds by turns, of about the milliseconds given. */
function turns(number: number, own: number, other: number): string {
  const line = (side: string, milliseconds: number): string => `write ${number} ${side} ${milliseconds} 8388608\n`;
  return [0, 10, 20].map((more) => line('other', other + more) + line('own', own + more) + line('own', own) + line('other', other)).join('');
}

const costly = (property: PropertyClass, own: string, other: string): Samples[number] => ({
  name: `${property} ${own}`,
  from: 'documented',
  stdout: `pool tank tank/vm-100-disk-0\ntrial 1 ${property.replace(' ', '-')} ${own} ${other}\n${turns(1, 1_800, 400)}`,
  findings: [{ object: 'storage/tank', outcome: propertyOutcomes[property] }],
});

export const propertySamples: Samples = [
  costly('dedup', 'on', 'off'),
  costly('sync', 'always', 'standard'),
  costly('block size', '128_KiB', '16.0_KiB'),
  costly('compression', 'gzip-9', 'on'),
  costly('copies', '3', '1'),
  costly('primarycache', 'none', 'all'),
  costly('logbias', 'throughput', 'latency'),
  costly('checksum', 'sha256', 'on'),
  {
    name: 'of three, none costs much',
    from: 'documented',
    stdout: `pool tank tank/db\ntrial 1 sync always standard\n${turns(1, 510, 400)}trial 2 compression zstd on\n${turns(2, 440, 400)}trial 3 checksum sha256 on\n${turns(3, 400, 410)}`,
    findings: [{ object: 'storage/tank', outcome: 'no property costs much' }],
  },
  {
    name: 'the second costs much',
    from: 'documented',
    stdout: `pool tank tank/db\ntrial 1 sync always standard\n${turns(1, 510, 400)}trial 2 compression gzip-9 on\n${turns(2, 1_700, 400)}`,
    findings: [{ object: 'storage/tank', outcome: propertyOutcomes.compression }],
  },
  {
    name: 'other writers take turns with us',
    from: 'documented',
    stdout: 'pool tank tank/db\ntrial 1 dedup on off\nwrite 1 other 400 1\nwrite 1 own 4000 1\nwrite 1 own 500 1\nwrite 1 other 3000 1\nwrite 1 other 450 1\nwrite 1 own 460 1\nwrite 1 own 900 1\nwrite 1 other 300 1\n',
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  {
    name: 'a database that keeps the disk busy hides what the block size costs',
    from: 'documented',
    stdout: `pool tank tank/database
trial 1 block-size 128_KiB 16.0_KiB
base 1 2600
base 1 2900
base 1 2700
write 1 other 3800 16384
write 1 own 2590 16384
write 1 own 2970 16384
write 1 other 2420 16384
write 1 other 3620 16384
write 1 own 3750 16384
write 1 own 3210 16384
write 1 other 2910 16384
write 1 other 3010 16384
write 1 own 2520 16384
write 1 own 3840 16384
write 1 other 2740 16384
`,
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  {
    name: 'an idle emulated machine: less is written than it takes to write nothing',
    from: 'recorded',
    stdout: `pool tank tank/db
trial 1 sync always standard
write 1 other 300 65536
write 1 own 320 65536
write 1 own 980 65536
write 1 other 330 65536
write 1 other 990 65536
write 1 own 400 65536
write 1 own 330 65536
write 1 other 790 65536
write 1 other 280 65536
write 1 own 290 65536
write 1 own 830 65536
write 1 other 250 65536
trial 2 block-size 1.0_MiB 16.0_KiB
write 2 other 420 65536
write 2 own 740 65536
write 2 own 800 65536
write 2 other 340 65536
write 2 other 930 65536
write 2 own 1570 65536
write 2 own 840 65536
write 2 other 330 65536
write 2 other 350 65536
write 2 own 840 65536
write 2 own 1010 65536
write 2 other 280 65536
trial 3 compression gzip-9 on
write 3 other 270 524288
write 3 own 850 524288
write 3 own 410 524288
write 3 other 250 524288
write 3 other 370 524288
write 3 own 400 524288
write 3 own 830 524288
write 3 other 240 524288
write 3 other 280 524288
write 3 own 620 524288
write 3 own 370 524288
write 3 other 210 524288
`,
    findings: [{ object: 'storage/tank', outcome: tooNoisy }],
  },
  { name: 'it ended before the first round', from: 'documented', stdout: 'pool tank tank/db\ntrial 1 dedup on off\nwrite 1 other 400 1\n', findings: [{ object: 'storage/tank', outcome: tooNoisy }] },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
