import { defineScenario } from '../../define.ts';
import { checkStory, makeStoryHost, storyTruth, storyVariants, type StoryVariant } from './story-host.ts';

export default defineScenario<StoryVariant>({
  name: 'story',
  subject: 'cpu',
  kind: 'fault',
  why: 'Kernel and ZFS were updated and the host rebooted. Since then the kernel no longer tells its modules that AVX may be used (the bit OSXSAVE is missing, as in August and September 2023), so ZFS encrypts on a slower path than before, while /proc/cpuinfo shows AVX as ever. Guests write what they always wrote to an encrypted raidz1, and all of them wait. Disks, SMART and memory are without a flaw; a program that dies again and again in a VM fills the kernel log and has nothing to do with it. Right is zfs-crypto-unaccelerated, and to accuse no disk, no guest and no update as such.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  variants: storyVariants,
  beforeZfs: async (host) => void (await host.run('modprobe labcpu bits=155')),
  inject: (host, variant) => makeStoryHost(host, { ...variant, untilItHurts: variant.writers === 'guests' }),
  settleSeconds: 15,
  check: checkStory,
  truth: storyTruth,
});
