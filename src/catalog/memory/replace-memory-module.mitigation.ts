import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-memory-module',
  title: 'Replace the memory module',
  risk: 'medium',
  riskSays: 'The host is off meanwhile, and the wrong module is easily pulled: compare the slot with the board’s manual.',
  preconditions: [
    'The label in the report has been matched with a slot of the board.',
    'A recent backup of the guests exists off this host and has been verified.',
  ],
  commands: [['grep', '-H', '.', '/sys/devices/system/edac/mc/mc0/dimm0/dimm_label'], ['dmidecode', '-t', 'memory'], ['poweroff']],
  verify: 'The counts under /sys/devices/system/edac/mc stay at 0 for days. If they follow the module into another slot, it was the module.',
  undo: 'Put the old module back.',
});
