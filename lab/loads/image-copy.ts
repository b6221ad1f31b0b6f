import type { Host } from '../define.ts';
import { fill } from './pool.ts';
import type { LoadOptions } from './target.ts';

export interface ImageCopyOptions extends LoadOptions {
  /** A folder on the disks to read from; the image is made there. */
  readonly from: string;
  /** Default: the same folder. */
  readonly to?: string;
  /** Default 512. */
  readonly sizeMib?: number;
  /** How it is seen in the task log: `qmclone`, `imgcopy`, `qmmove`; `false` is a copy by hand. Default qmclone of guest 100. */
  readonly task?: string | false;
}

/** Copies a VM's image that does not compress, again and again, as one long task. The image is made before this returns. */
export async function imageCopy(host: Host, { from, to = from, sizeMib = 512, task = 'qmclone', unit = 'image-copy', guest }: ImageCopyOptions): Promise<void> {
  const image = `${from}/vm-100-disk-0.raw`;
  await fill(host, image, sizeMib);
  const copy = `while :; do dd if=${image} of=${to}/vm-109-disk-0.raw bs=1M conv=fsync status=none || exit 1; done`;
  const script = task === false || guest !== undefined ? copy : `exec /usr/local/sbin/lab-task ${task} 100 -- bash -c '${copy}'`;
  await host.start(unit, script, { guest });
}
