/** /proc/crypto with this driver for the cipher of LUKS, besides a generic one. */
export function cryptoWith(driver: string, priority: number) {
  const one = { name: 'xts(aes)', module: 'kernel', internal: false, type: 'skcipher' };
  return {
    algorithms: [
      { ...one, driver: 'xts(ecb(aes-generic))', priority: 100 },
      { ...one, driver, priority },
      { ...one, driver: '__xts-aes-aesni', priority: 900, internal: true },
    ],
  };
}

/** Block devices of these types, `disk` or `crypt`. */
export function blockDevicesOf(...types: readonly ('disk' | 'crypt')[]) {
  const devices = types.map((type, index) => {
    const name = type === 'disk' ? `sd${'abcdefgh'[index] ?? 'z'}` : `dm-${index}`;
    return { name, kernelName: name, type, parents: [], sizeBytes: 500_107_862_016, mountpoints: [], stableNames: [] };
  });
  return { devices, zvols: 0, omittedMapped: 0 };
}
