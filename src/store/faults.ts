import { UserError } from '../define/errors.ts';

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '');

/** What a system says of a connection, and PostgreSQL's classes 08 (connection), 57P (shut down), 40 (in each other's way), 53300 (too many connections). */
const passing = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|08...|57P0[1-5]|40001|40P01|53300|55P03)$/;

/** Words of pg for a connection that is gone, which come without a code. */
const passingWords = /connection (terminated|timeout|ended)|timeout (exceeded|expired)|not queryable|query read timeout|client was closed|timeout when trying to connect/i;

/** Whether trying again may help: the database is away for a while, or two were in each other's way. */
export function isPassing(error: unknown): boolean {
  if (passing.test(codeOf(error))) return true;
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  if (error instanceof Error && codeOf(error) === 'ERR_SQLITE_ERROR') return /database is locked|busy/i.test(error.message);
  return error instanceof Error && passingWords.test(error.message);
}

/** Whether the database turned the login away, or does not have what was asked for. */
const isRefusal = (error: unknown): boolean => /^(28...|3D000|42501)$/.test(codeOf(error));

/** What a user can do something about, in their words; names no address and no password. */
export function storeError(error: unknown): unknown {
  if (error instanceof UserError) return error;
  if (isRefusal(error)) return new UserError('store-not-permitted', 'The database turns the login away, or lacks the database or the right.', 'Check user, password and name of the database in its URL, and that the user owns the database.');
  if (isPassing(error)) return new UserError('store-not-reachable', 'The database does not answer.', 'Check that it runs and can be reached. What was not acknowledged was not done.');
  if (/^(EACCES|EROFS|ENOSPC|EISDIR)$/.test(codeOf(error)) || (error instanceof Error && codeOf(error) === 'ERR_SQLITE_ERROR')) {
    const reason = (error as Error).message;
    return new UserError('store-not-usable', `The file of the store cannot be used: ${reason}.`, 'Check that the folder exists and may be written to, that the disk is not full, and that the file is a database of Culprit.');
  }
  return error;
}

/** How long is tried before it is given up. */
export interface Patience {
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** About 40 seconds: what a restart of PostgreSQL takes, and a little more. */
export const patience: Patience = { tries: 14, firstWaitMs: 50, longestWaitMs: 5_000 };

/**
 * Does something again, after longer and longer waits, while what stops it is passing. It has to be something that may be done twice: an answer can be lost after
 * the database has done its part.
 */
export async function persistently<Result>(work: () => Promise<Result>, { tries, firstWaitMs, longestWaitMs }: Patience = patience, isWanted: () => boolean = () => true): Promise<Result> {
  for (let number = 1; ; number += 1) {
    try {
      return await work();
    } catch (error) {
      if (number >= tries || !isPassing(error) || !isWanted()) throw storeError(error);
      await new Promise((resolve) => setTimeout(resolve, Math.min(longestWaitMs, firstWaitMs * 2 ** (number - 1))));
    }
  }
}
