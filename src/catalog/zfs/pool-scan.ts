import type { PoolScan, PoolStatus } from './zpool-status.schema.ts';

/** Whether a scan of this kind is at work now: one that is paused, or over, costs nothing. */
export function isScanning(status: PoolStatus | undefined, kind: PoolScan['kind']): boolean {
  return status?.scan?.kind === kind && status.scan.state === 'running';
}

/** `A scrub of pool tank is running (12.5 % done).` */
export function scanText(name: string, status: PoolStatus | undefined, kind: PoolScan['kind']): string {
  const percent = status?.scan?.percentDone;
  return `A ${kind} of pool ${name} is running${percent === undefined ? '' : ` (${percent.toFixed(1)} % done)`}.`;
}
