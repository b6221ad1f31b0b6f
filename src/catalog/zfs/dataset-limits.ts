import type { Dataset } from './zfs-datasets.probe.ts';

/** A ZFS dataset with a limit of its own, and how near it is. */
export interface DatasetLimit {
  readonly object: string;
  readonly name: string;
  /** `quota` counts snapshots and all datasets below, `refquota` only the dataset's own data (zfsprops(7)). */
  readonly kind: 'quota' | 'refquota';
  readonly limitBytes: number;
  readonly leftBytes: number;
  readonly usedPercent: number;
  /** Of Proxmox VE: the container that it is a disk of. */
  readonly container?: string;
}

function limitOf(dataset: Dataset, kind: DatasetLimit['kind'], limitBytes: number, usedBytes: number): DatasetLimit {
  const container = /\/subvol-(\d{1,9})-disk-\d{1,4}$/.exec(dataset.name)?.[1];
  return {
    object: `storage/${dataset.name}`,
    name: dataset.name,
    kind,
    limitBytes,
    leftBytes: Math.max(0, limitBytes - usedBytes),
    usedPercent: Math.floor((1000 * usedBytes) / limitBytes) / 10,
    ...(container !== undefined && { container }),
  };
}

/** The nearest limit of each dataset that has one, fullest first. */
export function limitsOf(datasets: readonly Dataset[]): DatasetLimit[] {
  const limits = datasets.flatMap((dataset) => {
    const own: DatasetLimit[] = [];
    if (dataset.quotaBytes !== undefined) own.push(limitOf(dataset, 'quota', dataset.quotaBytes, dataset.usedBytes));
    if (dataset.refQuotaBytes !== undefined) own.push(limitOf(dataset, 'refquota', dataset.refQuotaBytes, dataset.referencedBytes));
    return own.toSorted((a, b) => b.usedPercent - a.usedPercent).slice(0, 1);
  });
  return limits.toSorted((a, b) => b.usedPercent - a.usedPercent);
}

/** `Dataset rpool/data/subvol-101-disk-0 (container 101)`. */
export function limitedText({ name, container }: DatasetLimit): string {
  return `Dataset ${name}${container === undefined ? '' : ` (container ${container})`}`;
}
