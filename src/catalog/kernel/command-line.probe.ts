import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { keyAndValue, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** As booted; values that look like secrets are left out on the host already. */
  text: z.string(),
  parameters: z.array(z.object({ name: z.string(), value: z.string().optional() })),
});

/** What the running kernel was booted with, /proc/cmdline. */
export default defineProbe({
  id: 'kernel-command-line',
  title: 'Command line of the running kernel',
  subject: 'kernel',
  stage: 'early',
  maxBytes: 16_384,
  sh: `[ -r /proc/cmdline ] || absent 'there is no /proc/cmdline'
read -r line < /proc/cmdline || [ -n "$line" ] || exit 1
set -f
for word in $line; do
  case $word in
    *[Pp][Aa][Ss][Ss]*=* | *[Ss][Ee][Cc][Rr][Ee][Tt]*=* | *[Tt][Oo][Kk][Ee][Nn]*=* | *chap*=*) printf '%s=(left out) ' "\${word%%=*}" ;;
    *) printf '%s ' "$word" ;;
  esac
done
echo`,
  schema,
  parse: (stdout) => {
    const text = (stdout.split('\n')[0] ?? '').trim();
    if (text === '' && stdout.trim() !== '') return unparsable('the first line is empty');
    const parameters = words(text).map((word) => {
      const [name, value] = keyAndValue(word, '=') ?? [word, undefined];
      return { name, value };
    });
    return { text, parameters };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18',
      stdout: 'mitigations=auto,no_guest_host console=ttyS0 quiet reboot=k panic=1 psi=1 \n',
      expect: {
        text: 'mitigations=auto,no_guest_host console=ttyS0 quiet reboot=k panic=1 psi=1',
        parameters: [
          { name: 'mitigations', value: 'auto,no_guest_host' },
          { name: 'console', value: 'ttyS0' },
          { name: 'quiet' },
          { name: 'reboot', value: 'k' },
          { name: 'panic', value: '1' },
          { name: 'psi', value: '1' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'Proxmox VE on a ZFS root, proxmox-boot-tool',
      stdout: 'initrd=\\EFI\\proxmox\\6.8.12-4-pve\\initrd.img-6.8.12-4-pve root=ZFS=rpool/ROOT/pve-1 boot=zfs \n',
      expect: { parameters: [{ name: 'initrd' }, { name: 'root', value: 'ZFS=rpool/ROOT/pve-1' }, { name: 'boot', value: 'zfs' }] },
    },
  ],
});
