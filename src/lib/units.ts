/** Bytes in a mebibyte. */
export const mebibyte = 1_048_576;
