import type { AnyProbe } from '../define/probe.ts';
import { orderProbes } from './script.ts';

/** What runs on a host, probe by probe and in order, for `--show-commands`. */
export function showCommands(probes: readonly AnyProbe[]): string {
  const { early, counters, late } = orderProbes(probes);
  const all = [...early, ...counters, ...late];
  const intro =
    `${all.length} questions, ${counters.length} of them asked twice. Each only reads, runs in a shell of its own, and is ended on its time limit.\n` +
    'The words have, need, absent, denied, as_root, is_root and dump are explained at the head of the script (`culprit collector` prints it).\n';
  return [intro, ...all.map(describe)].join('\n');
}

function describe(probe: AnyProbe): string {
  const { timeoutMs, maxBytes, root, sh } = probe.spec;
  const limits = `at most ${timeoutMs / 1_000} s and ${Math.ceil(maxBytes / 1_024)} KiB${probe.sampled ? ', asked twice' : ''}`;
  const rootLine = root ? [`    # root ${root.need === 'needed' ? 'is needed' : 'adds'}: ${root.adds}`] : [];
  const lines = sh.replace(/^\n+|\s+$/g, '').split('\n').map((line) => `    ${line}`.trimEnd());
  return [`${probe.title} (${probe.id}; ${limits})`, ...rootLine, ...lines, ''].join('\n');
}
