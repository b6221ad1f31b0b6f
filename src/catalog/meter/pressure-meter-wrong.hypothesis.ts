import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import { cpuUsage as usageOf, pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow, { type Stall } from '../cpu/pressure-now.fact.ts';
import blockedTasks from '../kernel/blocked-tasks.probe.ts';
import { isContainer } from '../kernel/container.ts';
import { percentText } from '../kernel/number-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import correctTheMeter from './correct-the-meter.mitigation.ts';
import quietStorage from './quiet-storage.fact.ts';

/** A task that really waits leaves a processor waiting, as long as one is free: the two meters must agree about as much. */
function contradicts(usage: { iowaitPercent: number; idlePercent: number; cpuCount: number }, pressure: { io: Stall }): boolean {
  const processorsWaiting = (usage.iowaitPercent * usage.cpuCount) / 100;
  return pressure.io.somePercent >= 50 && usage.idlePercent >= 50 && processorsWaiting < 0.1;
}

const quiet = { quiet: true, busy: [], busiestUtilisationPercent: 0.6, bytesPerSecond: 40_000 };
const none = { tasks: [], count: 0 };
const stalled = pressureOf({ io: { somePercent: 97 } });

export default defineHypothesis({
  id: 'pressure-meter-wrong',
  subject: 'meter',
  proven: 'examples',
  title: 'The I/O pressure is counted wrongly',
  about: `Pressure stall information counts tasks that sleep for I/O. Where it shows a stall nearly all the time, while processors are idle without any I/O wait, no device has work
and no task is in uninterruptible sleep, the meter contradicts the rest: threads at rest on an io_uring, or a defect of the kernel in use.

To be sure by hand: \`cat /proc/pressure/io\` of the host and \`io.pressure\` of each guest's control group show who is counted; a timed write through the storage of that guest
shows whether it really waits.`,
  needs: { usage: cpuUsage, pressure: pressureNow, storage: quietStorage, blocked: blockedTasks, system: optional(operatingSystem) },
  prior: 1 / 600,
  explains: { 'io-delay': 0.6 },
  evidence: [
    {
      when: ({ usage, pressure, storage }) => contradicts(usage, pressure) && storage.quiet,
      likelihood: { ifCause: 0.9, otherwise: 0.004 },
      says: ({ usage, pressure }) => `Tasks are said to be held up by I/O ${percentText(pressure.io.somePercent)} of the time, while the processors wait for I/O ${percentText(usage.iowaitPercent)} of theirs and no device has work.`,
      saysNot: 'Pressure, I/O wait and the work of the devices agree.',
    },
    {
      when: ({ blocked }) => blocked.count === 0,
      likelihood: { ifCause: 0.95, otherwise: 0.5 },
      says: 'No thread is in uninterruptible sleep.',
    },
  ],
  ruledOut: [
    { when: ({ system }) => isContainer(system), says: 'this is a container: the pressure is that of its whole host, the rest is its own' },
    { when: ({ pressure }) => pressure.io.somePercent < 30, says: 'the I/O pressure is low' },
    { when: ({ storage }) => !storage.quiet, says: ({ storage }) => `there is real work between programs and disks: ${storage.busy[0] ?? ''}` },
  ],
  broughtBy: ['kernel'],
  settledBy: 'a timed write through the storage that alarms',
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [correctTheMeter],
  references: ['Linux Documentation/accounting/psi.rst'],
  examples: {
    supporting: [{ name: 'a stall that nothing else shows', given: { usage: usageOf(), pressure: stalled, storage: quiet, blocked: none }, expect: 'suspected' }],
    refuting: [
      { name: 'one reader of a slow share', given: { usage: usageOf({ iowaitPercent: 6, idlePercent: 92 }), pressure: stalled, storage: quiet, blocked: { tasks: [], count: 1 } }, expect: 'not-a-cause' },
      { name: 'a disk at work', given: { usage: usageOf({ iowaitPercent: 6 }), pressure: stalled, storage: { ...quiet, quiet: false, busy: ['sda is busy 98 % of the time'] }, blocked: none }, expect: 'ruled-out' },
      { name: 'a container, whose host works hard for others', given: { usage: usageOf(), pressure: stalled, storage: quiet, blocked: none, system: { ...proxmoxHost, virtualization: 'lxc' } }, symptoms: ['io-delay'], expect: 'ruled-out' },
      { name: 'idle', given: { usage: usageOf(), pressure: pressureOf(), storage: quiet, blocked: none }, expect: 'ruled-out' },
    ],
  },
});
