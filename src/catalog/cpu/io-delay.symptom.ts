import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import pressureNow from './pressure-now.fact.ts';

const waitLimitPercent = 10;
const pressureLimitPercent = 30;

export default defineSymptom({
  id: 'io-delay',
  title: 'IO delay',
  about: `What Proxmox VE shows as "IO delay", and \`top\` as \`wa\`: processors had nothing else to do while input or output was under way. It is seen here when
the processors waited for at least ${waitLimitPercent} % of the sampling window, or when tasks were held up by input and output for at least ${pressureLimitPercent} % of it (pressure stall
information, \`/proc/pressure/io\`). IO delay is CPU idle time with I/O outstanding: busy processors hide it, many processors thin it out, and quick disks do
not refute it, for what lies above the disks may be slow. A backup or a copy brings it as well, honestly.`,
  leak: 0.2,
  needs: { usage: cpuUsage, pressure: optional(pressureNow) },
  detect: ({ usage, pressure }): readonly Detection[] => {
    const wait = usage.iowaitPercent;
    const held = pressure?.io.somePercent ?? 0;
    if (wait < waitLimitPercent && held < pressureLimitPercent) return [];
    const byWait = wait >= waitLimitPercent;
    const waited = `the processors waited for input and output ${percentText(wait)} of the time (limit ${waitLimitPercent} %)`;
    const stalled = pressure === undefined ? '' : `, and tasks were held up by it ${percentText(held)} of the time (limit ${pressureLimitPercent} %)`;
    const hidden = usage.busyPercent >= 70 ? ` Busy processors (${percentText(usage.busyPercent)}) hide a part of it.` : '';
    return [
      {
        object: 'host',
        value: byWait ? wait : held,
        limit: byWait ? waitLimitPercent : pressureLimitPercent,
        unit: '% of the time',
        says: `Within ${Math.round(usage.intervalSeconds)} seconds ${waited}${stalled}.${hidden}`,
      },
    ];
  },
  examples: {
    present: [
      { name: 'a third of the time', given: { usage: usageOf({ iowaitPercent: 33, idlePercent: 5, busyPercent: 62 }), pressure: pressureOf({ io: { somePercent: 68 } }) }, objects: ['host'] },
      { name: 'thinned out by many processors', given: { usage: usageOf({ cpuCount: 128, iowaitPercent: 1.2 }), pressure: pressureOf({ io: { somePercent: 95 } }) } },
      { name: 'a kernel without pressure stall information', given: { usage: usageOf({ iowaitPercent: 24, idlePercent: 70 }) } },
    ],
    absent: [
      { name: 'an idle host', given: { usage: usageOf(), pressure: pressureOf() } },
      { name: 'busy computing', given: { usage: usageOf({ busyPercent: 99, idlePercent: 0, iowaitPercent: 0.4 }), pressure: pressureOf({ cpu: { somePercent: 80 } }) } },
      { name: 'a little writing', given: { usage: usageOf({ iowaitPercent: 3, idlePercent: 90 }), pressure: pressureOf({ io: { somePercent: 12 } }) } },
    ],
  },
});
