/** Debian 12 as a guest on an AMD EPYC, Linux 6.18. */
export const epycGuest = `processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 1
model name	: AMD EPYC
stepping	: 1
microcode	: 0x1000065
cpu MHz		: 2445.432
cache size	: 512 KB
physical id	: 0
siblings	: 2
core id		: 0
cpu cores	: 2
fpu		: yes
flags		: fpu vme de pse tsc msr sse sse2 ht pclmulqdq ssse3 fma sse4_1 sse4_2 aes xsave avx f16c rdrand hypervisor avx2 vaes vpclmulqdq
bugs		: sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso
bogomips	: 4890.86
address sizes	: 48 bits physical, 48 bits virtual
power management:

processor	: 1
cpu MHz		: 2445.432
`;

/** A processor with performance and efficiency cores, whose features differ. */
export const raptorLake = `processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 183
model name	: 13th Gen Intel(R) Core(TM) i9-13900K
stepping	: 1
microcode	: 0x12b
cpu MHz		: 5500.000
siblings	: 32
cpu cores	: 24
flags		: fpu sse sse2 pclmulqdq aes xsave avx avx2 vaes
bugs		: spectre_v1 spectre_v2
processor	: 1
cpu MHz		: 800.000
flags differ : yes
`;

/** A server processor with the ARM architecture. */
export const ampere = `processor	: 0
BogoMIPS	: 50.00
Features	: fp asimd aes pmull
CPU implementer	: 0x41
CPU architecture: 8
CPU variant	: 0x3
CPU part	: 0xd0c
CPU revision	: 1

processor	: 1
`;
