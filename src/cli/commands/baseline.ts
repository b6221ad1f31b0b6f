import { homedir } from 'node:os';
import { catalog } from '../../catalog/index.ts';
import { baselineFolder, listBaselines, loadBaseline, removeBaseline, storeBaseline } from '../../collect/baselines.ts';
import { parseTarget } from '../../collect/target.ts';
import type { Case } from '../../define/case.ts';
import { UserError } from '../../define/errors.ts';
import { targetName, type Target } from '../../define/target.ts';
import { investigate } from '../../investigate/investigate.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { ageText } from '../../report/baseline.ts';
import { jsonText } from '../../report/json.ts';
import { clockTime } from '../../report/words.ts';
import { abortable, clock, interruptedStatus } from '../process.ts';
import { Progress } from '../progress.ts';
import { sshWords, type SshFlags } from '../ssh-flags.ts';
import { textTable } from '../text-table.ts';
import { version } from '../version.ts';

export interface BaselineFlags extends SshFlags {
  readonly output: string;
  readonly json?: true;
  readonly list?: true;
  readonly remove?: true;
  readonly window: number;
  readonly sudo?: true;
}

const unreachable = 3;

/** Where this user's baselines are kept. */
function folder(): string {
  return baselineFolder(process.env, homedir());
}

/** The baseline to compare a host with. One that cannot be read does not end an investigation: it is said, and left out. */
export async function baselineFor(target: Target): Promise<Case | undefined> {
  if (target.kind === 'case') return undefined;
  try {
    return await loadBaseline(folder(), target, catalog.probes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`culprit: the baseline of this host is left out. ${forTerminal(error.message)}\n`);
    return undefined;
  }
}

/** `culprit baseline [target]`: keeps the state of a host for later comparisons, lists those that are kept, or removes one. */
export async function baselineAction(text: string | undefined, flags: BaselineFlags): Promise<number> {
  if (flags.list && (flags.remove || text !== undefined)) throw new UserError('usage', '--list stands alone: it shows the baselines of all hosts.', 'Leave out the target and --remove.');
  const asJson = flags.json === true || flags.output === 'json';
  if (flags.list) return list(asJson);
  const target = parseTarget(text, { sshOptions: sshWords(flags), sudo: flags.sudo === true });
  if (target.kind === 'case') throw new UserError('usage', 'A baseline is taken of a host.', 'Write for example: culprit baseline root@pve1');
  const name = targetName(target);
  if (flags.remove) {
    const path = await removeBaseline(folder(), target);
    process.stdout.write(asJson ? jsonText({ target: name, path, removed: true }) : `The baseline of ${name} is removed.\n`);
    return 0;
  }
  return store(target, name, flags.window, asJson);
}

async function list(asJson: boolean): Promise<number> {
  const stored = await listBaselines(folder());
  const now = clock.now().toISOString();
  if (asJson) process.stdout.write(jsonText({ folder: folder(), baselines: stored }));
  else if (stored.length === 0) process.stdout.write('No baseline is kept. This takes one: culprit baseline root@pve1\n');
  else process.stdout.write(`${textTable(stored.map(({ host, takenAt }) => [forTerminal(host), takenAt === undefined ? 'cannot be read; take it again' : `${clockTime(takenAt)}, ${ageText(takenAt, now)}`]))}\n`);
  return 0;
}

async function store(target: Exclude<Target, { kind: 'case' }>, name: string, windowSeconds: number, asJson: boolean): Promise<number> {
  const progress = new Progress(catalog.probes, process.stderr);
  return await abortable(async (signal) => {
    const { case: aCase, report } = await investigate(catalog, target, { givenSymptoms: [], culpritVersion: version, windowSeconds, signal, clock, onProgress: (event) => progress.show(event) });
    if (signal.aborted) return interruptedStatus;
    if (!aCase.complete) {
      const says = aCase.connection.says.split('\n').at(-1) ?? '';
      process.stderr.write(`culprit: ${name} did not answer all questions${says === '' ? '' : ` (${forTerminal(says)})`}. The baseline was not taken; one that was there is kept.\n`);
      return unreachable;
    }
    const path = await storeBaseline(folder(), target, aCase, report);
    const { status, summary } = report.verdict;
    if (asJson) process.stdout.write(jsonText({ target: name, path, takenAt: aCase.startedAt, status, summary }));
    else {
      const remark = status === 'healthy' ? '' : `Keep in mind that the host was not healthy then: ${forTerminal(summary)}\n`;
      process.stdout.write(`The baseline of ${name} is kept: ${forTerminal(path)}\nThe next investigation of this host says what differs from it.\n${remark}`);
    }
    return 0;
  });
}
