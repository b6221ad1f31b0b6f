/**
 * The family that a kernel thread or process belongs to: the threads of one kind on all processors have one name.
 * `z_wr_iss_h` and `z_wr_iss` → `z_wr_iss`, `kworker/u8:0-iou_exit` → `kworker`, `ksoftirqd/3` → `ksoftirqd`.
 */
export function taskFamily(name: string, kernelThread: boolean): string {
  if (!kernelThread) return name;
  const zio = /^z_[a-z]{1,12}_(?:iss|int)/.exec(name)?.[0];
  if (zio !== undefined) return zio;
  if (name.startsWith('irq/')) return name;
  const beforeSlash = name.split('/', 1)[0] ?? name;
  return beforeSlash.replace(/[-_:]?\d{1,9}$/, '') || name;
}
