import { statSync } from 'node:fs';
import { catalog } from '../../catalog/index.ts';
import { loadCase } from '../../collect/case-file.ts';
import { collect } from '../../collect/run.ts';
import { parseTarget } from '../../collect/target.ts';
import { compareReadings } from '../../compare/compare.ts';
import { comparisonOf, exitStatusOfComparison } from '../../compare/comparison.ts';
import type { Case } from '../../define/case.ts';
import type { Comparison } from '../../define/comparison.ts';
import { UserError } from '../../define/errors.ts';
import { readingsOfCase, type Readings } from '../../diagnose/readings.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { renderComparison } from '../../report/comparison-text.ts';
import { jsonText } from '../../report/json.ts';
import { abortable, clock, interruptedStatus, terminalPage } from '../process.ts';
import { Progress } from '../progress.ts';
import { sshWords, type SshFlags } from '../ssh-flags.ts';
import { version } from '../version.ts';

export interface CompareFlags extends SshFlags {
  readonly output: string;
  readonly json?: true;
  readonly color: boolean;
  readonly all?: true;
  readonly window: number;
  readonly sudo?: true;
}

/** Exit status beyond those of a comparison: a host gave no answer. */
const unreachable = 3;

/** What exists, or can only be a path, is a saved case; the rest is a host. */
function isCasePath(word: string): boolean {
  if (word.startsWith('ssh://')) return false;
  return /\/|\.(?:tgz|tar\.gz|case)$/.test(word) || statSync(word, { throwIfNoEntry: false }) !== undefined;
}

async function caseOf(word: string, flags: CompareFlags, signal: AbortSignal): Promise<Case> {
  if (isCasePath(word)) return loadCase(word, catalog.probes);
  const target = parseTarget(word, { sshOptions: sshWords(flags), sudo: flags.sudo === true });
  const progress = new Progress(catalog.probes, process.stderr);
  return collect(target, catalog.probes, { givenSymptoms: [], culpritVersion: version, windowSeconds: flags.window, signal, clock, onProgress: (event) => progress.show(event) });
}

function sideOf(name: string, aCase: Case, readings: Readings): Comparison['before'] {
  const host = readings.read(catalog.hostIdentity);
  return { name, startedAt: aCase.startedAt, complete: aCase.complete, ...(host.status === 'ok' && { hostname: host.value.hostname }) };
}

/** `culprit compare <before> <after>`: what differs, the most suspicious first. Exit status 0 when nothing that matters does, else 1. */
export async function compareAction(before: string, after: string, flags: CompareFlags): Promise<number> {
  if (catalog.comparison === undefined) throw new Error('the catalogue says nothing about comparing');
  if (sshWords(flags).length > 0 && [before, after].every(isCasePath)) throw new UserError('usage', 'Options for ssh were given, but no host.', 'Write for example: culprit compare before.tgz root@pve1 -i key');
  const sides = await abortable(async (signal) => {
    const found: { readonly side: Comparison['before']; readonly readings: Readings }[] = [];
    for (const word of [before, after]) {
      const aCase = await caseOf(word, flags, signal);
      if (signal.aborted) return interruptedStatus;
      if (aCase.outputs.every(({ ended }) => ended !== 'done')) {
        const says = aCase.connection.says.split('\n').at(-1) ?? '';
        process.stderr.write(`culprit: ${forTerminal(word)} gave no answer${says === '' ? '' : ` (${forTerminal(says)})`}; there is nothing to compare.\n`);
        return unreachable;
      }
      const readings = readingsOfCase(catalog, aCase);
      found.push({ side: sideOf(word, aCase, readings), readings });
    }
    return found;
  });
  if (typeof sides === 'number') return sides;
  const [one, other] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const compared = compareReadings(catalog, catalog.comparison, one.readings, other.readings);
  const comparison = comparisonOf(compared, { before: one.side, after: other.side, culpritVersion: version, all: flags.all === true });
  process.stdout.write(flags.json || flags.output === 'json' ? jsonText(comparison) : renderComparison(comparison, terminalPage(flags.color)));
  return exitStatusOfComparison(comparison);
}
