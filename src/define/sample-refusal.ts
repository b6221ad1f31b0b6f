/** Why samples are not taken: the disk is full or fails, a host brings more series than one may, or more came than could be written yet. */
export type RefusalReason = 'disk-full' | 'disk-fails' | 'too-many-series' | 'too-fast';

/**
 * A batch that was not taken in, as a whole. `disk-full`, `disk-fails` and `too-fast` hold for all hosts and pass by themselves: later batches are taken again when there is room. `too-many-series`
 * is about the one host.
 */
export class SamplesRefused extends Error {
  readonly reason: RefusalReason;
  /** The host, where it is about one. */
  readonly host?: string;

  constructor(reason: RefusalReason, text: string, host?: string, options?: ErrorOptions) {
    super(text, options);
    this.name = 'SamplesRefused';
    this.reason = reason;
    if (host !== undefined) this.host = host;
  }
}
