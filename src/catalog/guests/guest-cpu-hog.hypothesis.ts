import { defineHypothesis, type ObjectRef } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { cpuUsage as cpuUsageOf, pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import guestUsage, { type GuestUsed } from './guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';
import limitGuestCpu from './limit-guest-cpu.mitigation.ts';
import freezeOneGuest from './freeze-one-guest.experiment.ts';
import quietOneGuest from './quiet-one-guest.experiment.ts';

function waiting(guest: GuestUsed, guests: readonly GuestUsed[]): GuestUsed[] {
  return guests.filter((one) => one.object !== guest.object && one.throttledPercent < 10 && (one.pressure?.cpu.somePercent ?? 0) >= 20 && (one.pressure?.cpu.someAvg60 ?? 0) >= 10);
}

const full = cpuUsageOf({ cpuCount: 16, busyPercent: 99, userPercent: 97, idlePercent: 1 });
const hog = usedBy('qemu/100', { cpuPercentOfCore: 1200, cpuPercentOfHost: 75, pressure: pressureOn({ cpu: { somePercent: 90, someAvg60: 88 } }) });
const victim = usedBy('lxc/101', { cpuPercentOfCore: 60, cpuPercentOfHost: 4, pressure: pressureOn({ cpu: { somePercent: 70, someAvg60: 60 } }) });

export default defineHypothesis({
  id: 'guest-cpu-hog',
  subject: 'guests',
  proven: 'documentation',
  title: 'One guest takes most of the processors, and others wait',
  about: `A single VM or container uses more than half of the host's processor time while all processors are busy and other guests wait for one. With weights (\`cpuunits\`) the kernel shares
fairly between guests that want time at once, but a VM with many virtual CPUs still gets in everybody's way. A guest that computes while processors are free is no fault.

To be sure by hand: \`systemd-cgtop\`, \`cpu.pressure\` of the other guests under \`/sys/fs/cgroup\`, and inside the guest \`top\`.`,
  needs: { usage: guestUsage, cpu: cpuUsage, pressure: optional(pressureNow) },
  objects: ({ usage }) => usage.guests.filter((guest) => guest.cpuPercentOfCore >= 90).map((guest) => ({ object: guest.object, guest })),
  noObjects: 'no guest uses as much as one processor',
  prior: 1 / 60,
  explains: { 'cpu-pressure': 0.9, 'high-load': 0.8, 'guest-slow': 0.7, 'target-missing': 0.2 },
  explainsAcross: ['guest-slow'],
  evidence: [
    {
      when: ({ usage, cpu }, { guest }) => (guest.cpuPercentOfHost ?? 0) >= 50 && cpu.busyPercent >= 90 && waiting(guest, usage.guests).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.9, otherwise: 0.002 },
      says: ({ usage, cpu }, { guest }) => {
        const others = waiting(guest, usage.guests);
        return `${guest.object} uses ${percentText(guest.cpuPercentOfHost ?? 0)} of all processors, which are busy ${percentText(cpu.busyPercent)} of the time, and ${others.length === 1 ? (others[0]?.object ?? '') : `${others.length} other guests`} had to wait for one.`;
      },
      saysNot: ({ cpu }, { guest }) => `${guest.object} uses ${percentText(guest.cpuPercentOfHost ?? 0)} of all processors, which are busy ${percentText(cpu.busyPercent)} of the time.`,
      excerpt: (_, { guest }) => `${guest.object}: ${guest.cpuPercentOfCore.toFixed(0)} % of one processor`,
    },
  ],
  tested: [quietOneGuest, freezeOneGuest].map((experiment) => ({
    experiment,
    about: (_: unknown, { object }: ObjectRef) => [object],
    table: {
      'others are well without it': { ifCause: 0.85, otherwise: 0.01, decisive: true },
      'makes no difference': { ifCause: 0.04, otherwise: 0.83 },
    },
  })),
  ruledOut: [{ when: ({ cpu }) => cpu.idlePercent + cpu.iowaitPercent >= 30, says: ({ cpu }) => `the processors are idle ${percentText(cpu.idlePercent + cpu.iowaitPercent)} of the time` }],
  broughtBy: ['guest'],
  mechanisms: ['cpu-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Limit the processors of that guest, or pause what it does.'],
  mitigations: [limitGuestCpu],
  references: ['Linux Documentation/admin-guide/cgroup-v2.rst (cpu.stat)', 'pve-docs qm.adoc (cpulimit, cpuunits)'],
  examples: {
    supporting: [
      { name: 'a VM computes on twelve of sixteen processors', given: { usage: usageOf(hog, victim), cpu: full, pressure: pressureOf({ cpu: { somePercent: 95 } }) }, object: 'qemu/100', expect: 'identified' },
      {
        name: 'a VM takes 45 % of the processors of a busy host; held back, the others are well',
        given: { usage: usageOf({ ...hog, cpuPercentOfCore: 720, cpuPercentOfHost: 45 }, victim), cpu: full },
        found: [{ experiment: quietOneGuest, findings: [{ object: 'qemu/100', outcome: 'others are well without it', says: 'With 80 % less processor time for qemu/100, the others waited 8 % instead of 90 % of the time of one of them for a processor.' }] }],
        object: 'qemu/100',
        symptoms: ['cpu-pressure', 'guest-slow', 'high-load'],
      },
    ],
    refuting: [
      {
        name: 'a VM computes, others wait; frozen, it makes no difference to them',
        given: { usage: usageOf({ ...hog, cpuPercentOfCore: 720, cpuPercentOfHost: 45 }, victim), cpu: full },
        found: [{ experiment: freezeOneGuest, findings: [{ object: 'qemu/100', outcome: 'makes no difference', says: 'With 100 % less processor time for qemu/100, the others waited 70 % instead of 71 % of the time of one of them for a processor.' }] }],
        object: 'qemu/100',
        symptoms: ['cpu-pressure'],
      },
      { name: 'all idle', given: { usage: usageOf(usedBy('qemu/100')), cpu: cpuUsageOf() }, expect: 'ruled-out' },
      {
        name: 'a VM computes, and processors are free',
        given: { usage: usageOf({ ...hog, cpuPercentOfCore: 800, cpuPercentOfHost: 50 }, victim), cpu: cpuUsageOf({ busyPercent: 55, idlePercent: 45 }) },
        expect: 'ruled-out',
      },
      { name: 'a compile job in one container, and nobody else wants to compute', given: { usage: usageOf(hog, usedBy('lxc/101')), cpu: full } },
      {
        name: 'many guests share the processors',
        given: { usage: usageOf({ ...hog, cpuPercentOfCore: 300, cpuPercentOfHost: 19 }, { ...victim, cpuPercentOfHost: 19 }), cpu: full },
      },
      {
        name: 'the other one waits for its own limit, not for this guest',
        given: { usage: usageOf(hog, { ...victim, limitCpus: 0.5, throttledPercent: 90, throttledPeriods: 45 }), cpu: full },
      },
    ],
  },
});
