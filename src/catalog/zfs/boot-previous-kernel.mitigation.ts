import { defineMitigation } from '../../define/mitigation.ts';
import { optional } from '../../define/source.ts';
import wayBack from '../kernel/way-back.fact.ts';
import { bootOnce, obstacles } from '../kernel/way-back-text.ts';

const verify = 'After the reboot, `uname -r` names the older kernel, and the sign that convicted the newer one is gone, or the trouble is, with all else unchanged.';

export default defineMitigation({
  id: 'boot-previous-kernel',
  title: 'Boot once into the kernel that ran before',
  risk: 'medium',
  riskSays: 'All guests stop for the reboot, the older kernel lacks later security fixes, and a host that does not come up needs somebody at its console.',
  preconditions: [
    'A recent backup of the guests exists off this host and has been verified.',
    'An out-of-band console (IPMI, iDRAC, iLO, KVM over IP) or somebody at the machine is at hand: ssh does not help when the kernel does not come up.',
    'The ZFS of the older kernel knows every feature that the pools use (`modinfo -k <version> -F version zfs`; `zpool get all <pool> | grep active`; zpool-features(7)), or the pool is not imported, and with the root file system on it the host does not boot.',
    'Encryption keys that are typed in at boot (`zfs get -r keylocation <pool>` says `prompt`) are at hand; until somebody has loaded them, the guests on them do not start.',
  ],
  commands: [
    ['proxmox-boot-tool', 'kernel', 'list'],
    ['proxmox-boot-tool', 'kernel', 'pin', '<version that was good>', '--next-boot'],
    ['reboot'],
  ],
  verify,
  undo: 'It is for one boot only: reboot again. Where it has proven good, pin it until a fixed one is out (`proxmox-boot-tool kernel pin <version>`, taken back by `proxmox-boot-tool kernel unpin`). On hosts with GRUB alone, `grub-reboot <entry>` does the same and needs GRUB_DEFAULT=saved.',
  needs: { back: optional(wayBack) },
  here: ({ back }) => (back === undefined ? {} : { preconditions: obstacles(back), ...bootOnce(back) }),
});
