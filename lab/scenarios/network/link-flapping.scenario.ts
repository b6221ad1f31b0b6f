import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { waitUntilBootIsOver } from './after-boot.ts';
import { plugIntelCard } from './intel-card.ts';

export default defineScenario<{ readonly times: number; readonly downSeconds: number }>({
  name: 'link-flapping',
  subject: 'network',
  kind: 'fault',
  why: 'A network card loses its link again and again for some seconds, as with a broken cable or port. Its driver logs each time. The card is an emulated Intel one with the real driver.',
  weight: 'light',
  variants: { 'four-times': { times: 4, downSeconds: 3 }, 'seven-times': { times: 7, downSeconds: 2 } },
  zfs: false,
  inject: async (host, { times, downSeconds }) => {
    await expectNoPool(host);
    await plugIntelCard(host);
    await waitUntilBootIsOver(host);
    for (let time = 0; time < times; time += 1) {
      await host.qmp('set_link', { name: 'nic5', up: false });
      await host.wait(downSeconds);
      await host.qmp('set_link', { name: 'nic5', up: true });
      await host.wait(4);
    }
  },
  check: async (host, { times }) => {
    const downs = Number((await host.run("dmesg | grep -c 'Link is Down' || true")).trim());
    return downs >= times - 1 ? undefined : `the driver logged ${downs} losses of the link`;
  },
  truth: { first: ['nic-link-flapping'], symptoms: ['network-errors'], never: ['nic-hang'] },
});
