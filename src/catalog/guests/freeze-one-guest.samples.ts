import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';
import { abba, stretches } from './quiet-one-guest.samples.ts';

type Examples = ExperimentSpec<Record<string, never>>['examples'];

const twelve = Array.from({ length: 12 }, (_, index) => index);
const isHeld = (index: number): boolean => abba[index % 4] === 'held';

export const freezeOneGuestSamples: Examples = [
  {
    name: 'while it stands still, nobody waits',
    from: 'documented',
    stdout: `guest qemu/103 io frozen\n${stretches(abba, twelve.map((index) => (isHeld(index) ? { forIo: 5, ios: 10, latencyMs: 12 } : { bytes: 90e6, forIo: 140 + index, ios: 6, latencyMs: 300 + index })))}`,
    findings: [{ object: 'qemu/103', outcome: 'others are well without it' }],
  },
  {
    name: 'an idle guest, and others that wait for something else',
    from: 'documented',
    stdout: `guest lxc/101 cpu frozen\n${stretches(abba, twelve.map((index) => ({ forCpu: 60 + (index % 3) })))}`,
    findings: [{ object: 'lxc/101', outcome: 'makes no difference' }],
  },
  { name: 'a task of it hangs in the kernel', from: 'documented', stdout: 'guest qemu/103 io frozen\nstopped it did not stand still within a second\n', findings: [{ object: 'qemu/103', outcome: 'not applied' }] },
  {
    name: 'the others come and go',
    from: 'documented',
    stdout: `guest qemu/103 cpu frozen\n${stretches(abba, twelve.map((index) => ({ cpu: isHeld(index) ? 0 : 2, forCpu: (index * 70) % 190 })))}`,
    findings: [{ object: 'qemu/103', outcome: tooNoisy }],
  },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
