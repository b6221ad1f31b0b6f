import { defineScenario } from '../../define.ts';
import { lightenUntilCarried } from './carried-load.ts';
import { gcmChoices, writeThreadsPercent } from './guest-pool.ts';
import { makeStoryHost, storyVariants, twinTruth, type StoryVariant } from './story-host.ts';

export default defineScenario<StoryVariant>({
  name: 'story-twin',
  subject: 'cpu',
  kind: 'control',
  why: 'The host of the story without its fault: the same update and reboot, the same encrypted raidz1, the same guests that write as much as a healthy machine carries, the same program that dies again and again in a VM. ZFS has AVX and carries the load with ease. There is nothing to accuse; at most the processors of a small machine are at their limit.',
  weight: 'heavy',
  variants: storyVariants,
  inject: async (host, variant) => {
    await makeStoryHost(host, variant);
    await lightenUntilCarried(host, variant.writers, variant.writers === 'guests' ? 3 : 1.2);
  },
  // The load average still has the rounds in which it was too much.
  settleSeconds: 60,
  check: async (host) => {
    if (!(await gcmChoices(host)).includes('avx')) return 'ZFS has no AVX';
    const percent = await writeThreadsPercent(host);
    if (percent > 65) return `the machine does not carry the load: the threads that encrypt take ${percent.toFixed(0)} % of a processor`;
    return percent >= 2 ? undefined : 'nothing is written';
  },
  truth: twinTruth,
});
