import type { Host } from '../define.ts';
import { fioAlways, fioTarget, type LoadOptions } from './target.ts';

export interface ReaderOptions extends LoadOptions {
  /** A folder or a block device. In a folder, the file is written first, when the load starts. */
  readonly target: string;
  /** Larger than the ARC (256 MiB in the lab's machines), or it comes from memory. Default 768. */
  readonly sizeMib?: number;
  /** Default 64. */
  readonly blockKib?: number;
  /** Reads a second at most; default: as many as the disk takes. */
  readonly readsPerSecond?: number;
  readonly readers?: number;
}

/** Reads at random places, as a VM does whose data do not fit into memory. */
export async function reader(host: Host, { target, sizeMib = 768, blockKib = 64, readsPerSecond, readers = 1, unit = 'reader', guest }: ReaderOptions): Promise<void> {
  const rate = readsPerSecond === undefined ? '' : `--rate_iops=${Math.max(1, Math.round(readsPerSecond / readers))}`;
  const script = `exec fio --name=${unit} ${fioTarget(target)} --filename_format=${unit} --rw=randread --bs=${blockKib}k --ioengine=psync --size=${sizeMib}M --numjobs=${readers} ${rate} ${fioAlways}`;
  await host.start(unit, script, { guest });
}
