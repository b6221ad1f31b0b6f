import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleNotification } from '../testing.ts';
import { FileOutboxStore } from './file-store.ts';
import { journalLine, readJournal } from './journal-lines.ts';
import { OutboxState, type OutboxChange } from './state.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'culprit-outbox-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (number: number): OutboxChange => ({
  op: 'put',
  item: { id: `mail/n${number}`, channel: 'mail', sequence: number, notification: exampleNotification({ id: `n${number}`, text: 'a line\nand another\u2028 ü' }), enqueuedAtMs: number, attempts: 0, notBeforeMs: 0 },
});
const ended = (number: number): OutboxChange => ({ op: 'ended', ended: { id: `mail/n${number}`, channel: 'mail', atMs: number, how: 'delivered', digest: false } });
const path = (): string => join(folder, 'outbox.journal');

async function opened(options = {}): Promise<{ store: FileOutboxStore; state: OutboxState }> {
  const store = new FileOutboxStore(folder, options);
  return { store, state: await store.load() };
}

describe('the journal of the outbox', () => {
  it('gives back what was committed', async () => {
    const first = await opened();
    await first.store.commit([put(1), put(2)]);
    await first.store.commit([{ op: 'attempted', id: 'mail/n2', attempts: 3, notBeforeMs: 7, lastError: 'busy' }, ended(1)]);
    await first.store.close();
    const { state, store } = await opened();
    expect([...state.items.values()].map(({ id, attempts, notBeforeMs, lastError }) => ({ id, attempts, notBeforeMs, lastError }))).toEqual([{ id: 'mail/n2', attempts: 3, notBeforeMs: 7, lastError: 'busy' }]);
    expect([...state.ended.keys()]).toEqual(['mail/n1']);
    expect(state.lastSequence).toBe(2);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('cuts off a last line that is not whole, wherever it was torn, and goes on behind it', async () => {
    const whole = Buffer.concat([journalLine([put(1)]), journalLine([put(2), ended(1)])]);
    const firstLine = journalLine([put(1)]).length;
    for (const length of [0, 3, firstLine - 1, firstLine, firstLine + 1, firstLine + 9, whole.length - 2, whole.length - 1, whole.length]) {
      writeFileSync(path(), whole.subarray(0, length));
      const { state, store } = await opened();
      const wholeLines = length === whole.length ? 2 : length >= firstLine ? 1 : 0;
      expect([...state.items.keys()], `${length} bytes`).toEqual([[], ['mail/n1'], ['mail/n2']][wholeLines]);
      await store.commit([put(3)]);
      await store.close();
      const again = await opened();
      expect(again.state.items.has('mail/n3'), `${length} bytes`).toBe(true);
      expect(again.store.remarks).toEqual([]);
      await again.store.close();
    }
  });

  it('reads on behind a damaged line, and says that something is lost', async () => {
    const damaged = journalLine([put(2)]);
    damaged[40] = 0x7f;
    writeFileSync(path(), Buffer.concat([journalLine([put(1)]), damaged, journalLine([put(3)])]));
    const { state, store } = await opened();
    expect([...state.items.keys()]).toEqual(['mail/n1', 'mail/n3']);
    expect(store.remarks).toEqual([`1 commits in ${path()} could not be read; what they held is lost`]);
    await store.close();
  });

  it('is written anew when most of it is past', async () => {
    const { store } = await opened({ rewriteAboveBytes: 20_000 });
    for (let number = 1; number <= 200; number += 1) await store.commit([put(number), ...(number > 1 ? [ended(number - 1)] : [])]);
    await store.close();
    expect(statSync(path()).size).toBeLessThan(100_000);
    expect(readdirSync(folder)).toEqual(['outbox.journal']);
    const { state, store: second } = await opened();
    expect([...state.items.keys()]).toEqual(['mail/n200']);
    expect(state.ended.size).toBe(199);
    await second.close();
  });

  it('writes everything anew after a write that failed', async () => {
    const { store } = await opened();
    await store.commit([put(1)]);
    await store.close();
    await expect(store.commit([put(2)])).rejects.toThrow('not open');
    appendFileSync(path(), 'half a li');
    await store.commit([put(2)]);
    await store.close();
    const { state, store: second } = await opened();
    expect([...state.items.keys()]).toEqual(['mail/n1', 'mail/n2']);
    await second.close();
  });

  it('takes any bytes for a journal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(3), (bytes, lines) => {
        const sound = Buffer.concat(Array.from({ length: lines }, (_, index) => journalLine([put(index)])));
        const { changes, soundBytes } = readJournal(Buffer.concat([sound, Buffer.from(bytes)]));
        expect(changes.length).toBe(lines);
        expect(soundBytes).toBe(sound.length);
      }),
      { numRuns: 50 },
    );
  });

  it('changes nothing when a change is applied twice or too late', () => {
    const state = new OutboxState();
    for (const change of [put(1), ended(1), put(1), { op: 'attempted', id: 'mail/n1', attempts: 1, notBeforeMs: 1, lastError: '' } as const, ended(1)]) state.apply(change);
    expect(state.items.size).toBe(0);
    expect(state.ended.size).toBe(1);
  });
});
