import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { waitUntilBootIsOver } from './after-boot.ts';
import { plugIntelCard } from './intel-card.ts';

export default defineScenario<{ readonly downSeconds: number }>({
  name: 'link-down-once',
  subject: 'network',
  kind: 'control',
  why: 'A network card lost its link once and has it again: somebody put the cable into another port of the switch, or the switch was restarted. That is no flapping link, and nothing is wrong now: healthy.',
  weight: 'light',
  variants: { 'cable-plugged-over': { downSeconds: 8 }, 'switch-restarted': { downSeconds: 40 } },
  zfs: false,
  inject: async (host, { downSeconds }) => {
    await expectNoPool(host);
    await plugIntelCard(host);
    await waitUntilBootIsOver(host);
    await host.qmp('set_link', { name: 'nic5', up: false });
    await host.wait(downSeconds);
    await host.qmp('set_link', { name: 'nic5', up: true });
    await host.wait(4);
  },
  check: async (host) => {
    const downs = Number((await host.run("dmesg | grep -c 'Link is Down' || true")).trim());
    return downs === 1 ? undefined : `the driver logged ${downs} losses of the link`;
  },
  truth: { first: [], never: ['nic-hang', 'packet-loss'] },
});
