import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { commandBytes } from './shell.ts';

const elf = Buffer.from('7f454c46', 'hex');
const formats = [
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['gzip', '1f8b08'],
] as const;

/** The compressed part of a bzImage, and how it was compressed. Format: Documentation/arch/x86/boot.rst, fields `payload_offset` and following. */
export function payloadOf(image: Buffer): { readonly format: 'xz' | 'zstd' | 'gzip'; readonly payload: Buffer } {
  if (image.length < 0x260 || image.toString('latin1', 0x202, 0x206) !== 'HdrS') throw new Error('this is no bzImage: it lacks the mark HdrS');
  const setupSectors = image.readUInt8(0x1f1) || 4;
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c));
  const format = formats.find(([, magic]) => payload.subarray(0, magic.length / 2).toString('hex') === magic)?.[0];
  if (format === undefined) throw new Error(`the kernel is compressed in a way that is not known here (it begins with ${payload.subarray(0, 6).toString('hex')})`);
  return { format, payload };
}

/** The uncompressed kernel (ELF) inside a bzImage. QEMU starts it at once, through PVH, where a bzImage first unpacks itself. */
export async function vmlinuxOf(image: Buffer): Promise<Buffer> {
  const { format, payload } = payloadOf(image);
  const withoutSize = payload.subarray(0, -4);
  const kernel = format === 'gzip' ? gunzipSync(payload) : format === 'zstd' ? zstdDecompressSync(withoutSize) : await unxz(payload);
  if (!kernel.subarray(0, elf.length).equals(elf)) throw new Error('what was unpacked from the bzImage is no ELF file');
  return kernel;
}

/** What follows the stream, the size that the kernel's build appends, is left aside. */
async function unxz(payload: Buffer): Promise<Buffer> {
  return await commandBytes('xz', ['-dc', '--single-stream'], { input: payload });
}
