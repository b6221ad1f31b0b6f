/** Debian 12 in a virtual machine on an AMD EPYC, OpenSSL 3.0. */
export const epycPrograms = `flags pclmulqdq aes avx avx2 vaes 
aes AES-256-GCM    2510489.02k
sha sha512          610629.92k
sha sha512          643037.14k
aes AES-256-GCM    3450047.59k
aes AES-256-GCM    3118712.60k
sha sha512          674401.85k
sha sha512          655462.40k
aes AES-256-GCM    3418132.48k
aes AES-256-GCM    3494325.65k
sha sha512          732364.80k
sha sha512          774144.00k
aes AES-256-GCM    3241431.93k
`;

/** The same with `OPENSSL_ia32cap=~0x200000200000000`, which hides AES and PCLMULQDQ from OpenSSL. */
export const epycWithoutInstructions = `flags pclmulqdq aes avx avx2 vaes 
aes AES-256-GCM     252723.20k
sha sha512          500773.93k
sha sha512          391778.22k
aes AES-256-GCM     226169.67k
aes AES-256-GCM     229165.95k
sha sha512          495758.47k
sha sha512          515450.57k
aes AES-256-GCM     241887.42k
aes AES-256-GCM     249065.54k
sha sha512          518476.80k
sha sha512          523594.83k
aes AES-256-GCM     246425.60k
`;
