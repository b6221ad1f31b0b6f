import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { percentText } from '../kernel/number-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { virtualHost } from '../kernel/os.samples.ts';
import coreBurn from './core-burn.experiment.ts';
import cpuInfo from './cpu-info.probe.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf, pressureNow as pressureOf } from './cpu-usage.samples.ts';
import getMoreProcessorTime from './get-more-processor-time.mitigation.ts';
import pressureNow from './pressure-now.fact.ts';
import { intelServer, virtualCpu } from './processors.ts';

/** Hypervisors that tell their guests what they took away. Of others, such as VMware and Hyper-V, a steal of zero says nothing. */
const tellsSteal: readonly string[] = ['kvm', 'amazon', 'xen', 'google', 'powervm', 'zvm'];

export default defineHypothesis({
  id: 'cpu-steal',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The machine below gives this virtual machine too little processor time',
  about: `This host is itself a virtual machine, and its virtual processors were ready to run while the hypervisor ran something else. \`top\` calls that \`st\`, steal. Neighbours
use too much, the machine below is overcommitted, or a limit or a used-up CPU credit of the provider holds this one back. Everything here is late,
without anything here being at fault.

To be sure by hand: \`vmstat 1\`, column \`st\`. Some percent for moments are normal. VMware and Hyper-V do not tell their guests: there only the machine below knows (CPU ready time).`,
  needs: { cpu: cpuInfo, usage: cpuUsage, pressure: pressureNow, system: optional(operatingSystem) },
  prior: 1 / 150,
  explains: { 'cpu-pressure': 0.8, 'high-load': 0.5, 'guest-slow': 0.6, 'io-delay': 0.1, 'target-missing': 0.2 },
  evidence: [
    {
      when: ({ usage }) => usage.stealPercent >= 15,
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.0015 },
      says: ({ usage }) => `The machine below took away ${percentText(usage.stealPercent)} of the processors' time.`,
      saysNot: ({ usage }) => `The machine below took away only ${percentText(usage.stealPercent)} of the processors' time.`,
    },
    {
      when: ({ pressure }) => (pressure.cpu.someAvg60) >= 20,
      likelihood: { ifCause: 0.6, otherwise: 0.2 },
      says: ({ pressure }) => `Over the last minute tasks waited for a processor ${percentText(pressure.cpu.someAvg60)} of the time.`,
    },
  ],
  tested: [
    {
      experiment: coreBurn,
      about: ({ system }) => (tellsSteal.includes(system?.virtualization ?? 'kvm') ? ['host'] : []),
      table: {
        stolen: { ifCause: 0.85, otherwise: 0.003, decisive: true },
        'a core is unlike its siblings': { ifCause: 0.04, otherwise: 0.01 },
        'all cores alike': { ifCause: 0.1, otherwise: 0.95 },
      },
    },
  ],
  ruledOut: [
    { when: ({ cpu, usage }) => !cpu.hypervisor && usage.stealPercent === 0, says: 'this host runs on the hardware itself' },
    { when: ({ usage, system }) => usage.stealPercent < 3 && (usage.stealPercent > 0 || tellsSteal.includes(system?.virtualization ?? 'kvm')), says: ({ usage }) => `the machine below took away ${percentText(usage.stealPercent)} of the time, which is little` },
  ],
  mechanisms: ['soft-lockup'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [getMoreProcessorTime],
  references: ['proc_stat(5): steal'],
  examples: {
    supporting: [
      { name: 'an overcommitted machine below', given: { cpu: virtualCpu, usage: usageOf({ cpuCount: 2, stealPercent: 38, idlePercent: 10, busyPercent: 52 }), pressure: pressureOf({ cpu: { someAvg60: 70 } }) }, expect: 'identified' },
      {
        name: 'little was wanted while we looked, and nothing was to be had when something was',
        given: { cpu: virtualCpu, usage: usageOf({ cpuCount: 2, stealPercent: 9, idlePercent: 61, busyPercent: 30 }), pressure: pressureOf({ cpu: { someAvg60: 35 } }) },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'stolen', says: 'The machine below took away 38 % of the time, and 2 % went by waiting for other work of this host.' }] }],
        expect: 'identified',
      },
      { name: 'a used-up CPU credit', given: { cpu: virtualCpu, usage: usageOf({ cpuCount: 2, stealPercent: 80, idlePercent: 0, busyPercent: 20 }) } },
    ],
    refuting: [
      { name: 'on metal', given: { cpu: intelServer, usage: usageOf({ busyPercent: 99, idlePercent: 1 }), pressure: pressureOf({ cpu: { someAvg60: 60 } }) }, expect: 'ruled-out' },
      { name: 'a virtual machine that gets what it wants', given: { cpu: virtualCpu, usage: usageOf({ stealPercent: 0.4, busyPercent: 90, idlePercent: 9 }), pressure: pressureOf() }, expect: 'ruled-out' },
      { name: 'below VMware, which does not tell: nothing is ruled out', given: { cpu: virtualCpu, usage: usageOf({ stealPercent: 0, busyPercent: 90, idlePercent: 10 }), pressure: pressureOf(), system: { ...virtualHost, virtualization: 'vmware' } }, expect: 'not-a-cause' },
      { name: 'a cloud machine at full use', given: { cpu: virtualCpu, usage: usageOf({ cpuCount: 2, stealPercent: 2.6, busyPercent: 97, idlePercent: 0 }), pressure: pressureOf({ cpu: { someAvg60: 80 } }), system: virtualHost }, expect: 'ruled-out' },
      {
        name: 'steal for a moment, and each core gets its time when it works',
        given: { cpu: virtualCpu, usage: usageOf({ stealPercent: 12, busyPercent: 60, idlePercent: 28 }), pressure: pressureOf() },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'all cores alike', says: 'The machine below took away 1 % of the time, and 2 % went by waiting for other work of this host.' }] }],
        expect: 'not-a-cause',
      },
      { name: 'a little steal under load', given: { cpu: virtualCpu, usage: usageOf({ stealPercent: 6, busyPercent: 90, idlePercent: 4 }), pressure: pressureOf({ cpu: { someAvg60: 50 } }) }, expect: 'not-a-cause' },
    ],
  },
});
