import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

interface Variant {
  readonly limitMib: number;
  /** memory.high, where it is not what Proxmox VE derives from the limit. */
  readonly highMib?: number;
  /** What its program takes, gives back, and takes again. */
  readonly wantsMib: number;
  readonly swap: boolean;
}

const churn = (mebibytes: number): string => `exec python3 -c '
while True:
    blocks = None
    blocks = [bytearray(b"x" * (1 << 20)) for count in range(${mebibytes})]
'`;

export default defineScenario<Variant>({
  name: 'guest-at-memory-limit',
  subject: 'guests',
  kind: 'fault',
  why: 'A container needs more memory than it may have. Nothing is killed: the kernel takes pages from it all the time, into swap, or holds it up wherever it wants more than a soft limit, and all its work waits for that. The host has plenty of memory. The limit is right; that the host is short of memory is wrong.',
  weight: 'light',
  variants: {
    'swaps-in-its-limit': { limitMib: 160, wantsMib: 240, swap: true },
    'held-by-a-soft-limit': { limitMib: 384, highMib: 112, wantsMib: 200, swap: false },
    'held-by-a-higher-soft-limit': { limitMib: 512, highMib: 256, wantsMib: 330, swap: false },
  },
  zfs: false,
  inject: async (host, { limitMib, highMib, wantsMib, swap }) => {
    await expectNoPool(host);
    if (swap) await host.run('mkswap /dev/vdb >/dev/null && swapon /dev/vdb');
    await host.throttle('data1', { operationsPerSecond: 300 });
    const high = highMib === undefined ? '' : ` --set memory.high=${highMib << 20}`;
    await host.start('database', churn(wantsMib), { guest: `lxc/101 --memory-mib ${limitMib} --swap-mib ${swap ? 256 : 0}${high}` });
  },
  settleSeconds: 40,
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
