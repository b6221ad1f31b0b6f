import type { Gaps } from './descriptions.ts';
import { counted, fixed, percent, table } from './markdown.ts';
import { meetsBar, type GroupScores, type Scores, type Share, type Spread } from './scores.ts';
import { bootstrapResamples } from './statistics.ts';

function shareText({ hits, count, share, bounds }: Share): string {
  return count === 0 ? '–' : `${hits} of ${count}, ${percent(share)} (${percent(bounds.low)} to ${percent(bounds.high)})`;
}

export function plainShare({ hits, count, share }: Share): string {
  return count === 0 ? '–' : `${hits} of ${count}, ${percent(share)}`;
}

function barSection(all: GroupScores, gaps: Gaps): string {
  const met = meetsBar(all);
  const rows = [
    ['Top-1', 'at least 90 %', shareText(all.topOne), met.topOne],
    ['Top-3', 'at least 97 %', shareText(all.topThree), met.topThree],
    ['Controls accused', 'none', shareText(all.accusedControls), met.controls],
    ['Runs with a cause wrongly called identified', 'none', `${all.wronglyIdentifiedRuns} of ${all.runs}`, met.identified],
  ] as const;
  const missing = gaps.scenarios.length + gaps.variants.length;
  const scope =
    missing === 0
      ? 'The bar is for all scenarios on both suites. All of them have a result.'
      : `The bar is for all scenarios on both suites. **These figures are not yet about all of them**: ${counted(gaps.scenarios.length, 'scenario')} and ${counted(gaps.variants.length, 'variant')} of others, each on one suite, have no result.`;
  return [
    '## The figures against the bar',
    scope,
    table(
      ['Score', 'Bar', 'Result (95 % bounds)', 'Met'],
      rows.map(([name, bar, result, isMet]) => [name, bar, result, isMet ? 'yes' : '**no**']),
    ),
  ].join('\n\n');
}

function howCounted(all: GroupScores): string {
  return `Top-1: the leading cause is one of those that the scenario wrote down as right, about the right disk or guest. Top-3: such a cause is among
the first three; where two faults were made at once, both are. Both are over faults and doubles only. A run whose fault did not take, or that ended
in an error, counts as a miss: there ${all.notInjected + all.errors === 1 ? 'is' : 'are'} ${all.notInjected} of the first kind and ${all.errors} of the second. Where the right answer is a status and no cause has to lead, the
whole run must be right. "All right" also asks for the right status, symptoms, objects and nothing forbidden, controls included.

Bounds of these shares are by bootstrap over families of scenarios: percentile method, ${bootstrapResamples} resamples with fixed random numbers. Where
all runs hit, or none does, resampling has no spread; the bounds are then exact (Clopper and Pearson) with each family as one trial.
One family alone says nothing about others, so its bounds are 0 to 100 %.

A control is accused when any cause is named that it does not allow. Its bounds are exact (Clopper and Pearson) with each run as one trial, since
a bootstrap of no accusations at all would give no bound. Runs of one family are alike, so here is the same by families:
${shareText(all.accusedFamilies)}. Of ${counted(all.controls, 'run')} of controls, ${all.accusedControls.count} ended with a verdict.

A cause is wrongly called identified when it is named so and is neither right nor a true consequence, or when it is about the wrong thing: ${counted(all.wronglyIdentifiedCauses, 'cause')} in
${counted(all.wronglyIdentifiedRuns, 'run')}.`;
}

function groupsTable(first: string, groups: Iterable<readonly [string, GroupScores]>, text: (share: Share) => string): string {
  const rows = [...groups].map(([name, group]) => [
    name,
    String(group.runs),
    text(group.topOne),
    text(group.topThree),
    text(group.accusedControls),
    String(group.wronglyIdentifiedRuns),
    text(group.right),
  ]);
  return table([first, '>Runs', 'Top-1', 'Top-3', 'Controls accused', '>Wrongly identified', 'All right'], rows);
}

function certaintySection({ calibration }: Scores): string {
  const { all, faults, controls, bins, noCause, byStatus, byVerdict, withoutClaim } = calibration;
  const claims = [
    ['Faults and doubles', faults],
    ['Controls', controls],
    ['All', all],
  ] as const;
  return [
    '## How far its certainty can be trusted',
    `The Brier score is the mean of (p − o)²; 0 is perfect. Each verdict makes one claim. Where it names causes: "the leading cause is right", with p the
probability of the leading cause. Where it says healthy and names none: "there is no cause", with p = 1. o is 1 when the claim holds, else 0. On a control
a leading cause is right only if the control allows it. A verdict without a cause that does not say healthy claims nothing; there are ${withoutClaim}. Runs
whose fault did not take or that ended in an error are left out here.`,
    table(
      ['Verdicts', '>Claims', '>Brier score', '>Score of always saying the mean'],
      claims.map(([name, brier]) => [name, String(brier.claims), fixed(brier.score, 4), fixed(brier.uninformed, 4)]),
    ),
    'Reliability of "the leading cause is right":',
    table(
      ['Probability', '>Claims', '>Mean probability', '>Right'],
      [
        ...bins.map((bin) => [
          `${bin.from} to ${bin.to === 1 ? '1' : `below ${bin.to}`}`,
          String(bin.claims),
          fixed(bin.meanProbability, 3),
          percent(bin.rightShare),
        ]),
        ['"there is no cause"', String(noCause.claims), noCause.claims === 0 ? '–' : '1.000', percent(noCause.claims === 0 ? undefined : noCause.right / noCause.claims)],
      ],
    ),
    'How often its words were right, for the leading cause and for all named causes:',
    table(
      ['Word', 'Leading causes right', 'Causes right'],
      byStatus.map((one) => [one.status, ratio(one.rightLeading, one.leading), ratio(one.rightCauses, one.causes)]),
    ),
    'How often the whole run was right, by the status of the verdict:',
    table(['Status', 'Right'], byVerdict.map((one) => [one.status, ratio(one.right, one.runs)])),
  ].join('\n\n');
}

function ratio(hits: number, count: number): string {
  return count === 0 ? '–' : `${hits} of ${count}, ${percent(hits / count)}`;
}

function costSection(scores: Scores): string {
  const row = (name: string, { count, median, p95, max }: Spread): string[] => [name, String(count), fixed(median, 1), fixed(p95, 1), fixed(max, 1)];
  return [
    '## Time and cost',
    'Time runs from the start of the command to its verdict. The cost is CPU time on the machine looked at, on emulated CPUs, where it could be measured. Both are of the live look, also where the verdict was made again from the saved case. Runs without a verdict have no time here.',
    table(
      ['In seconds', '>Runs', '>Median', '>95th percentile', '>Longest'],
      [row('Time to the verdict', scores.verdictSeconds), row('CPU time on the host', scores.hostCpuSeconds)],
    ),
  ].join('\n\n');
}

/** All tables of figures. */
export function figuresSection(scores: Scores, gaps: Gaps): string {
  const { all, open, heldOut, bySuite, bySubject } = scores;
  const halves: [string, GroupScores][] = [['All', all], ['Open half', open], ['Held-out half', heldOut], ...bySuite];
  return [
    barSection(all, gaps),
    '## Halves and suites',
    'Half of the variants of each scenario, rounded down and chosen by a hash of their names, are held out: they are to be left alone while rules are written. Since this page lists their failures too, a rule that was changed after an earlier page may have learnt from it.',
    groupsTable('Runs of', halves, shareText),
    howCounted(all),
    '## By subject',
    groupsTable('Subject', bySubject, plainShare),
    certaintySection(scores),
    costSection(scores),
  ].join('\n\n');
}
