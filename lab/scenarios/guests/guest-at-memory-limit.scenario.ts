import { defineScenario, type Host } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from '../memory/eater.ts';

interface Variant {
  readonly limitMib: number;
  /** memory.high, where it is not what Proxmox VE derives from the limit. */
  readonly highMib?: number;
  readonly work: (host: Host) => Promise<string>;
}

/** Reads pages of a file at random, through a mapping, as many databases do. */
const reader = (mebibytes: number) => async (host: Host): Promise<string> => {
  await host.run(`mkfs.ext4 -qF -E lazy_itable_init=1 /dev/vdb && mkdir -p /srv/data && mount /dev/vdb /srv/data && dd if=/dev/urandom of=/srv/data/table bs=1M count=${mebibytes} status=none && sync && echo 3 >/proc/sys/vm/drop_caches`, { timeoutSeconds: 120 });
  return `exec python3 -c '
import mmap, random
table = mmap.mmap(open("/srv/data/table", "rb").fileno(), 0, access=mmap.ACCESS_READ)
table.madvise(mmap.MADV_RANDOM)
while True: table[random.randrange(0, len(table), 4096)]
'`;
};

const swapper = (mebibytes: number) => async (host: Host): Promise<string> => {
  await host.run('mkswap /dev/vdb >/dev/null && swapon /dev/vdb');
  return eater(mebibytes, { mibPerSecond: 60 });
};

export default defineScenario<Variant>({
  name: 'guest-at-memory-limit',
  subject: 'guests',
  kind: 'fault',
  why: 'A container needs a little more memory than it may have. Nothing is killed: the kernel takes pages from it all the time, which it wants back at once from its disk or from swap, and all its work waits for that. The host has plenty of memory, and the disk does what it is asked. The limit is right; that the host is short of memory is wrong.',
  weight: 'light',
  variants: {
    'files-do-not-fit': { limitMib: 112, work: reader(135) },
    'swaps-in-its-limit': { limitMib: 160, work: swapper(200) },
    'held-by-a-soft-limit': { limitMib: 384, highMib: 112, work: reader(140) },
  },
  zfs: false,
  inject: async (host, { limitMib, highMib, work }) => {
    await expectNoPool(host);
    const script = await work(host);
    await host.throttle('data1', { operationsPerSecond: 300 });
    const high = highMib === undefined ? '' : ` --set memory.high=${highMib << 20}`;
    await host.start('database', script, { guest: `lxc/101 --memory-mib ${limitMib} --swap-mib 256${high}` });
  },
  settleSeconds: 45,
  check: async (host) => {
    const text = await host.run('cat /sys/fs/cgroup/lxc/101/memory.pressure; grep oom_kill /sys/fs/cgroup/lxc/101/memory.events');
    const full = Number(/full avg10=([\d.]+)/.exec(text)?.[1] ?? 0);
    if (/oom_kill [1-9]/.test(text)) return 'something was killed';
    return full > 15 ? undefined : `its work waits for memory only ${full} % of the time`;
  },
  truth: {
    first: ['guest-memory-limit'],
    allowed: ['disk-saturated'],
    objects: { 'guest-memory-limit': 'lxc/101' },
    symptoms: ['guest-slow'],
    never: ['memory-exhausted', 'swap-thrashing', 'guest-io-hog', 'disk-slow', 'oom-kills'],
  },
});
