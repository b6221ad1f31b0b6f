import { defineScenario } from '../../define.ts';
import { gcmChoices } from './guest-pool.ts';
import { checkStoryByTrying, hideImplementations, makeStoryHost, storyTruth, storyVariantsByTrying, type StoryVariant } from './story-host.ts';

export default defineScenario<StoryVariant>({
  name: 'story-by-trying',
  subject: 'cpu',
  kind: 'fault',
  why: 'The host of the story, but what ZFS says of its ciphers is hidden, and the product knows no documented issue: nothing is left that names the cause. It has to find it by trying, as the admin did: encrypting takes far more processor time than it must, while disks and the ciphers of the rest of the kernel are as quick as ever.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  blind: true,
  variants: storyVariantsByTrying,
  beforeZfs: async (host) => void (await host.run('modprobe labcpu bits=155')),
  inject: async (host, variant) => {
    await makeStoryHost(host, { ...variant, untilItHurts: true });
    if ((await gcmChoices(host)).includes('avx')) throw new Error('ZFS has AVX for AES-GCM');
    await hideImplementations(host);
  },
  settleSeconds: 15,
  check: checkStoryByTrying,
  truth: storyTruth,
});
