import type { Host } from '../define.ts';
import { fioAlways, fioTarget, type LoadOptions } from './target.ts';

export interface DatabaseOptions extends LoadOptions {
  /** A folder, or a block device such as a VM's zvol. */
  readonly target: string;
  /** Size of each connection's part of the data. Default 64. */
  readonly sizeMib?: number;
  /** Default 2. */
  readonly connections?: number;
  /** Commits a second of each connection at most; default: as many as the disk takes. */
  readonly commitsPerSecond?: number;
}

/** A database: small random writes that do not compress, each made safe by fdatasync before the next. */
export async function database(host: Host, { target, sizeMib = 64, connections = 2, commitsPerSecond, unit = 'database', guest }: DatabaseOptions): Promise<void> {
  const rate = commitsPerSecond === undefined ? '' : `--rate_iops=${commitsPerSecond}`;
  const offset = target.startsWith('/dev/') ? `--offset_increment=${sizeMib}M` : '';
  const script = `exec fio --name=${unit} ${fioTarget(target)} --rw=randwrite --bs=8k --ioengine=psync --fdatasync=1 --size=${sizeMib}M ${offset} --numjobs=${connections} ${rate} ${fioAlways}`;
  await host.start(unit, script, { guest });
}
