import { parseArgs } from 'node:util';
import type { Place } from './measured-run.ts';

export interface BenchOptions {
  readonly place: Place;
  /** Words for `culprit investigate` that name the same host. */
  readonly investigateWords: readonly string[];
  readonly repetitions: number;
  readonly json?: string;
}

/** A command line that cannot be understood; the message is for the user. */
export class WrongUsage extends Error {}

const usage = 'Usage: npm run bench -- [--repetitions N] [--json FILE] [--target [-o OPTION] [-F FILE] [-J HOST] [-i FILE] user@host]';

function placeOf(words: readonly string[] | undefined): Pick<BenchOptions, 'place' | 'investigateWords'> {
  if (words === undefined) return { place: { name: 'this machine', shell: ['sh', '-s'] }, investigateWords: [] };
  const { tokens } = parseArgs({
    args: [...words],
    options: { option: { type: 'string', short: 'o', multiple: true }, file: { type: 'string', short: 'F' }, jump: { type: 'string', short: 'J' }, identity: { type: 'string', short: 'i', multiple: true } },
    allowPositionals: true,
    tokens: true,
  });
  const flags = tokens.flatMap((token) => (token.kind === 'option' && token.value !== undefined ? [token.rawName, token.value] : []));
  const destinations = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (destinations.length !== 1 || flags.some((word, index) => index % 2 === 0 && word.startsWith('--'))) throw new WrongUsage(usage);
  const destination = destinations[0]!;
  return { place: { name: destination, shell: ['ssh', '-T', '-o', 'BatchMode=yes', ...flags, '--', destination, 'exec sh -s'] }, investigateWords: [destination, ...flags] };
}

/** Everything after `--target` is for ssh. */
export function benchOptions(words: readonly string[]): BenchOptions {
  const at = words.indexOf('--target');
  try {
    const { values } = parseArgs({ args: at < 0 ? [...words] : words.slice(0, at), options: { repetitions: { type: 'string', default: '3' }, json: { type: 'string' } } });
    if (!/^[1-9]\d?$/.test(values.repetitions)) throw new WrongUsage(`--repetitions is a number from 1 to 99.\n${usage}`);
    return { ...placeOf(at < 0 ? undefined : words.slice(at + 1)), repetitions: Number(values.repetitions), ...(values.json === undefined ? {} : { json: values.json }) };
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) throw new WrongUsage(`${error.message}\n${usage}`);
    throw error;
  }
}
