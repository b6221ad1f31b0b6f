import { expect, it } from 'vitest';
import { loadingOrder } from './initrd.ts';

it('loads each module once, after those that it needs', () => {
  const virtio = 'insmod /lib/modules/6.1.0/kernel/drivers/virtio/virtio.ko \ninsmod /lib/modules/6.1.0/kernel/drivers/block/virtio_blk.ko.xz \n';
  const pci = 'builtin virtio_ring\ninsmod /lib/modules/6.1.0/kernel/drivers/virtio/virtio.ko \ninsmod /lib/modules/6.1.0/kernel/drivers/virtio/virtio_pci.ko \n';
  const names = loadingOrder([virtio, pci]).map((path) => path.split('/').at(-1));
  expect(names).toEqual(['virtio.ko', 'virtio_blk.ko.xz', 'virtio_pci.ko']);
});
