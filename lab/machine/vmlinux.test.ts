import { describe, expect, it } from 'vitest';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { payloadOf, vmlinuxOf } from './vmlinux.ts';

const kernel = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(4096, 'kernel')]);

/** A bzImage with the fields that matter: 3 setup sectors, then 100 bytes of unpacking code, then the payload and its size. */
function bzImage(payload: Buffer): Buffer {
  const setup = Buffer.alloc(4 * 512);
  setup.writeUInt8(3, 0x1f1);
  setup.write('HdrS', 0x202, 'latin1');
  setup.writeUInt32LE(100, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, Buffer.alloc(100, 0x90), payload, Buffer.alloc(500)]);
}
const size = Buffer.alloc(4);
size.writeUInt32LE(kernel.length);

describe('the kernel inside a bzImage', () => {
  it('is unpacked from gzip, and from zstd with its size behind', async () => {
    expect((await vmlinuxOf(bzImage(gzipSync(kernel)))).equals(kernel)).toBe(true);
    expect((await vmlinuxOf(bzImage(Buffer.concat([zstdCompressSync(kernel), size])))).equals(kernel)).toBe(true);
  });

  it('has its format told by its first bytes', () => {
    expect(payloadOf(bzImage(Buffer.from('fd377a585a000004', 'hex'))).format).toBe('xz');
    expect(() => payloadOf(bzImage(Buffer.from('0123456789abcdef', 'hex')))).toThrow('begins with 0123456789ab');
  });

  it('is not looked for in another file', async () => {
    expect(() => payloadOf(Buffer.alloc(10_000))).toThrow('HdrS');
    await expect(vmlinuxOf(bzImage(gzipSync(Buffer.from('no kernel'))))).rejects.toThrow('ELF');
  });
});
