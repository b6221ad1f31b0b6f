import type { SampleColumns } from './database.ts';

/** Rows that grow at the end. What was once there stays as it is, so that a reader may keep `snapshot()` while more is added. */
export class PendingRows {
  #series = new Int32Array(1024);
  #millis = new Int32Array(1024);
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(series: number, millis: number, value: number): void {
    if (this.#length === this.#series.length) this.#grow(this.#length * 2);
    this.#series[this.#length] = series;
    this.#millis[this.#length] = millis;
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  addAll(rows: SampleColumns): void {
    for (let row = 0; row < rows.length; row += 1) this.add(rows.series[row]!, rows.millis[row]!, rows.values[row]!);
  }

  snapshot(): SampleColumns {
    return { length: this.#length, series: this.#series, millis: this.#millis, values: this.#values };
  }

  #grow(size: number): void {
    const [series, millis, values] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)];
    series.set(this.#series);
    millis.set(this.#millis);
    values.set(this.#values);
    [this.#series, this.#millis, this.#values] = [series, millis, values];
  }
}
