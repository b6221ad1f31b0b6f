/** Facts that the examples of the hypotheses about encryption share. */

export const ampleCpu = {
  cpuCount: 8,
  model: 'Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz',
  vendor: 'GenuineIntel',
  flags: ['sse2', 'ssse3', 'aes', 'pclmulqdq', 'xsave', 'avx', 'avx2', 'movbe'],
  flagsDiffer: false,
  bugs: [],
  hypervisor: false,
  mhzPerCpu: [],
};

export const zenLike = { ...ampleCpu, model: 'AMD EPYC 7302P 16-Core Processor', vendor: 'AuthenticAMD' };

export function implementations(gcm: string, aes: string, fletcher4: string) {
  const choice = (words: string) => ({ available: words.split(' '), selected: 'fastest' });
  return { gcm: choice(gcm), aes: choice(aes), fletcher4: choice(fletcher4) };
}

/** Lists of a kernel that hides AVX from its modules, and of one that hides nothing. */
export const avxHidden = implementations('generic pclmulqdq', 'generic x86_64 aesni', 'scalar superscalar sse2 ssse3');
export const allListed = implementations('avx generic pclmulqdq', 'generic x86_64 aesni', 'scalar avx2');

export function pool(over: { writtenBytesPerSecond?: number; readBytesPerSecond?: number } = {}) {
  return { object: 'storage/tank', pool: 'tank', datasets: 3, modes: ['aes-gcm'], usedBytes: 5e11, writtenBytesPerSecond: 9e6, readBytesPerSecond: 0, ...over };
}

export const writtenTo = { pools: [pool()] };

export function threads(busiestPercent: number) {
  return {
    writeIssue: { busiestPercent, totalPercent: busiestPercent },
    readInterrupt: { busiestPercent: 0, totalPercent: 0 },
    txgSyncPercent: 2,
    blocked: [],
  };
}
