import type { Host } from '../define.ts';
import { fioAlways, type LoadOptions } from './target.ts';

export interface FileServerOptions extends LoadOptions {
  readonly folder: string;
  /** Default 200 files of 128 KiB to 2 MiB each. */
  readonly files?: number;
  /** Read and written together at most; default 10, which hurts nobody. 0: as much as the disk takes. */
  readonly mibPerSecond?: number;
  /** Share of reads. Default 70. */
  readonly readPercent?: number;
}

/** A file server: many files, read more than written, in pieces of 4 to 128 KiB, now and then made safe; and a walk over all of them once a minute. */
export async function fileServer(host: Host, { folder, files = 200, mibPerSecond = 10, readPercent = 70, unit = 'file-server', guest }: FileServerOptions): Promise<void> {
  const share = (percent: number): string => `${Math.max(1, Math.round((mibPerSecond * 1024 * percent) / 100))}k`;
  const rate = mibPerSecond === 0 ? '' : `--rate=${share(readPercent)},${share(100 - readPercent)}`;
  const shape = `--nrfiles=${files} --filesize=128k-2M --openfiles=32 --file_service_type=random --bsrange=4k-128k`;
  const script = `mkdir -p ${folder}/share
(while :; do find ${folder}/share -type f -size +1M > /dev/null; sleep 60; done) &
exec fio --name=${unit} --directory=${folder}/share --rw=randrw --rwmixread=${readPercent} ${shape} --ioengine=psync --fsync=64 --fallocate=none ${rate} ${fioAlways}`;
  await host.start(unit, script, { guest });
}
