import { defineScenario } from '../../define.ts';
import { gcmChoices, writeThreadsPercent } from './guest-pool.ts';
import { hideImplementations, makeStoryHost, storyVariantsByTrying, twinTruth, type StoryVariant } from './story-host.ts';

export default defineScenario<StoryVariant>({
  name: 'story-twin-by-trying',
  subject: 'cpu',
  kind: 'control',
  why: 'The twin of the story, with what ZFS says of its ciphers hidden and no documented issue known. Trying must find nothing: encrypting costs what it must.',
  weight: 'heavy',
  blind: true,
  variants: storyVariantsByTrying,
  inject: async (host, variant) => {
    await makeStoryHost(host, variant);
    if (!(await gcmChoices(host)).includes('avx')) throw new Error('ZFS has no AVX');
    await hideImplementations(host);
  },
  settleSeconds: 15,
  check: async (host) => {
    const percent = await writeThreadsPercent(host);
    if (percent > 65) return `the machine does not carry the load: the threads that encrypt take ${percent.toFixed(0)} % of a processor`;
    return percent >= 2 ? undefined : 'nothing is written';
  },
  truth: twinTruth,
});
