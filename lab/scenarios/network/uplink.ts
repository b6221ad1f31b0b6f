import type { Host } from '../../define.ts';

/** The host's address in the network that stands for its uplink, and its gateway's. */
export const gatewayAddress = '192.0.2.1';

/**
 * A way out through `eno1`: one end of a veth pair; the other lies in a network namespace named lan, which answers as the gateway. What the
 * network between them does wrong is done at the far end, as a switch would do it.
 */
export async function makeUplink(host: Host, mtu = 1500): Promise<void> {
  await host.run(`ip netns add lan
    ip link add eno1 mtu ${mtu} type veth peer name port1 netns lan mtu ${mtu}
    ip addr add 192.0.2.2/24 dev eno1; ip link set eno1 up
    ip -n lan addr add ${gatewayAddress}/24 dev port1; ip -n lan link set port1 up; ip -n lan link set lo up
    ip route replace default via ${gatewayAddress} dev eno1
    ping -c 3 -i 0.2 -W 2 ${gatewayAddress} >/dev/null`);
}

/** A copy over TCP to the far end that goes on for ten minutes, in pieces, as a backup to another machine does. */
export async function copyOverNetwork(host: Host): Promise<void> {
  await host.start('receiver', 'exec ip netns exec lan python3 -c \'\nimport socket\nserver = socket.create_server(("", 8000))\nwhile True:\n    with server.accept()[0] as client:\n        while client.recv(65536): pass\n\'');
  await host.wait(1);
  await host.start('sender', `exec python3 -c '
import socket, time
while True:
    try:
        with socket.create_connection(("${gatewayAddress}", 8000), timeout=20) as out:
            for piece in range(200):
                out.sendall(bytes(16384)); time.sleep(0.02)
    except OSError: time.sleep(0.5)
'`);
}
