import { gunzipSync, gzipSync } from 'node:zlib';
import { createTar, parseTar } from 'nanotar';

export const maxArchiveBytes = 33_554_432;
export const maxFiles = 1_000;
const blockBytes = 512;

/** Files by their names, as a `.tgz`. The same files give the same bytes. */
export function packArchive(files: ReadonlyMap<string, string>): Buffer {
  const entries = [...files].map(([name, text]) => ({ name, data: text }));
  return gzipSync(createTar(entries, { attrs: { mtime: 0, mode: '600', uid: 0, gid: 0, user: 'root', group: 'root' } }));
}

/**
 * The regular files of a `.tgz`, by their names without a leading `./`. Throws on whatever is not a bounded, well-formed archive.
 * Nothing is written anywhere, so names can do no harm.
 */
export function unpackArchive(packed: Buffer): Map<string, Buffer> {
  const bytes = new Uint8Array(gunzipSync(packed, { maxOutputLength: maxArchiveBytes }));
  checkHeaders(bytes);
  const files = new Map<string, Buffer>();
  for (const { name, type, data } of parseTar(bytes)) {
    if (type === 'file') files.set(name.replace(/^(?:\.\/)+/, ''), Buffer.from(data ?? []));
  }
  return files;
}

/** Walks over the headers first: with a crooked size, reading would not end. Format: POSIX ustar, size in octal at byte 124. */
function checkHeaders(bytes: Uint8Array): void {
  let count = 0;
  for (let offset = 0; offset + blockBytes <= bytes.length && bytes[offset] !== 0; count++) {
    const field = new TextDecoder('latin1').decode(bytes.subarray(offset + 124, offset + 136));
    const digits = /^ *([0-7]{1,11})[ \0]*$/.exec(field)?.[1];
    if (digits === undefined) throw new Error('a file in the archive has no size');
    if (count >= maxFiles) throw new Error(`the archive has more than ${maxFiles} files`);
    const size = Number.parseInt(digits, 8);
    offset += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
    if (offset > bytes.length) throw new Error('the archive is cut short');
  }
  if (count === 0) throw new Error('the archive is empty');
}
