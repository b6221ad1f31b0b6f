import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly megabytes: number; readonly goesOn?: true }>({
  name: 'cache-full-of-files',
  subject: 'memory',
  kind: 'control',
  why: 'Somebody has read large files, and all free memory holds their pages; or still reads them, so that the kernel drops old pages for new ones all the time. "free" shows next to nothing free, and nobody lacks anything.',
  weight: 'light',
  variants: { 'more-than-memory': { megabytes: 1800 }, 'while-they-are-read': { megabytes: 1700, goesOn: true } },
  zfs: false,
  inject: async (host, { megabytes, goesOn }) => {
    await expectNoPool(host);
    await host.run(`mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb && mkdir -p /srv/files && mount /dev/vdb /srv/files && dd if=/dev/zero of=/srv/files/large bs=1M count=${megabytes} status=none && sync && cat /srv/files/large >/dev/null`, { timeoutSeconds: 240 });
    if (goesOn) await host.start('reader', 'while :; do for part in $(seq 0 16); do dd if=/srv/files/large of=/dev/null bs=1M count=100 skip=$((part * 100)) status=none; sleep 2; done; done');
  },
  check: async (host) => {
    const free = Number((await host.run("awk '$1 == \"MemFree:\" { print $2 }' /proc/meminfo")).trim());
    return free < 160_000 ? undefined : `${free} kB are free`;
  },
  truth: { first: [] },
});
