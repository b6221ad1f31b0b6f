import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

interface Sample {
  readonly nodes?: number;
  /** Hundredths of a second. */
  readonly memory?: (node: number, round: number) => number;
  readonly cache?: (node: number) => number;
  readonly errors?: readonly [before: string, after: string];
}

/** What four rounds print, with the times of the shell's children added up. */
function answer({ nodes = 2, memory = () => 26, cache = () => 25, errors = ['12 0 4 0 0', '12 0 4 0 0'] }: Sample): string {
  let ticks = 40;
  const time = (value: number): string => `0m${(value / 100).toFixed(6)}s`;
  const fill = (node: number, where: string, took: number): string => {
    const row = `fill ${node} ${where} 0m0.010000s ${time(ticks)} 0m0.010000s ${time(ticks + took)}`;
    ticks += took;
    return row;
  };
  const numbers = Array.from({ length: nodes }, (_, node) => node);
  const rows = [0, 1, 2, 3].flatMap((round) => (round % 2 === 0 ? numbers : numbers.toReversed()).flatMap((node) => [fill(node, 'memory', memory(node, round) + (round % 2)), fill(node, 'cache', cache(node))]));
  return ['buffer 64', `errors ${errors[0]}`, ...rows, `errors ${errors[1]}`, ''].join('\n');
}

const host = (outcome: string) => [{ object: 'host', outcome }];
const none = '- - 0 0 0';

export const memorySpeedExamples: ExperimentSpec<Record<string, never>>['examples'] = [
  { name: 'two nodes alike', from: 'documented', stdout: answer({ memory: (node) => 26 + node }), findings: host('memory is well') },
  { name: 'one node, whose errors are counted', from: 'documented', stdout: answer({ nodes: 1 }), findings: host('memory is well') },
  { name: 'two nodes without an error counter', from: 'documented', stdout: answer({ errors: [none, none] }), findings: host('memory is well, errors not counted') },
  { name: 'a node with one channel of four left', from: 'documented', stdout: answer({ memory: (node) => (node === 1 ? 80 : 26) }), findings: host('a memory node is slow') },
  { name: 'a node whose core is slow, not its memory', from: 'documented', stdout: answer({ memory: (node) => (node === 1 ? 80 : 26), cache: (node) => (node === 1 ? 90 : 25) }), findings: host('memory is well') },
  { name: 'errors under load', from: 'documented', stdout: answer({ errors: ['12 0 4 0 0', '19 0 5 0 0'] }), findings: host('errors were corrected meanwhile') },
  { name: 'the processor tells of an error, and no driver counts', from: 'documented', stdout: answer({ nodes: 1, errors: ['- - 4 0 0', '- - 6 0 0'] }), findings: host('errors were corrected meanwhile') },
  { name: 'a guest that comes and goes on one node', from: 'documented', stdout: answer({ memory: (node, round) => (node === 0 && round > 1 ? 90 : 26) }), findings: host(tooNoisy) },
  { name: 'one node and no counter', from: 'documented', stdout: answer({ nodes: 1, errors: [none, none] }), findings: 'absent' },
  { name: 'ended early', from: 'documented', stdout: 'buffer 64\nerrors 0 0 0 0 0\n', findings: 'absent' },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'absent' },
];
