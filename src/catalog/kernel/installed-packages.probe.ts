import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { keyAndValue, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Kernels, ZFS, QEMU, microcode, firmware and the like; not all that is installed. Empty where neither dpkg nor rpm is there. */
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
  /** Releases with an image in /boot, and those with modules in /lib/modules, in the form of `uname -r`. */
  kernelImages: z.array(z.string()),
  kernelModules: z.array(z.string()),
  /** The release that proxmox-boot-tool is told to boot: always, or once. */
  pinnedKernel: z.string().optional(),
  nextBootKernel: z.string().optional(),
  /** True when the system itself says that it waits for a reboot. */
  rebootRequired: z.boolean(),
});

/** Installed versions of what runs below the guests. */
export default defineProbe({
  id: 'installed-packages',
  title: 'Installed kernels, ZFS, QEMU, microcode and firmware',
  subject: 'kernel',
  family: 'packages',
  timeoutMs: 6_000,
  maxBytes: 65_536,
  sh: `for f in /boot/vmlinuz-*; do [ -e "$f" ] && printf 'image=%s\\n' "\${f#/boot/vmlinuz-}"; done
for d in /lib/modules/*/; do [ -e "\${d}modules.dep" ] && { d=\${d%/}; printf 'modules=%s\\n' "\${d##*/}"; }; done
for p in proxmox-boot-pin next-boot-pin; do { read -r pin < "/etc/kernel/$p"; } 2>/dev/null && printf '%s=%s\\n' "$p" "$pin"; done
[ -e /run/reboot-required ] && echo reboot-required=yes
if have dpkg-query; then
  dpkg-query -W -f 'package=\${db:Status-Abbrev} \${Package} \${Version}\\n' 'proxmox-kernel-*' 'pve-kernel-*' 'linux-image-*' 'zfs*' 'libzfs*' 'pve-manager' \\
    'pve-qemu-kvm' 'qemu-system-x86' 'qemu-system-arm' 'qemu-server' 'pve-firmware' 'firmware-*' '*-microcode' 'pve-container' 'lxc' 'lxc-pve' 'corosync' \\
    'pve-cluster' 'pve-ha-manager' 'ceph-osd' 'proxmox-backup-server' 'libc6' 'systemd' 'udev' 'openssh-server' 'smartmontools' 'ifupdown2' 2>/dev/null | grep -E '^package=[ih]i'
elif have rpm; then
  rpm -qa --qf 'package=ii  %{NAME} %{VERSION}-%{RELEASE}\\n' 'kernel*' 'zfs*' 'qemu-kvm*' 'microcode_ctl' 'ucode-*' 'linux-firmware' 'lxc' 'corosync' 'glibc' 'systemd' 2>/dev/null
fi
:`,
  schema,
  parse: (stdout) => {
    const packages: z.infer<typeof schema>['packages'] = [];
    const kernelImages: string[] = [];
    const kernelModules: string[] = [];
    const single = new Map<string, string>();
    for (const line of stdout.split('\n')) {
      const [key, value] = keyAndValue(line, '=') ?? ['', ''];
      const [, name, version] = words(value);
      if (key === 'image' && value !== '') kernelImages.push(value);
      else if (key === 'modules' && value !== '') kernelModules.push(value);
      else if (key === 'package' && name !== undefined && version !== undefined) packages.push({ name, version });
      else if (value !== '') single.set(key, value);
    }
    return {
      packages,
      kernelImages,
      kernelModules,
      pinnedKernel: single.get('proxmox-boot-pin'),
      nextBootKernel: single.get('next-boot-pin'),
      rebootRequired: single.get('reboot-required') === 'yes',
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12',
      stdout: `modules=6.1.0-50-amd64
package=ii  linux-image-6.1.0-50-amd64 6.1.176-1
package=ii  linux-image-amd64 6.1.176-1
package=ii  zfs-dkms 2.1.11-1+deb12u1
`,
      expect: {
        packages: [{ name: 'linux-image-6.1.0-50-amd64', version: '6.1.176-1' }, { name: 'linux-image-amd64' }, { name: 'zfs-dkms', version: '2.1.11-1+deb12u1' }],
        kernelImages: [],
        kernelModules: ['6.1.0-50-amd64'],
        rebootRequired: false,
      },
    },
    {
      from: 'documented',
      where: 'Proxmox VE 8 with a pinned kernel; dpkg-query(1), proxmox-boot-tool kernel pin',
      stdout: `image=6.2.16-14-pve
image=6.5.11-8-pve
modules=6.2.16-14-pve
modules=6.5.11-8-pve
proxmox-boot-pin=6.2.16-14-pve
reboot-required=yes
package=ii  proxmox-kernel-6.5.11-8-pve-signed 6.5.11-8
package=hi  pve-manager 8.1.4
`,
      expect: {
        kernelImages: ['6.2.16-14-pve', '6.5.11-8-pve'],
        pinnedKernel: '6.2.16-14-pve',
        rebootRequired: true,
        packages: [{ name: 'proxmox-kernel-6.5.11-8-pve-signed' }, { name: 'pve-manager', version: '8.1.4' }],
      },
    },
    {
      from: 'documented',
      where: 'rpm(8) on an Enterprise Linux host',
      stdout: 'image=5.14.0-427.el9.x86_64\npackage=ii  kernel-core 5.14.0-427.el9\n',
      expect: { packages: [{ name: 'kernel-core', version: '5.14.0-427.el9' }], kernelImages: ['5.14.0-427.el9.x86_64'] },
    },
  ],
});
