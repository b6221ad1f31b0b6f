import { defineHypothesis } from '../../define/hypothesis.ts';
import { percentText } from '../kernel/number-text.ts';
import guestUsage from './guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';
import raiseGuestCpuLimit from './raise-guest-cpu-limit.mitigation.ts';

const many = 25;
const enoughPeriods = 5;
/** A limit that is met at the end of many periods, but hardly makes anything wait, holds nobody up. */
const heldPercent = 5;

export default defineHypothesis({
  id: 'guest-cpu-limit',
  subject: 'guests',
  proven: 'documentation',
  title: 'The guest is stopped again and again by its own CPU limit',
  about: `A guest with a CPU limit (\`cpulimit\`) may use so much processor time in each tenth of a second; then it is stopped until the next one begins. It feels slow and stutters, while the host
has processors to spare and the guest itself sees busy CPUs far below their number. Its stopped tasks count as waiting for a processor in the host's pressure figures, too. The limit may
be meant: then this is just what it does.

To be sure by hand: \`nr_periods\` and \`nr_throttled\` in \`cpu.stat\` of the guest (\`/sys/fs/cgroup/lxc/<id>\`, \`/sys/fs/cgroup/qemu.slice/<id>.scope\`), twice, some seconds apart.`,
  needs: { usage: guestUsage },
  objects: ({ usage }) => usage.guests.filter((guest) => guest.limitCpus !== undefined).map((guest) => ({ object: guest.object, guest })),
  noObjects: 'no running guest has a CPU limit',
  prior: 1 / 50,
  explains: { 'guest-slow': 0.95, 'cpu-pressure': 0.4, 'high-load': 0.2, 'target-missing': 0.1 },
  evidence: [
    {
      when: (_, { guest }) => guest.throttledPercent >= many && guest.throttledPeriods >= enoughPeriods && (guest.pressure?.cpu.somePercent ?? heldPercent) >= heldPercent,
      decisive: true,
      likelihood: { ifCause: 0.97, otherwise: 0.001 },
      says: (_, { guest }) =>
        `${guest.object} may use ${guest.limitCpus} CPUs, uses ${percentText(guest.cpuPercentOfCore)} of one, and was stopped by its limit in ${percentText(guest.throttledPercent)} of the periods.`,
      saysNot: (_, { guest }) => `${guest.object} met its limit of ${guest.limitCpus} CPUs in ${percentText(guest.throttledPercent)} of the periods.`,
      excerpt: (_, { guest }) => `nr_throttled +${guest.throttledPeriods}`,
    },
  ],
  ruledOut: [{ when: (_, { guest }) => guest.throttledPercent < 5, says: (_, { guest }) => `${guest.object} hardly ever meets its limit of ${guest.limitCpus} CPUs` }],
  broughtBy: ['guest-settings'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [raiseGuestCpuLimit],
  references: ['Linux Documentation/admin-guide/cgroup-v2.rst (cpu.max, cpu.stat)', 'pve-docs pct.adoc (cpulimit)'],
  examples: {
    supporting: [
      {
        name: 'a container with half a CPU',
        given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 0.5, cpuPercentOfCore: 50, throttledPercent: 82, throttledPeriods: 41, pressure: pressureOn({ cpu: { somePercent: 52, someAvg60: 50 } }) }), usedBy('qemu/100')) },
        object: 'lxc/101',
        expect: 'identified',
      },
      {
        name: 'control groups whose pressure is not kept',
        given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 0.5, cpuPercentOfCore: 50, throttledPercent: 82, throttledPeriods: 41, pressure: undefined })) },
        object: 'lxc/101',
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'no guest has a limit', given: { usage: usageOf(usedBy('lxc/101', { cpuPercentOfCore: 100 })) }, expect: 'ruled-out' },
      { name: 'a limit that is never met', given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 2, cpuPercentOfCore: 12 })) }, expect: 'ruled-out' },
      {
        name: 'a container that meets its limit at the end of many periods, and hardly waits',
        given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 4, cpuPercentOfCore: 370, throttledPercent: 31, throttledPeriods: 15, pressure: pressureOn({ cpu: { somePercent: 2, someAvg60: 2 } }) })) },
        expect: 'not-a-cause',
      },
      { name: 'a limit that is met now and then', given: { usage: usageOf(usedBy('lxc/101', { limitCpus: 2, cpuPercentOfCore: 120, throttledPercent: 9, throttledPeriods: 4 })) } },
    ],
  },
});
