/** Bytes that arrive in pieces and are consumed from the front; appending and consuming are linear over all. */
export class ByteBuffer {
  #bytes = Buffer.alloc(4_096);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(piece: Uint8Array): void {
    if (this.#end + piece.length > this.#bytes.length) {
      const needed = this.length + piece.length;
      const target = needed * 2 > this.#bytes.length ? Buffer.alloc(needed * 2) : this.#bytes;
      this.#bytes.copy(target, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#bytes = target;
    }
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** Position of the text from `from` on, or -1. */
  indexOf(text: string, from = 0): number {
    return this.#bytes.subarray(this.#start, this.#end).indexOf(text, from, 'latin1');
  }

  /** Takes the first `count` bytes away and gives a copy of them. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(this.#start, this.#start + count));
    this.drop(count);
    return taken;
  }

  /** The first `count` bytes, which stay; only good until the next change. */
  peek(count: number): Buffer {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + count));
  }

  drop(count: number): void {
    this.#start = Math.min(this.#end, this.#start + count);
  }
}
