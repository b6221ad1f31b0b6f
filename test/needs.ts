import { existsSync } from 'node:fs';
import { describe } from 'vitest';

/**
 * Tests that need a program of a Debian package. Where it is missing they are skipped, and their name says so; `npm test` installs what it may.
 */
export function needs(debianPackage: string, path: string): (name: string, body: () => void) => void {
  const installed = existsSync(path);
  return (name, body) => {
    describe.skipIf(!installed)(installed ? name : `${name} (skipped: ${path} is missing, package ${debianPackage})`, body);
  };
}
