import { expect, it } from 'vitest';
import { versionIn } from './qemu.ts';

it('finds the version in what QEMU says of itself', () => {
  expect(versionIn('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright (c) 2003-2022\n')).toBe('7.2.22');
  expect(versionIn('QEMU emulator version 10.0.13\n')).toBe('10.0.13');
  expect(versionIn('command not found')).toBeUndefined();
});
