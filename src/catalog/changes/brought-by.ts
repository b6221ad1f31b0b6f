import type { AttributedChange } from './attribution.fact.ts';

/** What the walk along what waits for what says of a guest on storage. */
export function broughtBy(change: AttributedChange | undefined, guest: string): string {
  if (change === undefined || change.from === 'host') return 'not known';
  if (change.end === 'slower by itself') return 'no more work';
  if (change.end !== 'brings more work' || !/^(qemu|lxc|libvirt|nspawn)\//.test(change.object)) return 'not known';
  return change.object === guest ? 'by this guest' : 'by another guest';
}
