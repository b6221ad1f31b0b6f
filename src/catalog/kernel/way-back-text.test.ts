import { describe, expect, it } from 'vitest';
import { bootOnce, obstacles, type WayBack } from './way-back-text.ts';

const back = (more: Partial<WayBack> = {}): WayBack => ({
  running: '6.8.12-9-pve', previous: { release: '6.5.13-6-pve', zfs: '2.1.14-pve1' }, bootsWith: 'proxmox-boot-tool', grubSaved: false, features: { unknown: [], unclear: [] }, prompts: [], ...more,
});

describe('the way back to the kernel before', () => {
  it('is one pinned boot on Proxmox VE', () => {
    expect(bootOnce(back()).commands).toContainEqual(['proxmox-boot-tool', 'kernel', 'pin', '6.5.13-6-pve', '--next-boot']);
    expect(obstacles(back()).join(' ')).toMatch(/console.*newest installed kernel before.*knows every feature.*No key/);
  });
  it('needs a saved default of GRUB', () => {
    expect(bootOnce(back({ bootsWith: 'grub', grubSaved: true, grubEntry: 'a>b' })).commands).toEqual([['grub-reboot', 'a>b'], ['reboot']]);
    expect(bootOnce(back({ bootsWith: 'grub' })).commands).toContainEqual(['update-grub']);
  });
  it('is barred by features that the older ZFS does not know', () => {
    expect(obstacles(back({ features: { unknown: ['block_cloning (rpool)'], unclear: [] } })).join(' ')).toContain('DO NOT boot 6.5.13-6-pve while the pools use what its ZFS 2.1.14-pve1 does not know: block_cloning (rpool)');
    expect(obstacles(back({ features: undefined })).join(' ')).toContain('is not known');
  });
  it('needs somebody for keys that are typed in', () => expect(obstacles(back({ prompts: ['rpool/secret'] })).join(' ')).toContain('type in the keys of rpool/secret'));
  it('does not exist without an older kernel', () => expect(obstacles(back({ previous: undefined })).join(' ')).toContain('No kernel older than 6.8.12-9-pve is installed'));
});
