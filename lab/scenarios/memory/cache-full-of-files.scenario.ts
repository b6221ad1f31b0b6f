import { defineScenario } from '../../define.ts';

export default defineScenario<{ readonly megabytes: number }>({
  name: 'cache-full-of-files',
  subject: 'memory',
  kind: 'control',
  why: 'Somebody has read large files, and all free memory holds their pages. "free" shows next to nothing free, and nobody lacks anything.',
  weight: 'light',
  variants: { 'more-than-memory': { megabytes: 1800 } },
  inject: async (host, { megabytes }) => {
    await host.run(`mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb && mkdir -p /srv/files && mount /dev/vdb /srv/files && dd if=/dev/zero of=/srv/files/large bs=1M count=${megabytes} status=none && sync && cat /srv/files/large >/dev/null`, { timeoutSeconds: 240 });
  },
  check: async (host) => {
    const free = Number((await host.run("awk '$1 == \"MemFree:\" { print $2 }' /proc/meminfo")).trim());
    return free < 160_000 ? undefined : `${free} kB are free`;
  },
  truth: { first: [] },
});
