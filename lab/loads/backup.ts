import type { Host } from '../define.ts';

export interface BackupOptions {
  readonly unit?: string;
  /** Ids of guests; their disks are where their settings say (tank/vm-100-disk-0, /tank/subvol-101-disk-0), unless `sources` says otherwise. */
  readonly guests: readonly number[];
  readonly sources?: Readonly<Record<number, string>>;
  /** Folder for the archives. Default: the storage `local`; `/dev/null` keeps nothing. */
  readonly to?: string;
  /** As vzdump has it; default: no limit. */
  readonly bandwidthLimitKibPerSecond?: number;
  /** Reads each guest so many times over, as if it were that much larger. Default 20, so that the backup outlasts the look. */
  readonly passes?: number;
  /** The task is one over all guests, as of the nightly job. Default: when there are several. */
  readonly all?: boolean;
}

/**
 * A backup as vzdump runs it, with its task in the task log: a VM's disk is read by a process in the VM's control group, a container's
 * files come from a snapshot; all goes through zstd. It ends when it has read everything.
 */
export async function backup(host: Host, { guests, sources = {}, to, bandwidthLimitKibPerSecond, passes = 20, all = guests.length > 1, unit = 'backup' }: BackupOptions): Promise<void> {
  const words = [
    ...(bandwidthLimitKibPerSecond === undefined ? [] : ['--bwlimit', bandwidthLimitKibPerSecond]),
    ...(to === undefined ? [] : ['--to', to]),
    ...Object.entries(sources).flatMap(([id, path]) => ['--source', `${id}=${path}`]),
    ...(all ? ['--all'] : []),
    '--passes',
    passes,
    ...guests,
  ];
  await host.start(unit, `exec /usr/local/sbin/lab-backup ${words.join(' ')}`);
}
