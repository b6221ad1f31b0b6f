import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { makeUplink } from './uplink.ts';

export default defineScenario({
  name: 'rx-dropped-slowly',
  subject: 'network',
  kind: 'control',
  why: 'The counter rx_dropped of an interface rises by a few packets a second, because a neighbour sends frames of a protocol that nobody here speaks. So it is on most networks, and nothing is lost that anybody waits for.',
  weight: 'light',
  variants: { 'unknown-protocol': {} },
  zfs: false,
  inject: async (host) => {
    await expectNoPool(host);
    await makeUplink(host);
    await host.start('neighbour', `exec ip netns exec lan python3 -c '
import socket, time
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); out.bind(("port1", 0))
while True:
    out.send(b"\\xff" * 6 + b"\\x02\\x00\\x00\\x00\\x00\\x07" + b"\\x88\\xb5" + bytes(60)); time.sleep(0.3)
'`);
  },
  check: async (host) => {
    const read = async (): Promise<number> => Number(await host.run('cat /sys/class/net/eno1/statistics/rx_dropped'));
    const before = await read();
    await host.wait(4);
    const after = await read();
    return after - before >= 4 ? undefined : `rx_dropped rose by ${after - before} in 4 s`;
  },
  truth: { first: [], never: ['packet-loss'] },
});
