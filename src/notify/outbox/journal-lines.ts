import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { outboxChangeSchema, type OutboxChange } from './state.ts';

const newline = 0x0a;
const changesSchema = z.array(outboxChangeSchema);

/** One commit as one line: CRC-32 of the JSON in eight hexadecimal digits, a blank, the JSON. JSON has no raw line ends, so that a line is whole or it is not. */
export function journalLine(changes: readonly OutboxChange[]): Buffer {
  const json = JSON.stringify(changes);
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`, 'utf8');
}

function changesIn(line: Buffer): readonly OutboxChange[] | undefined {
  const json = line.subarray(9);
  if (line.subarray(0, 9).toString('latin1') !== `${crc32(json).toString(16).padStart(8, '0')} `) return undefined;
  try {
    return changesSchema.safeParse(JSON.parse(json.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

export interface JournalContent {
  readonly changes: readonly OutboxChange[];
  /** Up to where it is sound: behind it lies a commit that was being written when the process ended. */
  readonly soundBytes: number;
  /** Lines with sound ones behind them that cannot be read. */
  readonly damagedLines: number;
}

/** Reads a journal whatever is in it. */
export function readJournal(bytes: Buffer): JournalContent {
  const changes: OutboxChange[] = [];
  let soundBytes = 0;
  let damagedLines = 0;
  let pendingDamage = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start);
    if (end < 0) break;
    const found = changesIn(bytes.subarray(start, end));
    if (found === undefined) pendingDamage += 1;
    else {
      for (const change of found) changes.push(change);
      soundBytes = end + 1;
      damagedLines += pendingDamage;
      pendingDamage = 0;
    }
    start = end + 1;
  }
  return { changes, soundBytes, damagedLines };
}
