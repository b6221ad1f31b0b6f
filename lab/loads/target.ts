/** What the load makers have in common. */
export interface LoadOptions {
  /** Name of the unit that runs the load; `systemctl stop` with it ends the load. Each load has its own default. */
  readonly unit?: string;
  /**
   * The guest in which it runs, with options of lab-guest if there are any: `qemu/100`, `lxc/101 --cpu-limit 0.5`. Default: the host.
   * I/O of a VM is accounted to its control group only with `--io-accounting`, as on a real node.
   */
  readonly guest?: string;
}

/** Words for fio that name where it works: a block device, or a folder for its own file. */
export function fioTarget(target: string): string {
  return target.startsWith('/dev/') ? `--filename=${target} --direct=1` : `--directory=${target}`;
}

/** Loads of fio run as threads of one process, as the I/O threads of a VM do, and print nothing. */
export const fioAlways = '--thread --time_based --runtime=7200 --output=/dev/null';
