import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { secondsIn, secondsOfDd, stuckAfterSeconds, visitsByTurns } from '../src/catalog/disk/visits-by-turns.ts';
import { prelude } from '../src/collect/prelude.ts';

/** Runs visits with one second of patience instead of ten. */
function run(visits: string, visit: string, seconds = 20): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-visits-'));
  folders.push(folder);
  writeFileSync(join(folder, 'visits'), visits);
  const script = `${prelude}
TMP='${folder}' culprit_note=/dev/null
experiment_ms() { read -r up rest </proc/uptime; fraction=1\${up#*.}; echo $(((\${up%.*} * 100 + fraction - 100) * 10)); }
${visitsByTurns.replace(`${stuckAfterSeconds}000`, '1000')}
${visit}
by_turns ${seconds}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('visits by turns', () => {
  it('are made in order, each with its arguments', () => {
    expect(run('a 1 2\nb 3\nb 4\na 5\n', 'visit() { echo "$@"; }')).toEqual(['a 1 2', 'b 3', 'b 4', 'a 5']);
  });

  it('go on with the rest when one hangs, and leave that one alone', () => {
    expect(run('a\nb\nc\nc\nb\na\n', 'visit() { [ "$1" != b ] || { sleep 3; echo late; }; echo "$1"; }')).toEqual(['a', 'stuck b', 'c', 'c', 'a']);
  }, 30_000);

  it('end when a second one hangs', () => {
    expect(run('a\nb\nc\n', 'visit() { [ "$1" = c ] || sleep 3; echo "$1"; }')).toEqual(['stuck a', 'stuck b']);
  }, 30_000);

  it('end when their time is over', () => {
    expect(run('a\na\na\na\na\na\na\na\n', 'visit() { sleep 0.6; echo "$1"; }', 2).at(-1)).toBe('over time');
  }, 30_000);
});

describe('seconds of dd', () => {
  const seconds = (said: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-visits-'));
    folders.push(folder);
    writeFileSync(join(folder, 'said'), said);
    return execFileSync('sh', ['-c', `${secondsOfDd}\nseconds_of_dd '${folder}/said'; echo "$seconds"`], { encoding: 'utf8' }).trim();
  };
  it('are read from GNU coreutils and busybox', () => {
    expect(seconds('1+0 records in\n1+0 records out\n4096 bytes (4.1 kB, 4.0 KiB) copied, 9.1e-05 s, 45.0 MB/s\n')).toBe('9.1e-05');
    expect(seconds('1+0 records in\n1+0 records out\n4096 bytes (4.0KB) copied, 0.000272 seconds, 14.4MB/s\n')).toBe('0.000272');
    expect(secondsIn('9.1e-05')).toBeCloseTo(0.000091);
  });
  it('are an error after one', () => {
    expect(seconds("dd: error reading '/dev/sda': Input/output error\n0+0 records in\n0 bytes copied, 7.2318 s, 0.0 kB/s\n")).toBe('error');
    expect(seconds("dd: failed to open '/dev/vda': Operation not permitted\n")).toBe('');
  });
});
