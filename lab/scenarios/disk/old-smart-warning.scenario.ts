import { defineScenario } from '../../define.ts';
import { mechanicalDisk, pool } from './disks.ts';
import { answerSmart, attributes, checkSmart } from './smart.ts';

const hours = 28_511;

export default defineScenario<{ readonly replaced: number; readonly cableErrors: number; readonly errorHour: number }>({
  name: 'old-smart-warning',
  subject: 'disk',
  kind: 'control',
  why: 'A mechanical disk with a few sectors that were replaced years ago, cable errors from before a cable was changed, and one entry in its error log from its first year. All that is old and constant; many disks live long like this. Saying it is fine, blaming the disk is not.',
  weight: 'light',
  variants: { 'few-replaced': { replaced: 8, cableErrors: 0, errorHour: 5_120 }, 'cable-once': { replaced: 0, cableErrors: 211, errorHour: 7_900 } },
  inject: async (host, { replaced, cableErrors, errorHour }) => {
    const disks = [await host.addDisk(mechanicalDisk('WD-WCC7K0000003')), await host.addDisk(mechanicalDisk('WD-WCC7K0000004'))];
    await pool(host, `mirror ${disks.join(' ')}`);
    await answerSmart(host, disks[0]!, {
      serial: 'WD-WCC7K0000003',
      powerOnHours: hours,
      passed: true,
      attributes: attributes({ 5: { raw: replaced }, 199: { raw: cableErrors } }),
      errors: [{ hour: errorHour, text: 'Error: ICRC, ABRT at LBA = 0x00a1b2c0 = 10597056' }],
      selfTest: { hour: hours - 100, passed: true },
    });
    await answerSmart(host, disks[1]!, { serial: 'WD-WCC7K0000004', powerOnHours: hours, passed: true, attributes: attributes(), errors: [] });
  },
  check: (host) => checkSmart(host, '/dev/sda', '"UDMA_CRC_Error_Count"'),
  truth: { first: [] },
});
