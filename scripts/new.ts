/**
 * Starts a unit of the catalogue from a template: `npm run new -- probe zfs/arc`. What it writes compiles, and its examples pass; the
 * sentences in it say what belongs in their places. `--root` names another checkout.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitStatus } from '../src/define/errors.ts';
import { WrongUsage, writeUnit } from './new/write-unit.ts';

function main(words: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: { root: { type: 'string' } }, allowPositionals: true });
    const path = writeUnit(values.root ?? join(import.meta.dirname, '..'), positionals);
    console.log(`Written: ${path}\nFill it in, then: npm run generate && npm test && npm run check`);
    return 0;
  } catch (error) {
    const isWrongOption = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isWrongOption && !(error instanceof WrongUsage)) throw error;
    console.error(error.message);
    return exitStatus.usage;
  }
}

process.exitCode = main(process.argv.slice(2));
