import type zfsImplementations from './zfs-implementations.probe.ts';
import type { z } from 'zod';

type Implementations = z.infer<(typeof zfsImplementations)['schema']>;

/** An implementation that the CPU's flags promise, and whether ZFS lists it. */
export interface PromisedImplementation {
  readonly name: string;
  readonly parameter: 'icp_gcm_impl' | 'icp_aes_impl';
  readonly listed: boolean;
}

/** The `avx` loop came with ZFS 0.8.4 (openzfs/zfs #9749). */
function knowsAvx(moduleVersion: string | undefined): boolean {
  const [major, minor, patch] = (/^(\d{1,4})\.(\d{1,4})\.(\d{1,4})/.exec(moduleVersion ?? '') ?? []).slice(1).map(Number);
  return major !== 0 || minor === undefined || patch === undefined || minor > 8 || (minor === 8 && patch >= 4);
}

/**
 * What AES-GCM in ZFS should be able to use on an x86 CPU with these flags: the `avx` loop needs AVX, AES and PCLMULQDQ
 * (module/icp/algs/modes/gcm.c, gcm_avx_will_work), the parts need their own flag. AVX in /proc/cpuinfo but not in ZFS
 * means that the kernel hides from its own modules what it shows to programs. On other processors nothing is promised: ARM has a
 * flag `aes`, too, but ZFS has no use for it.
 */
export function promisedImplementations(flags: readonly string[], zfs: Implementations, moduleVersion?: string): PromisedImplementation[] {
  const has = (...names: string[]): boolean => names.every((name) => flags.includes(name));
  const promised: PromisedImplementation[] = [];
  if (!has('sse2')) return promised;
  if (zfs.gcm && has('avx', 'aes', 'pclmulqdq') && knowsAvx(moduleVersion)) {
    promised.push({ name: 'avx', parameter: 'icp_gcm_impl', listed: zfs.gcm.available.some((one) => one.startsWith('avx')) });
  }
  if (zfs.gcm && has('pclmulqdq')) {
    promised.push({ name: 'pclmulqdq', parameter: 'icp_gcm_impl', listed: zfs.gcm.available.includes('pclmulqdq') });
  }
  if (zfs.aes && has('aes')) {
    promised.push({ name: 'aesni', parameter: 'icp_aes_impl', listed: zfs.aes.available.includes('aesni') });
  }
  return promised;
}

/** Threads of one step of the ZFS pipeline that take this share of a core together are what a stream of data waits for: it passes them one by one. */
export const busyThreadsPercent = 70;

/** What is known of a processor and of what ZFS makes of it. */
export interface Processor {
  readonly cpu: { readonly flags: readonly string[] };
  readonly zfs: Implementations;
  readonly version: { readonly module: string } | undefined;
}

/** The same, of the facts that a hypothesis has. */
export function promisedHere({ version, cpu, zfs }: Processor): PromisedImplementation[] {
  return promisedImplementations(cpu.flags, zfs, version?.module);
}
