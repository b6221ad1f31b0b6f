import { defineHypothesis } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import coreBurn from './core-burn.experiment.ts';
import cpuUsage from './cpu-usage.fact.ts';
import { cpuUsage as usageOf } from './cpu-usage.samples.ts';
import { limitSet, shareOfBase } from './frequency-limit.ts';
import cpuFrequency from './frequency.probe.ts';
import liftFrequencyLimit from './lift-frequency-limit.mitigation.ts';

const policy = { name: 'policy0', governor: 'performance', driver: 'intel_pstate', currentMhz: 3_000, minMhz: 800, maxMhz: 3_400, hardwareMinMhz: 800, hardwareMaxMhz: 3_400, baseMhz: 2_400 };
const policies = (more: Partial<typeof policy>) => ({ policies: [{ ...policy, ...more }, { ...policy, ...more, name: 'policy1' }] });
const busy = usageOf({ busyPercent: 85, userPercent: 80, idlePercent: 15 });

/** From this use of the processors on, a low clock is no thrift. */
const busyFromPercent = 50;

export default defineHypothesis({
  id: 'cpu-frequency-capped',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The processors are held below the frequency that they offer',
  about: `A maximum frequency, a governor or a power profile keeps the clock of the processors low even under load: \`scaling_max_freq\` set by a tool, \`powersave\` with a driver
that then stays at the minimum, \`max_perf_pct\` of intel_pstate, or a profile of the firmware that no file shows. All that computes gets slower in proportion.
\`powersave\` with intel_pstate or amd_pstate_epp is harmless: it rises under load. A low clock on an idle host is thrift, not a fault.

To be sure by hand: \`grep . /sys/devices/system/cpu/cpufreq/policy0/scaling_*\` and \`grep MHz /proc/cpuinfo\` while something computes.`,
  needs: { frequency: cpuFrequency, usage: cpuUsage },
  prior: 1 / 300,
  explains: { 'high-load': 0.4, 'cpu-pressure': 0.5, 'guest-slow': 0.5, 'io-delay': 0.05 },
  evidence: [
    {
      when: ({ frequency, usage }) => usage.busyPercent >= busyFromPercent && limitSet(frequency) !== undefined && (shareOfBase(frequency) ?? 1) <= 0.8,
      decisive: true,
      likelihood: { ifCause: 0.75, otherwise: 0.0005 },
      says: ({ frequency, usage }) =>
        `The processors are busy ${Math.round(usage.busyPercent)} % of the time and run at ${Math.round(100 * (shareOfBase(frequency) ?? 0))} % of their base frequency, for ${limitSet(frequency) ?? 'a limit'}.`,
      saysNot: 'No limit keeps busy processors below their base frequency.',
      excerpt: ({ frequency }) => `${frequency.policies[0]?.governor ?? ''} ${frequency.policies[0]?.driver ?? ''}, ${Math.round(frequency.policies[0]?.currentMhz ?? 0)} MHz`,
    },
    {
      when: ({ frequency, usage }) => usage.busyPercent >= busyFromPercent && (shareOfBase(frequency) ?? 1) <= 0.6,
      likelihood: { ifCause: 0.85, otherwise: 0.008 },
      says: ({ frequency }) => `Under load the clock is at ${Math.round(100 * (shareOfBase(frequency) ?? 0))} % of the base frequency.`,
    },
  ],
  tested: [
    {
      experiment: coreBurn,
      about: ({ frequency }) => (frequency.policies.length > 0 ? ['host'] : []),
      table: {
        // A hot processor that does not count its throttling looks the same.
        'the clock stays low': { ifCause: 0.85, otherwise: 0.008 },
        'a core is unlike its siblings': { ifCause: 0.05, otherwise: 0.01 },
        'throttled meanwhile': { ifCause: 0.02, otherwise: 0.008 },
        'all cores alike': { ifCause: 0.07, otherwise: 0.95 },
      },
    },
  ],
  ruledOut: [
    { when: ({ frequency, usage }) => limitSet(frequency) === undefined && (usage.busyPercent < busyFromPercent || (shareOfBase(frequency) ?? 0) >= 0.9), says: 'no limit is set, and no busy processor is slow' },
  ],
  broughtBy: ['kernel', 'kernel-settings', 'firmware'],
  mechanisms: ['cpu-saturated'],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [liftFrequencyLimit],
  references: ['Linux Documentation/admin-guide/pm/cpufreq.rst', 'Linux Documentation/admin-guide/pm/intel_pstate.rst'],
  examples: {
    supporting: [
      { name: 'a maximum that was set and forgotten', given: { frequency: policies({ maxMhz: 1_200, currentMhz: 1_200 }), usage: busy }, expect: 'identified' },
      { name: 'the firmware holds the clock at its minimum, and no file shows a limit', given: { frequency: policies({ currentMhz: 800 }), usage: busy }, expect: 'suspected' },
      {
        name: 'a limit on a host that idled, and that stays slow when it works',
        given: { frequency: policies({ maxMhz: 1_200, currentMhz: 1_100 }), usage: usageOf({ busyPercent: 58, userPercent: 50, idlePercent: 42 }) },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'the clock stays low', says: 'Under this load the clock was 1200 MHz, 50 % of the base frequency (95 % between 49 and 50).' }] }],
        expect: 'identified',
      },
      { name: 'powersave with acpi-cpufreq', given: { frequency: policies({ governor: 'powersave', driver: 'acpi-cpufreq', currentMhz: 800 }), usage: busy } },
    ],
    refuting: [
      { name: 'busy, at the base frequency, though far below turbo', given: { frequency: policies({ governor: 'schedutil', currentMhz: 2_400 }), usage: busy }, expect: 'ruled-out' },
      { name: 'powersave of intel_pstate, which rises', given: { frequency: policies({ governor: 'powersave', currentMhz: 3_100 }), usage: busy }, expect: 'ruled-out' },
      { name: 'a limit on a host that idles', given: { frequency: policies({ maxMhz: 1_200, currentMhz: 1_000 }), usage: usageOf() }, expect: 'not-a-cause' },
      {
        name: 'turbo cut off on purpose, half of the processors at work at their base frequency, the others at rest',
        given: { frequency: { policies: ['policy0', 'policy1', 'policy2', 'policy3'].map((name, index) => ({ ...policy, name, maxMhz: 2_300, currentMhz: index < 2 ? 2_300 : 800 })) }, usage: usageOf({ busyPercent: 52, userPercent: 48, idlePercent: 48 }) },
        expect: 'not-a-cause',
      },
      {
        name: 'a low clock at the moment of looking, and one that holds the base frequency when a core works',
        given: { frequency: policies({ currentMhz: 1_300 }), usage: usageOf({ busyPercent: 55, userPercent: 50, idlePercent: 45 }) },
        found: [{ experiment: coreBurn, findings: [{ object: 'host', outcome: 'all cores alike', says: 'Under this load the clock was 3100 MHz, 129 % of the base frequency (95 % between 128 and 130).' }] }],
        expect: 'not-a-cause',
      },
      { name: 'an idle host with a low clock', given: { frequency: policies({ currentMhz: 800 }), usage: usageOf() }, expect: 'ruled-out' },
      { name: 'a virtual machine', given: { frequency: absent('the frequency of these processors is not scaled by this kernel'), usage: busy }, expect: 'cannot-tell' },
    ],
  },
});
