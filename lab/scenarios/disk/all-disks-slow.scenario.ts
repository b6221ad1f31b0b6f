import { defineScenario } from '../../define.ts';
import { mechanicalDisk, ordinaryLoad, pool, readMilliseconds } from './disks.ts';

const serials = ['WDC0001', 'WDC0002', 'WDC0003', 'WDC0004'];

export default defineScenario<{ readonly operationsPerSecond: number }>({
  name: 'all-disks-slow',
  subject: 'disk',
  kind: 'fault',
  why: 'All four disks of a RAIDZ are slow at once, as behind a sick controller or an overloaded storage box. No disk stands out, so nobody may pull one of them: what is right is that the disks are slow together, or at their limit with little work, or that the controller is at fault; an identified single disk as the only cause would be wrong but is accepted only for one of these disks.',
  weight: 'light',
  variants: { 'four-a-second': { operationsPerSecond: 4 }, 'eight-a-second': { operationsPerSecond: 8 } },
  inject: async (host, { operationsPerSecond }) => {
    const disks: string[] = [];
    for (const serial of serials) disks.push(await host.addDisk(mechanicalDisk(serial)));
    await pool(host, `raidz1 ${disks.join(' ')}`);
    await host.run('zfs set recordsize=8k tank');
    await ordinaryLoad(host, '/tank', 4);
    await host.wait(8);
    for (const serial of serials) await host.throttle(serial, { operationsPerSecond });
  },
  settleSeconds: 15,
  check: async (host) => {
    const slow = [await readMilliseconds(host, '/dev/sda'), await readMilliseconds(host, '/dev/sdd')];
    return slow.every((one) => one > 40) ? undefined : `small reads take only ${slow.join(' and ')} ms`;
  },
  truth: {
    first: ['disks-slow-together', 'disk-slow', 'disk-saturated', 'hba-fault'],
    allowed: ['zfs-txg-stalled', 'hung-tasks'],
    never: ['disk-failing', 'disk-io-errors', 'iowait-meter-wrong'],
  },
});
