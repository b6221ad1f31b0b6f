import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn } from '../../lib/host-text.ts';

const schema = z.object({
  algorithms: z.array(
    z.object({
      /** `xts(aes)` */
      name: z.string(),
      /** `xts-aes-aesni`, `xts(ecb(aes-generic))` */
      driver: z.string(),
      /** `kernel` where it is built in. */
      module: z.string(),
      /** The highest of a name is used. */
      priority: z.number().int(),
      /** For use within the kernel's crypto code only. */
      internal: z.boolean(),
      type: z.string(),
    }),
  ),
});

/** /proc/crypto: algorithms appear when they are first used (kernel document crypto/architecture). */
export default defineProbe({
  id: 'kernel-crypto',
  title: 'Ciphers and hashes of the kernel',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 65_536,
  sh: `[ -r /proc/crypto ] || absent 'this kernel has no crypto code'
awk -F '[ \\t]*: ' '$1 == "name" { name = $2 } $1 == "driver" { driver = $2 } $1 == "module" { module = $2 } $1 == "priority" { priority = $2 }
$1 == "internal" { internal = $2 } $1 == "type" { print name "|" driver "|" module "|" priority "|" internal "|" $2 }' /proc/crypto`,
  schema,
  parse: (stdout) => {
    const algorithms: z.infer<typeof schema>['algorithms'] = [];
    for (const line of stdout.split('\n')) {
      const [name, driver, module, priority, internal, type] = line.split('|');
      const value = countIn(priority);
      if (name === undefined || driver === undefined || module === undefined || value === undefined) continue;
      algorithms.push({ name, driver, module, priority: value, internal: internal === 'yes', type: type ?? '' });
    }
    return stdout.trim() !== '' && algorithms.length === 0 ? unparsable('no algorithm') : { algorithms };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18 without aesni_intel',
      stdout: 'cbc(aes)|cbc(ecb(aes-fixed-time))|kernel|101|no|lskcipher\necdh-nist-p384|ecdh-nist-p384-generic|kernel|100|no|kpp\n',
      expect: { algorithms: [{ name: 'cbc(aes)', driver: 'cbc(ecb(aes-fixed-time))', module: 'kernel', priority: 101, internal: false }, { type: 'kpp' }] },
    },
    {
      from: 'documented',
      where: 'arch/x86/crypto/aesni-intel_glue.c',
      stdout: 'xts(aes)|xts-aes-aesni|aesni_intel|401|no|skcipher\n__xts(aes)|__xts-aes-aesni|aesni_intel|401|yes|skcipher\n',
      expect: { algorithms: [{ driver: 'xts-aes-aesni', internal: false }, { internal: true }] },
    },
    { from: 'documented', where: 'an answer of something else', stdout: 'hello\n', expect: 'unparsable' },
  ],
});
