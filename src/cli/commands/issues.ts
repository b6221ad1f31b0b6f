import { catalog as shipped } from '../../catalog/index.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { withPrivateIssues } from '../private-issues.ts';
import { textTable } from '../text-table.ts';

interface IssuesFlags {
  readonly output: string;
  readonly json?: true;
  readonly catalog?: string;
}

/** `culprit issues [words]`: known issues whose text has all the words. Exit status 1 when there is none, as grep has it. */
export function issuesAction(words: readonly string[], flags: IssuesFlags): number {
  const catalog = flags.catalog === undefined ? shipped : withPrivateIssues(shipped, flags.catalog);
  const wanted = words.map((word) => word.toLowerCase());
  const found = catalog.issues.filter((issue) => {
    const text = `${issue.id} ${issue.title} ${issue.cause} ${issue.prose} ${issue.references.join(' ')} ${issue.signs.map((sign) => sign.says).join(' ')}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  if (flags.json || flags.output === 'json') process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  else if (found.length === 0) process.stderr.write(`No known issue has all of these words: ${forTerminal(words.join(' '))}\n`);
  else process.stdout.write(`${textTable(found.map((issue) => [issue.id, forTerminal(issue.title)]))}\n`);
  return found.length > 0 ? 0 : 1;
}
