import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn } from '../../lib/host-text.ts';

const schema = z.object({
  hostname: z.string(),
  /** /etc/os-release: `debian`, `proxmox`, … */
  distribution: z.object({ id: z.string(), versionId: z.string().optional(), prettyName: z.string() }),
  /** `uname -r`. */
  kernelRelease: z.string(),
  /** `uname -v`: build number, date and, on Debian and Proxmox, the package's version. */
  kernelBuild: z.string(),
  machine: z.string(),
  uptimeSeconds: z.number(),
  clockTicksPerSecond: z.number().int(),
  /** What the host itself runs in, as systemd-detect-virt names it: `none`, `kvm`, `lxc`, … Left out where it cannot be told. */
  virtualization: z.string().optional(),
  /** Processors in the forms of the kernel's lists: `0-7`. */
  onlineCpus: z.string(),
  presentCpus: z.string(),
  /** Maker and model of the machine and date of its firmware. */
  hardware: z.object({ vendor: z.string(), product: z.string(), firmwareVersion: z.string(), firmwareDate: z.string() }),
});

function unquoted(text: string): string {
  const quoted = text.length >= 2 && (text.startsWith('"') || text.startsWith("'")) && text.at(-1) === text[0];
  return quoted ? text.slice(1, -1) : text;
}

/**
 * Who the host is: /etc/os-release, uname(1), /proc and the machine's own description of itself. Where the kernel's own threads are seen
 * (process 2), it is no container, whatever marks of one a copied root file system still carries.
 */
export default defineProbe({
  id: 'operating-system',
  title: 'Operating system, running kernel and machine',
  subject: 'kernel',
  maxBytes: 16_384,
  sh: `say() { { read -r value < "$2"; } 2>/dev/null && printf '%s=%s\\n' "$1" "$value"; }
say hostname /proc/sys/kernel/hostname
say uptime /proc/uptime
say online /sys/devices/system/cpu/online
say present /sys/devices/system/cpu/present
say vendor /sys/class/dmi/id/sys_vendor
say product /sys/class/dmi/id/product_name
say firmware-version /sys/class/dmi/id/bios_version
say firmware-date /sys/class/dmi/id/bios_date
printf 'release=%s\\nbuild=%s\\nmachine=%s\\n' "$(uname -r)" "$(uname -v)" "$(uname -m)"
have getconf && printf 'ticks=%s\\n' "$(getconf CLK_TCK)"
kind=; second=
{ read -r second < /proc/2/comm; } 2>/dev/null
[ "$second" = kthreadd ] && kind=--vm
have systemd-detect-virt && printf 'virtualization=%s\\n' "$(systemd-detect-virt $kind)"
for file in /etc/os-release /usr/lib/os-release; do
  [ -r "$file" ] || continue
  while IFS= read -r line || [ -n "$line" ]; do printf 'os:%s\\n' "$line"; done < "$file"
  break
done
:`,
  schema,
  parse: (stdout) => {
    const said = new Map<string, string>();
    for (const line of stdout.split('\n')) {
      const pair = keyAndValue(line, '=');
      if (pair !== undefined && !said.has(pair[0])) said.set(pair[0], unquoted(pair[1]));
    }
    const kernelRelease = said.get('release');
    const uptimeSeconds = numberIn(said.get('uptime')?.split(' ')[0]);
    if (kernelRelease === undefined || kernelRelease === '') return unparsable('no kernel release');
    if (uptimeSeconds === undefined) return unparsable('no uptime');
    const id = said.get('os:ID') ?? 'unknown';
    return {
      hostname: said.get('hostname') ?? 'unknown',
      distribution: { id, versionId: said.get('os:VERSION_ID'), prettyName: said.get('os:PRETTY_NAME') ?? id },
      kernelRelease,
      kernelBuild: said.get('build') ?? '',
      machine: said.get('machine') ?? 'unknown',
      uptimeSeconds,
      clockTicksPerSecond: countIn(said.get('ticks')) || 100,
      virtualization: said.get('virtualization'),
      onlineCpus: said.get('online') ?? '',
      presentCpus: said.get('present') ?? '',
      hardware: {
        vendor: said.get('vendor') ?? 'unknown',
        product: said.get('product') ?? 'unknown',
        firmwareVersion: said.get('firmware-version') ?? 'unknown',
        firmwareDate: said.get('firmware-date') ?? 'unknown',
      },
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 in a virtual machine, Linux 6.18',
      stdout: `hostname=host
uptime=1234.56 2345.67
online=0-1
present=0-1
release=6.18.44
build=#1 SMP PREEMPT_DYNAMIC @0
machine=x86_64
ticks=100
virtualization=kvm
os:PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
os:NAME="Debian GNU/Linux"
os:VERSION_ID="12"
os:ID=debian
`,
      expect: {
        hostname: 'host',
        distribution: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
        kernelRelease: '6.18.44',
        machine: 'x86_64',
        uptimeSeconds: 1234.56,
        clockTicksPerSecond: 100,
        virtualization: 'kvm',
        hardware: { vendor: 'unknown' },
      },
    },
    {
      from: 'documented',
      where: 'Proxmox VE 8 on metal; os-release(5), proc(5)',
      stdout: `hostname=pve1
uptime=86400.02 690000.10
online=0-31
present=0-31
vendor=Supermicro
product=Super Server
firmware-version=2.6
firmware-date=08/08/2024
release=6.2.16-10-pve
build=#1 SMP PREEMPT_DYNAMIC PMX 6.2.16-10 (2023-08-18T11:42Z)
machine=x86_64
ticks=100
virtualization=none
os:PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
os:ID=debian
`,
      expect: { hostname: 'pve1', kernelRelease: '6.2.16-10-pve', kernelBuild: '#1 SMP PREEMPT_DYNAMIC PMX 6.2.16-10 (2023-08-18T11:42Z)', hardware: { vendor: 'Supermicro' } },
    },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
