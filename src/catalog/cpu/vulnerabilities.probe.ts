import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';

const folder = '/sys/devices/system/cpu/vulnerabilities/';

/** What the kernel says about each vulnerability of the processor: `{ retbleed: 'Mitigation: untrained return thunk' }`. */
export default defineProbe({
  id: 'vulnerabilities',
  title: 'Vulnerabilities of the processor and their mitigations',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 16_384,
  sh: `[ -d ${folder} ] || absent 'this kernel does not list vulnerabilities'
dump ${folder}*`,
  schema: z.record(z.string(), z.string()),
  parse: (stdout) => {
    const value: Record<string, string> = {};
    for (const [path, text] of dumpedFiles(stdout)) {
      const name = path.startsWith(folder) ? path.slice(folder.length) : '';
      if (/^[a-z][a-z0-9_]{0,60}$/.test(name)) value[name] = (text.split('\n')[0] ?? '').trim();
    }
    return Object.keys(value).length === 0 ? unparsable('no vulnerability is named') : value;
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 as a guest on AMD EPYC, Linux 6.18',
      stdout: `==> /sys/devices/system/cpu/vulnerabilities/gather_data_sampling <==
Not affected
==> /sys/devices/system/cpu/vulnerabilities/spec_rstack_overflow <==
Vulnerable: Safe RET, no microcode
==> /sys/devices/system/cpu/vulnerabilities/spectre_v1 <==
Mitigation: usercopy/swapgs barriers and __user pointer sanitization
`,
      expect: {
        gather_data_sampling: 'Not affected',
        spec_rstack_overflow: 'Vulnerable: Safe RET, no microcode',
        spectre_v1: 'Mitigation: usercopy/swapgs barriers and __user pointer sanitization',
      },
    },
    {
      from: 'documented',
      where: 'hw-vuln/gather_data_sampling of the kernel documents',
      stdout: `==> ${folder}gather_data_sampling <==\nMitigation: AVX disabled, no microcode\n`,
      expect: { gather_data_sampling: 'Mitigation: AVX disabled, no microcode' },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
