import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

/** Whether the kernel slows down programs that use split locks, /proc/sys/kernel/split_lock_mitigate. */
export default defineProbe({
  id: 'split-lock-setting',
  title: 'Setting for programs that use split locks',
  subject: 'cpu',
  stage: 'early',
  maxBytes: 256,
  sh: `[ -r /proc/sys/kernel/split_lock_mitigate ] || absent 'this kernel or processor does not detect split locks'
read -r value < /proc/sys/kernel/split_lock_mitigate; echo "$value"`,
  schema: z.object({ slowsDown: z.boolean() }),
  parse: (stdout) => {
    const text = stdout.trim();
    return text === '0' || text === '1' ? { slowsDown: text === '1' } : unparsable('neither 0 nor 1');
  },
  examples: [
    { from: 'documented', where: 'Linux Documentation/arch/x86/buslock.rst', stdout: '1\n', expect: { slowsDown: true } },
    { from: 'documented', where: 'the same, switched off', stdout: '0\n', expect: { slowsDown: false } },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
