import { mkdir, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { journalLine, readJournal } from './journal-lines.ts';
import { OutboxState, type OutboxChange } from './state.ts';
import type { OutboxStore } from './store.ts';

/** Changes in one line of a rewritten journal: lines stay short enough that one damaged place costs little. */
const changesALine = 64;

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/**
 * The queue in one file of a folder: a journal that is only appended to, with fdatasync(2) before a commit counts, written anew when most of it is past. A last line that was not
 * finished is cut off when it is opened. One process at a time; the folder is for whoever runs it alone, since mails have host names in them.
 */
export class FileOutboxStore implements OutboxStore {
  readonly remarks: string[] = [];
  readonly #folder: string;
  readonly #rewriteAboveBytes: number;
  #state = new OutboxState();
  #file: FileHandle | undefined;
  #bytes = 0;
  /** Bytes after the journal was last written anew. */
  #baseBytes = 0;
  /** After a write that failed nobody knows what is on the disk: the next one writes everything anew. */
  #suspect = false;

  constructor(folder: string, { rewriteAboveBytes = 4 * 2 ** 20 }: { readonly rewriteAboveBytes?: number } = {}) {
    this.#folder = folder;
    this.#rewriteAboveBytes = rewriteAboveBytes;
  }

  get #path(): string {
    return join(this.#folder, 'outbox.journal');
  }

  async load(): Promise<OutboxState> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const bytes = await readFile(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const { changes, soundBytes, damagedLines } = readJournal(bytes);
    for (const change of changes) this.#state.apply(change);
    if (damagedLines > 0) this.remarks.push(`${damagedLines} commits in ${this.#path} could not be read; what they held is lost`);
    this.#file = await open(this.#path, bytes.length === 0 ? 'w' : 'r+', 0o600);
    await this.#file.truncate(soundBytes);
    await this.#file.datasync();
    await this.#syncFolder();
    this.#bytes = soundBytes;
    this.#baseBytes = soundBytes;
    return this.#state.copy();
  }

  async commit(changes: readonly OutboxChange[]): Promise<void> {
    if (changes.length === 0 && !this.#suspect) return;
    for (const change of changes) this.#state.apply(change);
    if (this.#suspect) return this.#rewrite();
    const line = journalLine(changes);
    try {
      if (this.#file === undefined) throw new Error('the outbox is not open');
      await writeAll(this.#file, line, this.#bytes);
      await this.#file.datasync();
    } catch (error) {
      this.#suspect = true;
      throw error;
    }
    this.#bytes += line.length;
    // The commit is safe already: whether the journal can be made shorter is another matter.
    if (this.#bytes > this.#rewriteAboveBytes && this.#bytes > 4 * this.#baseBytes) await this.#rewrite().catch(() => undefined);
  }

  /** Beside the old journal, and in its place only when all of it is on the disk. */
  async #rewrite(): Promise<void> {
    this.#suspect = true;
    const changes = this.#state.changes();
    const newPath = `${this.#path}.new`;
    const file = await open(newPath, 'w', 0o600);
    let bytes = 0;
    try {
      for (let first = 0; first < changes.length; first += changesALine) {
        const line = journalLine(changes.slice(first, first + changesALine));
        await writeAll(file, line, bytes);
        bytes += line.length;
      }
      await file.sync();
      await rename(newPath, this.#path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await this.#file?.close().catch(() => undefined);
    this.#file = file;
    this.#bytes = bytes;
    this.#baseBytes = bytes;
    await this.#syncFolder();
    this.#suspect = false;
  }

  async #syncFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}
