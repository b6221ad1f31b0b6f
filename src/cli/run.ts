import { CommanderError } from 'commander';
import { exitStatus, UserError } from '../define/errors.ts';
import { forTerminal } from '../lib/hostile-text.ts';
import { buildProgram } from './program.ts';

/** Runs one command line and returns its exit status. What a user can do something about is said in one or two lines. */
export async function run(words: readonly string[]): Promise<number> {
  const result = { exitStatus: 0 };
  try {
    await buildProgram(result).parseAsync([...words], { from: 'user' });
    return result.exitStatus;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitStatus.usage;
    if (error instanceof UserError) {
      process.stderr.write(`culprit: ${forTerminal(error.message)}\n${forTerminal(error.hint)}\n`);
      return exitStatus.usage;
    }
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return exitStatus.internal;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`culprit: internal error. Please report it with the lines below and, if you can, a redacted case (--save, --redact).\n${text}\n`);
    return exitStatus.internal;
  }
}
