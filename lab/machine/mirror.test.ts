import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorIn, mirrorOf } from './mirror.ts';

const deb822 = 'Types: deb\n# http://old.example/debian\nURIs: http://mirror.example/debian/\nSuites: bookworm\n\nTypes: deb\nURIs: http://mirror.example/debian-security\n';

describe('the mirror of this machine', () => {
  it('is read from either format', () => {
    expect(mirrorIn(deb822, true)).toBe('http://mirror.example/debian');
    expect(mirrorIn('# deb http://a.example/debian x main\ndeb [signed-by=/k.gpg] https://b.example/pub/debian trixie main\n', false)).toBe('https://b.example/pub/debian');
  });

  it('is no archive of security updates, nor one of another distribution', () => {
    expect(mirrorIn('deb http://a.example/debian-security x main\ndeb http://a.example/ubuntu noble main\n', false)).toBeUndefined();
  });

  it('is found in the folder before the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'apt-'));
    try {
      expect(mirrorOf(folder)).toBeUndefined();
      writeFileSync(join(folder, 'sources.list'), 'deb http://file.example/debian trixie main\n');
      expect(mirrorOf(folder)).toBe('http://file.example/debian');
      mkdirSync(join(folder, 'sources.list.d'));
      writeFileSync(join(folder, 'sources.list.d', 'debian.sources'), deb822);
      writeFileSync(join(folder, 'sources.list.d', 'debian.sources.bak'), 'URIs: http://bad.example/debian\n');
      expect(mirrorOf(folder)).toBe('http://mirror.example/debian');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
