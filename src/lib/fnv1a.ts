/** FNV-1a of 32 bits (G. Fowler, L. C. Noll, K.-P. Vo) of bytes, or of the code units of a text. */
export function fnv1a(codes: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const code of codes) hash = Math.imul(hash ^ code, 0x01000193);
  return hash >>> 0;
}
