import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'replace-controller',
  title: 'Cool the storage controller, update its firmware, or replace it',
  risk: 'medium',
  riskSays: 'The host is down meanwhile; a firmware update that is interrupted can leave the card unusable.',
  preconditions: ['A verified backup exists off this host.', 'For a RAID controller: its replacement can read the volumes (same family).'],
  commands: [
    ['sh', '-c', 'dmesg -T > /root/controller-fault.txt'],
    ['lspci', '-vvs', '<address>'],
    ['sas3flash', '-list'],
  ],
  verify: 'A day of ordinary load, and a scrub, without a new fault or reset in the kernel log.',
  undo: 'Put the former card back.',
});
