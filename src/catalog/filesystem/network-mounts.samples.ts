import type { z } from 'zod';
import type blockedTasks from '../kernel/blocked-tasks.probe.ts';
import type { NetworkMounts } from './network-mounts.probe.ts';

/** One hard NFS mount of a server, and what became of asking it. */
export function mountsOfServer(server: string, seen: Partial<NetworkMounts['servers'][number]>): NetworkMounts {
  const mountPoint = `/mnt/pve/${server}`;
  return {
    mounts: [{ server, device: `${server}:/export`, mountPoint, type: 'nfs4', hard: true }],
    servers: [{ server, mountPoint, outcome: 'answers', says: '', ...seen }],
    transports: [],
  };
}

/** So many threads that wait in one function of the kernel. */
export function waitingFor(waitsIn: string, count: number): z.infer<typeof blockedTasks.schema> {
  const tasks = Array.from({ length: count }, (_, index) => ({ tid: 900 + index, pid: 900 + index, name: 'ls', kernelThread: false, waitsIn, stack: [] }));
  return { tasks, count };
}
