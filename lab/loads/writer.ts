import type { Host } from '../define.ts';
import { fioAlways, fioTarget, type LoadOptions } from './target.ts';

export interface WriterOptions extends LoadOptions {
  /** A folder, such as that of an encrypted dataset, or a block device. */
  readonly target: string;
  /** How much is written before it starts over. Default 384. */
  readonly sizeMib?: number;
  /** Default: as much as it takes (an encrypted pool of a healthy machine takes some 60). */
  readonly mibPerSecond?: number;
  /** Each block is made safe every so many MiB. Default 64. */
  readonly fsyncMib?: number;
  /** Default 1. */
  readonly writers?: number;
}

/** Writes large blocks that do not compress, one after another, over the same files: what keeps an encrypted pool at work. */
export async function writer(host: Host, { target, sizeMib = 384, mibPerSecond, fsyncMib = 64, writers = 1, unit = 'writer', guest }: WriterOptions): Promise<void> {
  const rate = mibPerSecond === undefined ? '' : `--rate=,${Math.max(1, Math.round((mibPerSecond * 1024) / writers))}k`;
  const offset = target.startsWith('/dev/') ? `--offset_increment=${sizeMib}M` : '';
  const script = `exec fio --name=${unit} ${fioTarget(target)} --rw=write --bs=1M --ioengine=psync --size=${sizeMib}M ${offset} --fsync=${fsyncMib} --fallocate=none --numjobs=${writers} ${rate} ${fioAlways}`;
  await host.start(unit, script, { guest });
}
