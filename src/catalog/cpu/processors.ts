/** A server processor with AVX, as the source `cpu-info` has it. */
export const intelServer = {
  cpuCount: 32,
  model: 'Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz',
  vendor: 'GenuineIntel',
  family: 6,
  modelNumber: 106,
  stepping: 6,
  microcode: '0xd0003b9',
  microcodeRevision: 0xd0003b9,
  flags: ['fpu', 'sse', 'sse2', 'pclmulqdq', 'ssse3', 'sse4_1', 'sse4_2', 'aes', 'xsave', 'avx', 'avx2', 'vaes', 'vpclmulqdq', 'constant_tsc', 'nonstop_tsc'],
  flagsDiffer: false,
  bugs: ['spectre_v1', 'spectre_v2', 'gds'],
  hypervisor: false,
  mhzPerCpu: [2400, 2400],
};

/** Two processors of a virtual machine. */
export const virtualCpu = { ...intelServer, cpuCount: 2, flags: [...intelServer.flags, 'hypervisor'], hypervisor: true };

/** A small processor without AVX. */
export const cpuWithoutAvx = { ...intelServer, cpuCount: 2, model: 'Intel(R) Pentium(R) CPU G4400 @ 3.30GHz', modelNumber: 94, flags: ['fpu', 'sse2', 'pclmulqdq', 'aes'] };
