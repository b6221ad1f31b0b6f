import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'silence-interrupt',
  title: 'Silence the interrupt at its source',
  risk: 'medium',
  riskSays: 'What the event is for (a button, a sensor, a hot-plug slot) does not work while it is masked.',
  preconditions: ['The firmware is current, and the device behind the interrupt is known where possible.'],
  commands: [['grep', '.', '/sys/firmware/acpi/interrupts/<gpeXX>'], ['sh', '-c', 'echo disable > /sys/firmware/acpi/interrupts/<gpeXX>']],
  verify: 'The counter stands still, and the processor that handled it becomes idle.',
  undo: 'Write `enable` to the same file. To mask it for good, boot with `acpi_mask_gpe=0x<XX>`.',
});
