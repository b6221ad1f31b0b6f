import type { Host } from '../../define.ts';

/** Plugs an emulated Intel card in, which has the real driver e1000e, and gives its name. Its link is `nic5` for QMP; 10.0.5.2 answers there. */
export async function plugIntelCard(host: Host): Promise<string> {
  await host.qmp('netdev_add', { type: 'user', id: 'net5', restrict: true, net: '10.0.5.0/24' });
  await host.qmp('device_add', { driver: 'e1000e', id: 'nic5', netdev: 'net5', bus: 'port0' });
  const name = await host.run(`for i in $(seq 50); do d=$(for n in /sys/class/net/*; do [ "$(basename "$(readlink "$n/device/driver")")" = e1000e ] && basename "$n"; done | head -1); [ -n "$d" ] && break; sleep 0.3; done
    [ -n "$d" ] && ip link set "$d" up && ip addr add 10.0.5.15/24 dev "$d" && sleep 5 && echo "$d"`);
  return name.trim();
}
