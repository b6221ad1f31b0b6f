import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly inodes: number; readonly folder: string }>({
  name: 'inodes-exhausted',
  subject: 'filesystem',
  kind: 'fault',
  why: 'A file system has space, but no inode left for another file: a mail spool or a cache of millions of small files. Every new file fails with "no space left on device" while df shows gigabytes free.',
  weight: 'light',
  variants: { 'mail-spool': { inodes: 6_000, folder: '/var/spool/mail-queue' }, 'cache': { inodes: 2_000, folder: '/srv/cache' } },
  zfs: false,
  inject: async (host, { inodes, folder }) => {
    await expectNoPool(host);
    await host.run(`mkfs.ext4 -qF -N ${inodes} /dev/vdb 600000 && mkdir -p ${folder} && mount /dev/vdb ${folder} && cd ${folder} && python3 -c '
import os
try:
    for number in range(${inodes} + 100): open("message-%d" % number, "w").close()
except OSError: pass'`, { timeoutSeconds: 240 });
    await host.start('writer', `while :; do touch ${folder}/new-$RANDOM || logger -t queue "No space left on device"; sleep 1; done`);
  },
  check: async (host, { folder }) => {
    const free = Number(await host.run(`df --output=iavail ${folder} | tail -1`));
    return free === 0 ? undefined : `${free} inodes are free`;
  },
  truth: ({ folder }) => ({ first: ['inodes-exhausted'], objects: { 'inodes-exhausted': folder }, never: ['filesystem-full'] }),
});
