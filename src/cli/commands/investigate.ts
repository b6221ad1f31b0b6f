import { writeFileSync } from 'node:fs';
import { catalog as shipped } from '../../catalog/index.ts';
import { saveCase } from '../../collect/case-file.ts';
import { redactCase } from '../../collect/redact.ts';
import { parseTarget } from '../../collect/target.ts';
import { showCommands } from '../../collect/show-commands.ts';
import { UserError } from '../../define/errors.ts';
import { symptomIds } from '../../define/ids.ts';
import { exitStatusOf, type Report } from '../../define/report.ts';
import type { Target } from '../../define/target.ts';
import { investigate } from '../../investigate/investigate.ts';
import { renderers, type OutputFormat } from '../../report/index.ts';
import { askPrometheus, type PrometheusFlags } from '../ask-prometheus.ts';
import { planText } from '../plan-text.ts';
import { withPrivateIssues } from '../private-issues.ts';
import { lookFromOutside } from '../../investigate/look-from-outside.ts';
import { abortable, clock, interruptedStatus, terminalPage } from '../process.ts';
import { Progress } from '../progress.ts';
import { sshWords, type SshFlags } from '../ssh-flags.ts';
import { version } from '../version.ts';
import { baselineFor } from './baseline.ts';

export interface InvestigateFlags extends SshFlags, PrometheusFlags {
  readonly output: OutputFormat;
  readonly json?: true;
  readonly color: boolean;
  readonly html?: string;
  readonly save?: string;
  readonly from?: string;
  readonly redact?: true;
  readonly symptom: readonly string[];
  readonly catalog?: string;
  readonly knownIssues: boolean;
  /** False with --no-baseline. */
  readonly baseline: boolean;
  readonly showCommands?: true;
  readonly verbose?: true;
  readonly window: number;
  readonly experiments: 'none' | 'read-only' | 'safe' | 'intrusive';
  readonly budget: number;
  readonly plan?: true;
  /** Number of the guest that may be frozen. */
  readonly freeze?: string;
  readonly sudo?: true;
}

/** Words of the command line for classes of risk. */
const riskOf = { 'read-only': 'read-only', safe: 'writes-temporary', intrusive: 'disturbs-guests' } as const;

function targetOf(text: string | undefined, flags: InvestigateFlags): Target {
  if (flags.from !== undefined) {
    if (text !== undefined) throw new UserError('usage', 'A target and --from exclude each other.', 'Leave one of them out.');
    return { kind: 'case', path: flags.from };
  }
  const options = sshWords(flags);
  if (text === undefined && options.length > 0) {
    throw new UserError('usage', 'Options for ssh were given, but no target.', 'Write for example: culprit investigate root@pve1 -i key');
  }
  return parseTarget(text, { sshOptions: options, sudo: flags.sudo === true });
}

function checkSymptoms(ids: readonly string[]): void {
  for (const id of ids) {
    if ((symptomIds as readonly string[]).includes(id)) continue;
    throw new UserError('id-not-known', `There is no symptom "${id}".`, `Symptoms: ${symptomIds.join(', ')}.`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new UserError('file-not-writable', `Cannot write ${path}: ${why}.`, 'Choose another file or folder.');
  }
}

function print(report: Report, flags: InvestigateFlags): void {
  const format = flags.json ? 'json' : flags.output;
  const text = renderers[format](report, { ...terminalPage(flags.color), verbose: flags.verbose === true });
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** `culprit investigate`: collects, diagnoses, prints, saves. Returns the exit status. */
export async function investigateAction(text: string | undefined, flags: InvestigateFlags): Promise<number> {
  checkSymptoms(flags.symptom);
  if (flags.showCommands) {
    process.stdout.write(showCommands(shipped.probes));
    return 0;
  }
  const target = targetOf(text, flags);
  const { prometheus } = flags;
  if (flags.freeze !== undefined && flags.experiments !== 'intrusive') throw new UserError('usage', 'A guest was named with --freeze, but experiments may not hold up guests.', 'Add: --experiments intrusive');
  const known = flags.catalog === undefined ? shipped : withPrivateIssues(shipped, flags.catalog);
  const catalog = flags.knownIssues ? known : { ...known, issues: [] };
  const progress = new Progress(catalog.probes, process.stderr);
  return await abortable(async (signal) => {
    const baseline = flags.baseline ? await baselineFor(target) : 'none';
    const { case: aCase, report } = await investigate(catalog, target, {
      givenSymptoms: flags.symptom,
      culpritVersion: version,
      windowSeconds: flags.window,
      signal,
      clock,
      ...(baseline === undefined ? {} : { baseline }),
      ...(flags.freeze === undefined ? {} : { freeze: flags.freeze }),
      onProgress: (event) => progress.show(event),
      ...(flags.experiments === 'none' || flags.plan ? {} : { experiments: { risk: riskOf[flags.experiments], budgetSeconds: flags.budget, onEvent: (event) => progress.showExperiment(event) } }),
      ...(prometheus === undefined ? {} : { askHistory: (aCase) => askPrometheus(catalog, aCase, target, { ...flags, prometheus }, signal) }),
      ...(target.kind === 'ssh' ? { lookFromOutside: (unanswered) => lookFromOutside(unanswered, target, clock) } : {}),
      ...(flags.redact ? { rewrite: redactCase } : {}),
    });
    progress.end();
    if (signal.aborted) return sayInterrupted(report);
    if (flags.plan) {
      process.stdout.write(planText(catalog, aCase, { risk: flags.experiments === 'none' ? 'read-only' : riskOf[flags.experiments], budgetSeconds: flags.budget }));
      return 0;
    }
    print(report, flags);
    if (flags.html !== undefined) {
      write(flags.html, renderers.html(report));
      process.stderr.write(`The report as a page: ${flags.html}\n`);
    }
    if (flags.save !== undefined) {
      await saveCase(aCase, flags.save, report);
      process.stderr.write(`The case: ${flags.save}\n`);
    }
    return exitStatusOf(report);
  });
}

function sayInterrupted(report: Report): number {
  const left = report.leftBehind.length > 0 ? ` These commands cannot be ended and are still there: ${report.leftBehind.join('; ')}.` : '';
  process.stderr.write(`Interrupted. Nothing else was left running on the host.${left}\n`);
  return interruptedStatus;
}
