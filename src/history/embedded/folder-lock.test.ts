import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEmbeddedHistory } from './embedded-history.ts';

vi.setConfig({ testTimeout: 60_000 });
const clock = (): number => Date.UTC(2026, 10, 22);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'culprit-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('one folder', () => {
  it('is open once, within this process and between processes', async () => {
    const history = await openEmbeddedHistory(folder, { flushSeconds: 0, clock });
    await expect(openEmbeddedHistory(folder, { clock })).rejects.toMatchObject({ code: 'history-in-use', message: expect.stringContaining('this process') });
    const script = `import { openEmbeddedHistory } from ${JSON.stringify(join(import.meta.dirname, 'embedded-history.ts'))};
      await openEmbeddedHistory(${JSON.stringify(folder)}, { clock: Date.now }).then(() => console.log('open'), (error) => console.log(error.code, error.message));`;
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(other.stdout).toMatch(new RegExp(`^history-in-use .* process ${process.pid}\\.`));
    await history.append({ host: 'pve1', timeMs: clock(), samples: [{ metric: 'node_load1', labels: {}, timeMs: clock(), value: 1 }], ended: [] });
    await history.close();
    await expect((async () => history.flush())()).rejects.toThrow('closed');
    const free = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(free.stdout).toBe('open\n');
  });

  it('that cannot be one is an error', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(openEmbeddedHistory(join(folder, 'file', 'below'), { clock })).rejects.toMatchObject({ code: 'history-not-usable' });
  });
});
