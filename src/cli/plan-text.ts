import type { Case } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { RiskClass } from '../define/experiment.ts';
import { candidatesFor, type Candidate } from '../diagnose/plan/candidates.ts';
import { planExperiment } from '../diagnose/plan/plan-experiment.ts';
import { hostScriptOf } from '../investigate/experiments.ts';

const indented = (text: string): string => text.split('\n').map((line) => `    ${line}`.trimEnd()).join('\n');

const stops = {
  sure: 'No experiment would be run: the cause is sure enough already.',
  'nothing is worth its cost': 'No experiment would be run: none would tell enough for the time it takes.',
  'the budget is spent': 'No experiment would be run: none fits into the time that --budget gives.',
  'nothing to ask': 'No experiment would be run: none could tell more on this host.',
} as const;

/** One experiment with all its commands for a host, those of its clean-up included. */
export function commandsOf(candidate: Candidate & { readonly reasons: readonly string[] }): string {
  const { experiment, reasons } = candidate;
  const { risk, costSeconds, costBytes, limitSeconds } = experiment.spec;
  const script = hostScriptOf(candidate);
  return [
    `${experiment.title} (${experiment.id}; ${risk}; about ${costSeconds} s, at most ${limitSeconds} s${costBytes > 0 ? `, writes up to ${Math.round(costBytes / 1e6)} MB` : ''})`,
    ...(reasons.length > 0 ? [`  Not now: ${reasons.join('; ')}.`] : []),
    indented(script.sh.trim()),
    '  Clean-up, which runs in any case:',
    indented(script.cleanUp.trim()),
  ].join('\n\n');
}

/**
 * What `--plan` prints: which experiment would be run first and why, and for each that could follow the very commands for the host, those of its
 * clean-up included.
 */
export function planText(catalog: Catalog, aCase: Case, options: { readonly risk: RiskClass; readonly budgetSeconds: number }): string {
  const plan = planExperiment(catalog, aCase, options);
  const candidates = candidatesFor(catalog, aCase, options.risk);
  const first = plan.next?.experiment.id;
  const parts = [plan.next === undefined ? stops[plan.stop ?? 'nothing to ask'] : `First: ${plan.next.experiment.title}. It ${plan.next.says}. Which comes next depends on what it finds.`];
  for (const candidate of candidates.toSorted((a, b) => Number(b.experiment.id === first) - Number(a.experiment.id === first))) {
    parts.push(commandsOf(candidate));
  }
  return `${parts.join('\n\n')}\n`;
}
