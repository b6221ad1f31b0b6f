import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from './disks.ts';
import { answerSmart, attributes, checkSmart, type SmartAnswer } from './smart.ts';

const hours = 28_511;
const unreadable = { hour: hours - 2, text: 'Error: UNC at LBA = 0x0a3f21b8 = 171909560' };
const answers: Readonly<Record<string, Omit<SmartAnswer, 'serial' | 'powerOnHours'>>> = {
  'many-pending': {
    passed: true,
    attributes: attributes({ 197: { raw: 48 }, 198: { raw: 12 }, 1: { raw: 1_632 } }),
    errors: [unreadable, { ...unreadable, hour: hours - 3 }],
    selfTest: { hour: hours - 20, passed: false },
  },
  'health-check-failed': {
    passed: false,
    attributes: attributes({ 5: { value: 133, raw: 1_911 }, 197: { raw: 16 } }),
    errors: [unreadable],
  },
};

export default defineScenario<{ readonly answer: string }>({
  name: 'pending-sectors',
  subject: 'disk',
  kind: 'fault',
  why: 'A mechanical disk in a mirror says by SMART that it cannot read some sectors any more, with unreadable sectors in its own error log of the last hours, or that it expects to fail. The pool still works. The disk is right. smartctl is a shim that prints the answer in the real form, since QEMU has no disk with SMART attributes.',
  weight: 'light',
  variants: { 'many-pending': { answer: 'many-pending' }, 'health-check-failed': { answer: 'health-check-failed' } },
  inject: async (host, { answer }) => {
    const disks = [await host.addDisk(mechanicalDisk('WD-WCC7K0000001')), await host.addDisk(mechanicalDisk('WD-WCC7K0000002'))];
    await pool(host, `mirror ${disks.join(' ')}`);
    await answerSmart(host, disks[0]!, { serial: 'WD-WCC7K0000001', powerOnHours: hours, ...answers[answer]! });
    await answerSmart(host, disks[1]!, { serial: 'WD-WCC7K0000002', powerOnHours: hours, passed: true, attributes: attributes(), errors: [] });
    await host.start('little-load', 'while :; do dd if=/dev/urandom of=/tank/log bs=4k count=20 conv=fsync 2>/dev/null; sleep 2; done');
  },
  check: (host) => checkSmart(host, '/dev/sda', '"Current_Pending_Sector"'),
  truth: { first: ['disk-failing'], objects: { 'disk-failing': 'WD-WCC7K0000001' }, symptoms: ['device-warning'], never: ['disk-slow', 'zpool-degraded'] },
});
