/** `npm run lab -- …`: boots real machines, breaks them in known ways, and compares what the product says with what was done. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { suites, type Suite } from './define.ts';
import { contextOf, endMachinesOnSignals } from './commands/context.ts';
import { runWithExperiments } from './commands/experiments.ts';
import { falseFindings, healthySummary, runOnHealthy } from './commands/healthy.ts';
import { killSummary, runKills } from './commands/kills.ts';
import { record } from './commands/record.ts';
import { isSuite, runJobs, tableOf } from './commands/run.ts';
import { missingJobs, writeResultsPage } from './commands/results.ts';
import { watchTwoMachines } from './commands/watched.ts';
import { keepFirstState, removeOldStates } from './run/states.ts';
import { chooseJobs, loadScenarios } from './scenarios.ts';
import { isHeldOut } from './score/hold-out.ts';

function suiteArgument(text: string): Suite {
  if (!isSuite(text)) throw new InvalidArgumentError(`Known suites: ${suites.join(', ')}.`);
  return text;
}

function countArgument(text: string, most = 100): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) throw new InvalidArgumentError(`A whole number from 1 to ${most} is needed.`);
  return count;
}

const lab = new Command('lab').description('The fault lab: real kernel, real ZFS, real faults. See lab/README.md.');

lab
  .command('build')
  .description('build the machines and boot each once, or take them from the cache')
  .argument('[suite]', suites.join(' or '), suiteArgument)
  .option('--upgrade', 'also the machine that boots by itself and can be upgraded')
  .action(async (suite: Suite | undefined, { upgrade }: { upgrade?: true }) => {
    endMachinesOnSignals();
    const hashes: string[] = [];
    for (const one of suite ? [suite] : suites) {
      const { prepared } = await contextOf(one, 'quick', console.log);
      await keepFirstState(prepared, (line) => console.log(`${one}: ${line}`));
      hashes.push(prepared.imageHash);
      if (upgrade) await contextOf(one, 'upgrade', console.log);
    }
    if (!suite) await removeOldStates(hashes);
  });

lab
  .command('list')
  .description('show all scenarios and what is right to say about each')
  .action(async () => {
    for (const scenario of await loadScenarios()) {
      const variants = Object.keys(scenario.variants);
      const marked = variants.map((variant) => (isHeldOut(scenario.name, variants, variant) ? `${variant} (held out)` : variant));
      console.log(`${scenario.name} (${scenario.kind}, ${scenario.subject}): ${marked.join(', ')}\n    ${scenario.why}`);
    }
  });

lab
  .command('run')
  .description('run scenarios, or single variants of them: story, story.osxsave, story.osxsave.trixie')
  .argument('<scenario...>')
  .option('--suite <suite>', 'only this suite', suiteArgument)
  .option('--repeat <times>', 'run each so many times', (text) => countArgument(text), 1)
  .option('--json', 'print the results as JSON at the end')
  .action(async (words: string[], options: { suite?: Suite; repeat: number; json?: true }) => {
    const results = await runJobs(chooseJobs(await loadScenarios(), words, options), { resume: false });
    console.log(options.json ? JSON.stringify(results, null, 2) : `\n${tableOf(results)}`);
    process.exitCode = results.every((result) => result.outcome === 'right') ? 0 : 1;
  });

lab
  .command('all')
  .description('run all scenarios, go on where an earlier run stopped, and write lab/RESULTS.md')
  .option('--suite <suite>', 'only this suite', suiteArgument)
  .option('--repeat <times>', 'run each so many times', (text) => countArgument(text), 1)
  .addOption(new Option('--fresh', 'keep no result of an earlier run').conflicts('missing'))
  .option('--missing', 'only what has no result, neither on this machine nor in lab/results.json')
  .action(async (options: { suite?: Suite; repeat: number; fresh?: true; missing?: true }) => {
    const scenarios = await loadScenarios();
    const jobs = chooseJobs(scenarios, [], options);
    const results = await runJobs(options.missing ? missingJobs(jobs) : jobs, { resume: !options.fresh });
    console.log(`\n${tableOf(results)}\n`);
    console.log(await writeResultsPage(scenarios));
    process.exitCode = results.every((result) => result.outcome === 'right') ? 0 : 1;
  });

lab
  .command('experiments')
  .description('look once more with experiments allowed, where a run without them has been made and the product would try something')
  .argument('[scenario...]')
  .option('--suite <suite>', 'only this suite', suiteArgument)
  .action(async (words: string[], options: { suite?: Suite }) => {
    const results = await runWithExperiments(chooseJobs(await loadScenarios(), words, options));
    console.log(`\n${tableOf(results)}`);
    process.exitCode = results.every((result) => result.outcome === 'right') ? 0 : 1;
  });

lab
  .command('kills')
  .description('kill experiments at random moments, and look whether the host is as before within a minute; goes on where an earlier run stopped')
  .option('--suite <suite>', 'the machine', suiteArgument, 'bookworm')
  .option('--count <number>', 'how many', (text) => countArgument(text, 1000), 200)
  .option('--seed <number>', 'of the random moments', (text) => countArgument(text, 1_000_000), 1)
  .action(async (options: { suite: Suite; count: number; seed: number }) => {
    const results = await runKills(options.suite, options.count, options.seed);
    console.log(`\n${killSummary(results)}`);
    process.exitCode = results.every(({ outcome }) => outcome === 'as before' || outcome === 'it ended before') ? 0 : 1;
  });

lab
  .command('healthy')
  .description('run experiments again and again on a healthy machine: none may find a difference; goes on where an earlier run stopped')
  .argument('[experiment...]')
  .option('--suite <suite>', 'the machine', suiteArgument, 'bookworm')
  .option('--count <number>', 'how often each', (text) => countArgument(text, 1000), 20)
  .action(async (ids: string[], options: { suite: Suite; count: number }) => {
    const runs = await runOnHealthy(options.suite, options.count, ids);
    console.log(`\n${healthySummary(runs)}`);
    process.exitCode = falseFindings(runs).length === 0 ? 0 : 1;
  });

lab
  .command('watched')
  .description('let culprit serve watch two machines, break one of them as in the story, and wait for the mail that names the cause')
  .option('--suite <suite>', 'the machines', suiteArgument, 'bookworm')
  .action(async ({ suite }: { suite: Suite }) => {
    const { mails, secondsToCause, folder } = await watchTwoMachines(suite, console.log);
    console.log(`\n${secondsToCause === undefined ? 'No mail named the cause.' : `A mail named the cause ${secondsToCause} s after the machine was broken.`} ${mails.length} mails, in ${folder}.`);
    process.exitCode = secondsToCause === undefined ? 1 : 0;
  });

lab
  .command('score')
  .description('write lab/RESULTS.md and lab/results.json from the runs so far, with the verdicts of the present product')
  .action(async () => console.log(await writeResultsPage(await loadScenarios())));

lab
  .command('record')
  .description('save the cases of right runs to test/hosts, where the ordinary tests replay them')
  .argument('<scenario...>')
  .option('--suite <suite>', 'only this suite', suiteArgument)
  .option('--with-variant', "name the folder after the variant too, to keep several of a scenario")
  .action(async (words: string[], options: { suite?: Suite; withVariant?: true }) => {
    for (const job of chooseJobs(await loadScenarios(), words, options)) console.log(await record(job, options.withVariant === true));
  });

try {
  await lab.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();
