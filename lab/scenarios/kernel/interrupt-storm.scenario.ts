import { defineScenario, type Host } from '../../define.ts';
import { pool } from '../disk/disks.ts';

interface Variant {
  /** Which device shares its interrupt line with the one that shouts. */
  readonly victim: 'disk' | 'network-card';
}

/** What is switched off within minutes of the boot is everyday noise on many boards, so the machine has to run for a while. */
const uptimeSeconds = 330;

async function waitForUptime(host: Host): Promise<void> {
  const uptime = Number((await host.run('cut -d. -f1 /proc/uptime')).trim());
  await host.wait(Math.max(0, uptimeSeconds - uptime));
}

/** A device without a driver that raises its interrupt and never takes it back, on the line of the device in the other port. */
async function shout(host: Host, port: string): Promise<void> {
  await host.qmp('device_add', { driver: 'edu', id: 'shouter', bus: port });
  await host.run(
    `for i in $(seq 50); do device=$(grep -l 0x1234 /sys/bus/pci/devices/*/vendor | while read -r f; do [ "$(cat "\${f%vendor}device")" = 0x11e8 ] && dirname "$f"; done); [ -n "$device" ] && break; sleep 0.2; done
     cd "$device" && echo 1 >enable && setpci -s "\${device##*/}" COMMAND=6:406 && read -r bar _ <resource && busybox devmem $((bar + 0x60)) 32 1`,
  );
}

export default defineScenario<Variant>({
  name: 'interrupt-storm',
  subject: 'kernel',
  kind: 'fault',
  why: 'A device raises its interrupt without end. After a hundred thousand that nobody answered to, the kernel switches the line off ("nobody cared"), and the innocent device that shares it is only asked ten times a second from then on: a disk that was quick takes a tenth of a second for everything, or a network card does. The storm is right; that the disk is slow follows from it.',
  weight: 'light',
  variants: { 'disk-on-the-line': { victim: 'disk' }, 'network-card-on-the-line': { victim: 'network-card' } },
  inject: async (host, { victim }) => {
    await waitForUptime(host);
    if (victim === 'disk') {
      const disk = await host.addDisk({ id: 'VDISK01', sizeMib: 1024, bus: 'virtio', properties: { vectors: 0 } });
      await pool(host, disk);
      await shout(host, 'port4');
      await host.wait(20);
      await host.start('database', 'while :; do dd if=/dev/urandom of=/tank/log$((RANDOM % 8)) bs=8k count=8 conv=fsync 2>/dev/null; done');
    } else {
      await host.qmp('netdev_add', { type: 'user', id: 'net2', restrict: true, net: '10.0.4.0/24' });
      await host.qmp('device_add', { driver: 'virtio-net-pci', id: 'nic2', netdev: 'net2', bus: 'port5', vectors: 0, romfile: '' });
      await host.run('for i in $(seq 50); do ip link set eth2 up 2>/dev/null && break; sleep 0.2; done; ip addr replace 10.0.4.15/24 dev eth2');
      await shout(host, 'port1');
      await host.wait(20);
      await host.start('talk', 'ping -q -i 0.5 10.0.4.2');
    }
  },
  check: async (host) => {
    const lines = Number(await host.run("dmesg | grep -cE 'nobody cared|Disabling IRQ' || true"));
    return lines >= 2 ? undefined : `the kernel switched no interrupt off: ${(await host.run('grep fasteoi /proc/interrupts')).replaceAll(/\s+/g, ' ')}`;
  },
  truth: { first: ['irq-storm'], allowed: ['disk-slow', 'disk-saturated', 'zfs-txg-stalled', 'hung-tasks'], symptoms: ['errors-logged'], never: ['disk-failing', 'iowait-meter-wrong', 'packet-loss', 'kernel-regression'] },
});
