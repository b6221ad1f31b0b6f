import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'switch-off-nvme-power-saving',
  title: 'Boot with power saving of NVMe and PCIe switched off',
  risk: 'low',
  riskSays: 'The host draws a few watts more; a reboot is needed.',
  preconditions: ['All guests can be stopped or moved for a reboot.', 'A rescue medium is at hand in case the boot loader is changed wrongly.'],
  commands: [
    ['sed', '-i.bak', 's/$/ nvme_core.default_ps_max_latency_us=0 pcie_aspm=off pcie_port_pm=off/', '/etc/kernel/cmdline'],
    ['proxmox-boot-tool', 'refresh'],
    ['reboot'],
  ],
  verify: '`cat /proc/cmdline` shows the three settings, and the controller stays up for several times as long as it used to. With GRUB they belong into GRUB_CMDLINE_LINUX_DEFAULT, followed by `update-grub`.',
  undo: 'Put /etc/kernel/cmdline.bak back, run `proxmox-boot-tool refresh` and reboot.',
});
