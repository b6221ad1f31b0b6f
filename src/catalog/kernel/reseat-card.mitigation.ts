import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'reseat-card',
  title: 'Reseat the card or module, then try another slot, without riser or adapter',
  risk: 'medium',
  riskSays: 'The host is off meanwhile; names of network interfaces may change with the slot.',
  preconditions: ['The slot is really meant to be as wide as it is long: see the manual of the board.', 'Guests can be moved or shut down.'],
  commands: [
    ['lspci', '-vv', '-s', '<slot>'],
    ['grep', '.', '/sys/bus/pci/devices/<slot>/current_link_speed', '/sys/bus/pci/devices/<slot>/current_link_width', '/sys/bus/pci/devices/<slot>/max_link_width'],
    ['grep', 'TOTAL', '/sys/bus/pci/devices/<slot>/aer_dev_correctable'],
  ],
  verify: 'The link has its full width and speed under load, and the error counters stand still. Where they do not, boot once with pcie_aspm=off and compare.',
  undo: 'Put the card back where it was.',
});
