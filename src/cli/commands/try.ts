import { catalog } from '../../catalog/index.ts';
import { collect } from '../../collect/run.ts';
import { parseTarget } from '../../collect/target.ts';
import type { Case } from '../../define/case.ts';
import { UserError } from '../../define/errors.ts';
import type { Experiment, Findings } from '../../define/experiment.ts';
import type { AnyProbe } from '../../define/probe.ts';
import { targetName } from '../../define/target.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { probesBehind } from '../../diagnose/not-read.ts';
import { candidatesFor, objectsOf } from '../../diagnose/plan/candidates.ts';
import { readingsOfCase } from '../../diagnose/readings.ts';
import { runExperiment } from '../../experiment/run.ts';
import { chosenGuest } from '../../investigate/chosen-guest.ts';
import { hostScriptOf } from '../../investigate/experiments.ts';
import { abortable, clock } from '../process.ts';
import { commandsOf } from '../plan-text.ts';
import { sshWords, type SshFlags } from '../ssh-flags.ts';
import { version } from '../version.ts';

export interface TryFlags extends SshFlags {
  readonly output: string;
  readonly json?: true;
  readonly sudo?: true;
  readonly plan?: true;
  /** Number of the guest that may be frozen. */
  readonly freeze?: string;
}

/** What came of it, as `--json` prints it. */
interface Tried {
  readonly id: string;
  readonly target: string;
  readonly ran: boolean;
  /** Why it was not run, or told nothing. */
  readonly reasons: readonly string[];
  readonly findings: Findings['findings'];
  readonly durationMs: number;
  readonly left: readonly string[];
}

function experimentOf(id: string): Experiment {
  const experiment = catalog.experiments.find((one) => one.id === id);
  if (experiment === undefined) throw new UserError('id-not-known', `There is no experiment "${id}".`, `Experiments: ${catalog.experiments.map((one) => one.id).join(', ')}.`);
  return experiment;
}

/** `culprit try <experiment> [target]`: one experiment by itself. Exit status 0 when it told something, 1 when it was refused, 3 when it told nothing. */
export async function tryAction(id: string, text: string | undefined, flags: TryFlags): Promise<number> {
  const experiment = experimentOf(id);
  const target = parseTarget(text, { sshOptions: sshWords(flags), sudo: flags.sudo === true });
  if (target.kind === 'case') throw new UserError('usage', 'An experiment needs a host, not a case.', 'Write for example: culprit try encrypted-against-plain root@pve1');
  const probes = [...probesBehind(experiment.spec.needs)] as unknown as AnyProbe[];
  const collected = await collect(target, probes, { givenSymptoms: [], culpritVersion: version, clock });
  const aCase = { ...collected, outputs: [...collected.outputs, chosenGuest(flags.freeze)] };
  const candidate = candidatesFor(catalog, aCase, 'disturbs-guests').find((one) => one.experiment.id === id);
  const nothing = { id, target: targetName(target), ran: false, findings: [], durationMs: 0, left: [] };
  if (candidate === undefined) return print({ ...nothing, reasons: [whyNothing(experiment, aCase)] }, flags);
  if (flags.plan) {
    process.stdout.write(`${commandsOf(candidate)}\n`);
    return 0;
  }
  if (candidate.reasons.length > 0) return print({ ...nothing, reasons: candidate.reasons }, flags);
  return await abortable(async (signal) => {
    const { output, left } = await runExperiment(target, { ...hostScriptOf(candidate), signal });
    const read = readingsOfCase(catalog, { outputs: [...aCase.outputs, output] }).read(experiment);
    const findings = read.status === 'ok' ? read.value.findings : [];
    return print({ id, target: targetName(target), ran: true, reasons: read.status === 'ok' ? [] : [read.detail], findings, durationMs: output.durationMs, left }, flags);
  });
}

function whyNothing(experiment: Experiment, aCase: Case): string {
  if (!aCase.complete) return `the host did not answer all that has to be known first${aCase.connection.says === '' ? '' : ` (${aCase.connection.says.split('\n').at(-1)})`}`;
  const objects = objectsOf(catalog, aCase, experiment);
  return 'missing' in objects ? objects.missing.detail : 'there is nothing on this host that it could look at';
}

function print(tried: Tried, flags: TryFlags): number {
  const { id, target, ran, reasons, findings, durationMs, left } = tried;
  if (flags.json || flags.output === 'json') process.stdout.write(`${JSON.stringify(tried, undefined, 2)}\n`);
  else {
    const lines = findings.map(({ object, outcome, says }) => `${object}: ${outcome}. ${says}`);
    if (!ran) lines.push(`${id} was not run on ${target}: ${reasons.join('; ')}.`);
    else if (findings.length === 0) lines.push(`${id} told nothing: ${reasons.join('; ')}.`);
    if (ran) lines.push(`It took ${(durationMs / 1_000).toFixed(1)} s.`);
    if (left.length > 0) lines.push(`It could not remove all that it made. Please run: ${left.join('; ')}`);
    process.stdout.write(`${lines.map((line) => forTerminal(line)).join('\n')}\n`);
  }
  return !ran ? 1 : findings.length === 0 ? 3 : 0;
}
