import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

interface Variant {
  readonly module: string;
  readonly device: string;
  /** Python that runs once the module is gone, with the device open as `device`. */
  readonly use: string;
}

/** VHOST_SET_OWNER of linux/vhost.h. */
const callOnceGone = 'while not os.path.exists("/run/lab/gone"): time.sleep(0.5)\nfcntl.ioctl(device, 0xAF01)';

export default defineScenario<Variant>({
  name: 'kernel-oops',
  subject: 'kernel',
  kind: 'fault',
  why: 'The kernel runs into memory that is not there and goes on damaged: a module was removed by force while a VM used it. The process of the VM dies in the kernel, cannot be cleaned up, and the log has the oops. The oops is right, whatever hangs because of it.',
  weight: 'light',
  variants: {
    'socket-of-a-vm': { module: 'vhost_vsock', device: '/dev/vhost-vsock', use: callOnceGone },
    'at-the-next-call': { module: 'vhost_net', device: '/dev/vhost-net', use: callOnceGone },
  },
  zfs: false,
  inject: async (host, { module, device, use }) => {
    await expectNoPool(host);
    await host.run(`modprobe ${module}`);
    await host.start('guest-100', `python3 -c 'import fcntl, os, time; device = os.open("${device}", os.O_RDWR)\n${use}'`, { guest: 'qemu/100' });
    // The kernel unmaps what was freed only when it next has to: at the latest, when another module comes.
    await host.run(
      `for i in $(seq 60); do ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q ' ${device}$' && break; sleep 0.5; done
       sleep 2; rmmod -f ${module}; modprobe dummy; touch /run/lab/gone; sleep 2; pkill -f '^python3 -c import fcntl' || true`,
      { timeoutSeconds: 90 },
    );
  },
  settleSeconds: 12,
  check: async (host) => {
    const lines = Number(await host.run("dmesg | grep -cE 'BUG: unable to handle|Oops: ' || true"));
    return lines > 0 ? undefined : 'the kernel logged no oops';
  },
  truth: { first: ['kernel-oops'], allowed: ['hung-tasks', 'soft-lockup'], symptoms: ['errors-logged'], never: ['kernel-regression', 'machine-check-errors'] },
});
