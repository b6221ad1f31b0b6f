import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelCommandLine from '../kernel/command-line.probe.ts';
import installMicrocode from './install-microcode.mitigation.ts';
import vulnerabilities from './vulnerabilities.probe.ts';

/** Mitigations that flush predictors on each entry to the kernel, the dearest that there are. */
function dear(known: Readonly<Record<string, string>>): string | undefined {
  return ['spec_rstack_overflow', 'retbleed'].find((name) => /^Mitigation: IBPB(?! on VMEXIT)/.test(known[name] ?? ''));
}

const parameters = (text: string) => ({ text, parameters: [{ name: 'mitigations', value: text.split('=')[1] }] });

export default defineHypothesis({
  id: 'mitigation-cost-changed',
  subject: 'cpu',
  proven: 'examples',
  title: 'A newer microcode or kernel switched on a mitigation that costs speed',
  about: `New microcode or a new kernel can switch on a protection against a hole of the processor (gather data sampling, SRSO, retbleed). From that boot on, each entry to the
kernel or each exit of a virtual machine costs more, without any error. It is no defect, and switching the protection off is no remedy.

Whether it changed cannot be told from one look at a host: compare \`grep . /sys/devices/system/cpu/vulnerabilities/*\` with what an earlier boot had.`,
  needs: { vulnerabilities, commandLine: optional(kernelCommandLine) },
  prior: 1 / 400,
  explains: { 'high-load': 0.2, 'cpu-pressure': 0.3, 'guest-slow': 0.3 },
  evidence: [
    {
      when: ({ vulnerabilities: known }) => dear(known) !== undefined,
      likelihood: { ifCause: 0.25, otherwise: 0.06 },
      says: ({ vulnerabilities: known }) => `The mitigation for ${dear(known) ?? ''} is of the kind that costs most.`,
      excerpt: ({ vulnerabilities: known }) => known[dear(known) ?? ''] ?? '',
    },
  ],
  ruledOut: [{ when: ({ commandLine }) => commandLine?.parameters.some(({ name, value }) => name === 'mitigations' && value === 'off') === true, says: 'all mitigations are switched off on the kernel command line' }],
  broughtBy: ['kernel', 'microcode', 'kernel-settings'],
  settledBy: 'the state of the mitigations at earlier boots, to compare with',
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not switch mitigations off on a host that runs guests of others.'],
  mitigations: [installMicrocode],
  references: ['Linux Documentation/admin-guide/hw-vuln/srso.rst', 'Linux Documentation/admin-guide/hw-vuln/gather_data_sampling.rst'],
  examples: {
    supporting: [],
    refuting: [
      { name: 'the dearest mitigation, which may have been there for ever', given: { vulnerabilities: { spec_rstack_overflow: 'Mitigation: IBPB' }, commandLine: parameters('mitigations=auto') }, expect: 'not-a-cause' },
      { name: 'the usual ones', given: { vulnerabilities: { spec_rstack_overflow: 'Mitigation: Safe RET', retbleed: 'Not affected' } }, expect: 'not-a-cause' },
      { name: 'all switched off', given: { vulnerabilities: { spec_rstack_overflow: 'Vulnerable' }, commandLine: parameters('mitigations=off') }, expect: 'ruled-out' },
    ],
  },
});
