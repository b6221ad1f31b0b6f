import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'restore-raid-cache',
  title: 'Replace the battery of the RAID controller, and set its volumes to write back',
  risk: 'low',
  riskSays: 'Write back without a working battery or capacitor loses the last writes when power fails.',
  preconditions: ['The battery or capacitor is reported as good, or will be replaced first.'],
  commands: [
    ['storcli', '/call/bbu', 'show', 'all'],
    ['storcli', '/call/cv', 'show', 'all'],
    ['storcli', '/c<controller>/v<volume>', 'set', 'wrcache=wb'],
    ['ssacli', 'ctrl', 'all', 'show', 'status'],
  ],
  verify: 'The tool shows WB (or "Caching: Enabled") again, and a write takes a few milliseconds at most.',
  undo: '`storcli /c<controller>/v<volume> set wrcache=wt`.',
});
