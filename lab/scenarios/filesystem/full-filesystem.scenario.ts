import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly where: 'storage' | 'root' }>({
  name: 'full-filesystem',
  subject: 'filesystem',
  kind: 'fault',
  why: 'A file system has no byte left, and what wants to write there fails again and again: the folder of images and backups, or the root file system under the logs.',
  weight: 'light',
  variants: { 'image-store': { where: 'storage' }, 'root': { where: 'root' } },
  zfs: false,
  inject: async (host, { where }) => {
    await expectNoPool(host);
    const folder = where === 'root' ? '/var/log' : '/var/lib/vz';
    if (where === 'storage') await host.run('mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb 400000 && mkdir -p /var/lib/vz && mount /dev/vdb /var/lib/vz');
    await host.run(`mkdir -p ${folder}/dump; dd if=/dev/zero of=${folder}/dump/old-backup bs=1M status=none 2>/dev/null; cat /dev/zero >${folder}/dump/rest 2>/dev/null; true`, { timeoutSeconds: 240 });
    await host.start('writer', `while :; do head -c 100000 /dev/urandom >>${folder}/dump/new-backup || logger -t backup "cannot write"; sleep 1; done`);
  },
  check: async (host, { where }) => {
    const free = Number(await host.run(`df --output=avail -B1 ${where === 'root' ? '/' : '/var/lib/vz'} | tail -1`));
    return free < 1_000_000 ? undefined : `${free} bytes are free`;
  },
  truth: ({ where }) => ({ first: ['filesystem-full'], symptoms: ['space-low'], objects: { 'filesystem-full': where === 'root' ? 'filesystem' : '/var/lib/vz' } }),
});
