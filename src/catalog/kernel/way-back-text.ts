import type { Mitigation } from '../../define/mitigation.ts';

/** What is known of the way back, as the fact `way-back` has it. */
export interface WayBack {
  readonly running: string;
  readonly previous?: { readonly release: string; readonly zfs?: string | undefined } | undefined;
  readonly bootsWith: 'proxmox-boot-tool' | 'grub' | 'not-known';
  readonly grubSaved: boolean;
  readonly grubEntry?: string | undefined;
  readonly features?: { readonly unknown: readonly string[]; readonly unclear: readonly string[] } | undefined;
  readonly prompts?: readonly string[] | undefined;
}

const several = (names: readonly string[]): string => `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

function featuresText({ previous, features }: WayBack): string {
  if (previous === undefined) return '';
  if (features === undefined) return `Whether the ZFS of ${previous.release} knows every feature that the pools use is not known. Look before: \`modinfo -k ${previous.release} -F version zfs\`, \`zpool get all <pool> | grep active\`, zpool-features(7).`;
  const version = previous.zfs ?? '';
  if (features.unknown.length > 0) return `DO NOT boot ${previous.release} while the pools use what its ZFS ${version} does not know: ${several(features.unknown)}. It could not import them, or only for reading.`;
  if (features.unclear.length > 0) return `Whether the ZFS ${version} of ${previous.release} knows these features that the pools use is not known: ${several(features.unclear)}. Look into zpool-features(7) of that version before.`;
  return `The ZFS ${version} of ${previous.release} knows every feature that the pools use now; do not run \`zpool upgrade\`.`;
}

function keysText({ prompts }: WayBack): string {
  if (prompts === undefined) return 'Whether encryption keys have to be typed in at boot is not known (`zfs get -r keylocation <pool>`; `prompt` needs somebody).';
  return prompts.length === 0 ? 'No key of an encrypted ZFS dataset has to be typed in at boot.' : `Somebody has to type in the keys of ${several(prompts)} after the reboot; until then the guests on them do not start.`;
}

/** What must hold before, by what is known of this host. */
export function obstacles(back: WayBack): string[] {
  return [
    'A recent backup of the guests exists off this host and has been verified.',
    'An out-of-band console (IPMI, iDRAC, iLO, KVM over IP) or somebody at the machine is at hand: ssh does not help when the kernel does not come up.',
    back.previous === undefined ? `No kernel older than ${back.running} is installed: install the one that was good first.` : `${back.previous.release} is the newest installed kernel before ${back.running}; it has to be the one that was good.`,
    featuresText(back),
    keysText(back),
  ].filter((text) => text !== '');
}

/** The commands for one boot into it, by what boots this host. */
export function bootOnce({ previous, bootsWith, grubSaved, grubEntry }: WayBack): Partial<Pick<Mitigation, 'commands' | 'undo'>> {
  const version = previous?.release ?? '<version that was good>';
  if (bootsWith !== 'grub') return { commands: [['proxmox-boot-tool', 'kernel', 'list'], ['proxmox-boot-tool', 'kernel', 'pin', version, '--next-boot'], ['reboot']] };
  const saved = grubSaved ? [] : [['sed', '-i.before', 's/^GRUB_DEFAULT=.*/GRUB_DEFAULT=saved/', '/etc/default/grub'], ['grub-set-default', '0'], ['update-grub']];
  return {
    commands: [...saved, ['grub-reboot', grubEntry ?? `<entry of ${version} in /boot/grub/grub.cfg>`], ['reboot']],
    undo: `It is for one boot only: reboot again.${grubSaved ? '' : ' Then put /etc/default/grub.before back and run `update-grub`.'}`,
  };
}
