import { defineSymptom, type Detection } from '../../define/symptom.ts';
import cpuInfo from './cpu-info.probe.ts';
import { loadOf } from './cpu-usage.samples.ts';
import loadAverage from './load-average.probe.ts';
import { intelServer, virtualCpu } from './processors.ts';

/** More than one and a half tasks for each processor; on very small machines a little room above. */
const limitFor = (cpuCount: number): number => 1.5 * cpuCount + 0.5;

export default defineSymptom({
  id: 'high-load',
  title: 'High load',
  about: `The load average counts tasks that run, wait for a processor, or wait for a disk and cannot be interrupted. It is high here when its mean over one minute
is above one and a half tasks for each processor. A high load with idle processors means waiting for disks or locks; with busy ones, too much work. After a
short burst it takes some minutes to come down.`,
  leak: 0.2,
  needs: { load: loadAverage, cpu: cpuInfo },
  detect: ({ load, cpu }): readonly Detection[] => {
    const limit = limitFor(cpu.cpuCount);
    if (load.oneMinute <= limit) return [];
    const course = `${load.oneMinute.toFixed(1)} over one minute, ${load.fiveMinutes.toFixed(1)} over five and ${load.fifteenMinutes.toFixed(1)} over fifteen`;
    return [
      {
        object: 'host',
        value: load.oneMinute,
        limit,
        unit: 'tasks',
        says: `The load average is ${course}, on ${cpu.cpuCount} processors (limit ${limit.toFixed(1)}).`,
      },
    ];
  },
  examples: {
    present: [
      { name: 'many blocked tasks on a large host', given: { load: loadOf(88), cpu: intelServer }, objects: ['host'] },
      { name: 'a small virtual machine', given: { load: loadOf(5.2), cpu: virtualCpu } },
    ],
    absent: [
      { name: 'all 32 processors in use', given: { load: loadOf(32), cpu: intelServer } },
      { name: 'a small machine that does a little', given: { load: loadOf(1.9), cpu: virtualCpu } },
    ],
  },
});
