import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { command } from './shell.ts';

export const labcpuSource = join(import.meta.dirname, 'labcpu');

/** Builds the module `labcpu` with the compiler and the kernel headers of an installed tree, and puts it where the caller says. */
export async function buildLabcpu(tree: string, kernelVersion: string, destination: string): Promise<void> {
  const workshop = mkdtempSync(join(tree, 'tmp', 'labcpu-'));
  try {
    cpSync(labcpuSource, workshop, { recursive: true });
    await command('chroot', [tree, 'make', '-s', '-C', `/usr/src/linux-headers-${kernelVersion}`, `M=/tmp/${basename(workshop)}`, 'modules']);
    cpSync(join(workshop, 'labcpu.ko'), destination);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}
