import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelCommandLine from '../kernel/command-line.probe.ts';
import removeKernelParameter from '../kernel/remove-kernel-parameter.mitigation.ts';
import { avxDisabledText, parameterAgainstAvx } from './avx-switched-off.ts';
import cpuInfo from './cpu-info.probe.ts';
import installMicrocode from './install-microcode.mitigation.ts';
import { cpuWithoutAvx, intelServer } from './processors.ts';
import vulnerabilities from './vulnerabilities.probe.ts';

const commandLineWith = (name: string, value?: string) => ({ text: name, parameters: [{ name, value }] });
const withoutAvx = { ...intelServer, flags: intelServer.flags.filter((flag) => !flag.startsWith('avx')) };

export default defineHypothesis({
  id: 'avx-disabled-by-mitigation',
  subject: 'cpu',
  proven: 'documentation',
  title: 'A mitigation or a boot parameter switches AVX off',
  about: `Against the vulnerability "gather data sampling" (Downfall) the kernel can switch AVX off altogether where the microcode lacks the fix: when booted with
\`gather_data_sampling=force\`, or when it was built so. \`clearcpuid=avx\` does the same by hand. Programs that insist on AVX then die with an illegal instruction, virtual
machines of the CPU type \`host\` lose it, and encryption and checksums of ZFS take a much slower path.

To be sure by hand: \`cat /sys/devices/system/cpu/vulnerabilities/gather_data_sampling\` says \`${avxDisabledText}\`, and \`grep -c -w avx /proc/cpuinfo\` gives 0.`,
  needs: { cpu: cpuInfo, vulnerabilities: optional(vulnerabilities), commandLine: optional(kernelCommandLine) },
  prior: 1 / 600,
  explains: { 'io-delay': 0.5, 'high-load': 0.5, 'cpu-pressure': 0.5, 'guest-slow': 0.4, 'guest-down': 0.2 },
  evidence: [
    {
      // Either way is enough, and the other one missing says nothing against it.
      outcome: ({ cpu, commandLine, vulnerabilities: known }) => {
        if (known?.['gather_data_sampling'] === avxDisabledText) return 'by the mitigation';
        return parameterAgainstAvx(commandLine?.parameters ?? [], known) !== undefined && !cpu.flags.includes('avx') ? 'by a parameter' : 'by neither';
      },
      table: {
        'by the mitigation': { ifCause: 0.6, otherwise: 0.0001, decisive: true, says: 'The kernel says that it disabled AVX because the microcode has no fix for gather data sampling.' },
        'by a parameter': {
          ifCause: 0.35,
          otherwise: 0.0002,
          decisive: true,
          says: ({ commandLine, vulnerabilities: known }) => `The kernel was booted with ${parameterAgainstAvx(commandLine?.parameters ?? [], known) ?? 'such a parameter'}, and the processor shows no AVX.`,
        },
        'by neither': { ifCause: 0.05, otherwise: 0.9997, says: 'Neither the mitigation against gather data sampling nor a boot parameter took AVX away.' },
      },
      excerpt: ({ vulnerabilities: known }) => `gather_data_sampling: ${known?.['gather_data_sampling'] ?? 'not listed'}`,
    },
  ],
  ruledOut: [
    { when: ({ cpu }) => cpu.flags.includes('avx'), says: 'the processor shows AVX' },
    { when: ({ cpu }) => !/^(GenuineIntel|AuthenticAMD|HygonGenuine|CentaurHauls)$/.test(cpu.vendor), says: 'AVX exists on x86 processors only' },
  ],
  broughtBy: ['kernel', 'microcode', 'kernel-settings'],
  mechanisms: ['cpu-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [installMicrocode, removeKernelParameter],
  references: ['Linux Documentation/admin-guide/hw-vuln/gather_data_sampling.rst', 'Linux Documentation/admin-guide/kernel-parameters.txt: clearcpuid'],
  examples: {
    supporting: [
      { name: 'old microcode and a kernel built to insist', given: { cpu: withoutAvx, vulnerabilities: { gather_data_sampling: avxDisabledText }, commandLine: commandLineWith('quiet') }, expect: 'identified' },
      { name: 'switched off by hand', given: { cpu: withoutAvx, vulnerabilities: { gather_data_sampling: 'Not affected' }, commandLine: commandLineWith('clearcpuid', '156') } },
      {
        name: 'switched off by hand, and the processors have no time left in which they could wait for input and output',
        given: { cpu: withoutAvx, vulnerabilities: { gather_data_sampling: 'Not affected' }, commandLine: commandLineWith('clearcpuid', '156') },
        symptoms: ['cpu-pressure', 'high-load'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'a processor with AVX and the fixed microcode', given: { cpu: intelServer, vulnerabilities: { gather_data_sampling: 'Mitigation: Microcode' }, commandLine: commandLineWith('quiet') }, expect: 'ruled-out' },
      { name: 'a processor that never had AVX', given: { cpu: cpuWithoutAvx, vulnerabilities: { gather_data_sampling: 'Not affected' }, commandLine: commandLineWith('quiet') }, expect: 'not-a-cause' },
      { name: 'forced on a processor that never had AVX and is not affected', given: { cpu: cpuWithoutAvx, vulnerabilities: { gather_data_sampling: 'Not affected' }, commandLine: commandLineWith('gather_data_sampling', 'force') }, expect: 'not-a-cause' },
      { name: 'forced, but the microcode has the fix', given: { cpu: intelServer, vulnerabilities: { gather_data_sampling: 'Mitigation: Microcode (locked)' }, commandLine: commandLineWith('gather_data_sampling', 'force') }, expect: 'ruled-out' },
    ],
  },
});
