/** Values for QEMU's -cpu. */

/** All that QEMU can emulate, but AVX and what builds on it. */
export const maxWithoutAvx = 'max,-avx,-avx2,-f16c,-fma,-vaes,-vpclmulqdq';

/** An Intel server of 2010: AES and PCLMULQDQ, no AVX yet. */
export const westmere = 'Westmere';

/** An Intel server of 2008: neither AES nor PCLMULQDQ nor AVX. */
export const nehalem = 'Nehalem';

/** All that QEMU can emulate, but AES. */
export const maxWithoutAes = 'max,-aes,-vaes';

/** An Intel desktop processor of 2015, which gather data sampling affects; as seen without a hypervisor, for a guest leaves the mitigation to its host. */
export const skylake = 'Skylake-Client,-hypervisor';
