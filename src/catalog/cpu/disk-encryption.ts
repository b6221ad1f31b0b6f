import type { TaskUsage } from '../kernel/task-usage.fact.ts';

type Algorithms = { readonly algorithms: readonly { name: string; driver: string; priority: number; internal: boolean }[] };

/** The driver that the kernel takes for a cipher such as `xts(aes)`, that of LUKS volumes: the one of the highest priority. */
export function driverFor(crypto: Algorithms, name: string): string | undefined {
  return crypto.algorithms.filter((one) => one.name === name && !one.internal).toSorted((a, b) => b.priority - a.priority)[0]?.driver;
}

/** What computes with tables or bit by bit, in place of the processor's instructions. */
export function isSoftware(driver: string): boolean {
  return /aes-(?:generic|fixed-time|asm|lib)/.test(driver) && !/aesni|vaes|-ce\b|neon/.test(driver);
}

const ofEncryption = /kcryptd|dmcrypt/;

/** Per cent of one processor's time that dm-crypt's threads took, with the workers that encrypted at the beginning or at the end of the window. */
export function encryptionPercent(usage: TaskUsage): number {
  return usage.tasks.filter((task) => task.kernelThread && (ofEncryption.test(task.name) || ofEncryption.test(task.nameBefore ?? ''))).reduce((sum, task) => sum + task.cpuPercent, 0);
}
