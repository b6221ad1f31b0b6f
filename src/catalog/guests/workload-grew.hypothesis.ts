import { defineHypothesis } from '../../define/hypothesis.ts';
import { cpuUsage as cpuUsageOf } from '../cpu/cpu-usage.samples.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import limitGuestCpu from './limit-guest-cpu.mitigation.ts';

const busyFromPercent = 70;

export default defineHypothesis({
  id: 'workload-grew',
  subject: 'guests',
  proven: 'examples',
  title: 'The guests simply do more than they used to',
  about: `Nothing is broken: there are more guests, or they have more to do, than when all was well. One look at a host cannot tell, for it needs the comparison with an ordinary day before: the same
work on less machine looks just like more work on the same machine.

To be sure by hand: compare CPU, I/O and network of the host and of each guest with the same hour of a week ago (the graphs by week in the web interface, or \`sar -f\`).`,
  needs: { cpu: cpuUsage },
  prior: 1 / 40,
  explains: { 'high-load': 0.6, 'cpu-pressure': 0.5, 'io-delay': 0.4, 'disk-latency': 0.4, 'guest-slow': 0.4, 'memory-pressure': 0.3 },
  evidence: [
    {
      when: ({ cpu }) => cpu.busyPercent + cpu.iowaitPercent >= busyFromPercent,
      likelihood: { ifCause: 0.6, otherwise: 0.4 },
      says: ({ cpu }) => `The processors are in use or wait for I/O ${percentText(cpu.busyPercent + cpu.iowaitPercent)} of the time; whether that is more than usual is not known.`,
    },
  ],
  broughtBy: ['guest', 'guest-settings'],
  settledBy: 'a history of the load of this host and its guests, to compare with an ordinary day',
  urgency: 'none',
  dataAtRisk: false,
  mitigations: [limitGuestCpu],
  references: ['sar(1)'],
  examples: {
    supporting: [],
    refuting: [
      { name: 'an idle host', given: { cpu: cpuUsageOf() }, symptoms: [] },
      { name: 'a busy host, without anything to compare with', given: { cpu: cpuUsageOf({ busyPercent: 98, idlePercent: 2 }) }, symptoms: ['high-load'], expect: 'not-a-cause' },
    ],
  },
});
