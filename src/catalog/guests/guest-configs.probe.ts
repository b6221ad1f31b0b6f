import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { libvirtGuest, plainContainer } from './guest-configs-other.ts';
import { proxmoxGuest } from './guest-configs-proxmox.ts';
import { guestConfigSchema, type GuestConfig } from './guest-configs.schema.ts';
import { guestConfigsSamples } from './guest-configs.samples.ts';

const maxGuests = 1000;

/** How the lines begin that are read from a guest's file on Proxmox VE (qm.conf(5), pct.conf(5)); all others stay on the host. */
const proxmoxKeys = [
  'name:', 'hostname:', 'memory:', 'balloon:', 'swap:', 'cores:', 'sockets:', 'cpu:', 'cpulimit:', 'cpuunits:', 'ostype:', 'machine:', 'scsihw:',
  'agent:', 'onboot:', 'template:', 'lock:', 'unprivileged:', 'hugepages:', 'numa:', 'scsi', 'virtio', 'sata', 'ide', 'rootfs:', 'mp', 'efidisk0:',
  'tpmstate0:', 'net', 'hostpci',
];
const proxmoxPatterns = ['^\\[', ...proxmoxKeys.map((key) => `^${key}`)];
const proxmoxFolders = '/etc/pve/qemu-server/ /etc/pve/lxc/';
const libvirtPattern = '<(name>|memory|vcpu|driver name=.qemu|target dev=)';
const literally = (text: string): string => text.replace(/[\\^[\]$.*+?(){}|]/g, '\\$&');

function guestOf(path: string, lines: readonly string[], startedOnBoot: ReadonlySet<string>): GuestConfig | undefined {
  const [, folder, id] = /^\/etc\/pve\/(qemu-server|lxc)\/{1,2}(\d{1,9})\.conf$/.exec(path) ?? [];
  if (id !== undefined) return proxmoxGuest(folder === 'lxc' ? 'lxc' : 'qemu', id, lines);
  const domain = /^\/etc\/libvirt\/qemu\/{1,2}([^/]{1,200})\.xml$/.exec(path)?.[1];
  if (domain !== undefined) return libvirtGuest(domain, lines, startedOnBoot.has(domain));
  const container = /^\/var\/lib\/lxc\/([^/]{1,200})\/config$/.exec(path)?.[1];
  return container === undefined ? undefined : plainContainer(container, lines);
}

export default defineProbe({
  id: 'guest-configs',
  title: 'Settings of the guests',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 6_000,
  maxBytes: 524_288,
  root: { need: 'needed', adds: 'the settings of the guests, which only root may read' },
  sudo: [
    `/usr/bin/grep ^-rs ${proxmoxPatterns.map((pattern) => `-e ${literally(pattern)}`).join(' ')} ${proxmoxFolders}$`,
    `/usr/bin/grep ^-RsE --include=\\*\\.xml --exclude-dir=networks ${literally(libvirtPattern)} /etc/libvirt/qemu/$`,
  ],
  sh: `found=
if [ -d /etc/pve/qemu-server ]; then
  found=1; is_root || denied 'the settings of the guests are for root only'
  as_root grep -rs ${proxmoxPatterns.map((pattern) => `-e '${pattern}'`).join(' ')} ${proxmoxFolders}
elif [ -d /var/lib/lxc ] && [ -x /var/lib/lxc ]; then
  found=1
  grep -HsE '^[[:space:]]*lxc\\.(uts\\.name|start\\.auto|cgroup2?\\.memory\\.(max|limit_in_bytes))' /var/lib/lxc/*/config
fi
if [ -d /etc/libvirt/qemu ]; then
  found=1; is_root || denied 'the settings of the guests are for root only'
  as_root grep -RsE --include='*.xml' --exclude-dir=networks '${libvirtPattern}' /etc/libvirt/qemu/
fi
[ -n "$found" ] || absent 'no settings of guests by Proxmox VE, libvirt or LXC'
echo '==> end <=='`,
  schema: z.object({ guests: z.array(guestConfigSchema) }),
  parse: (stdout) => {
    const files = new Map<string, string[]>();
    const onBoot = new Set<string>();
    let complete = false;
    for (const line of stdout.split('\n')) {
      if (line === '==> end <==') complete = true;
      const at = line.indexOf(':');
      if (at < 0 || !line.startsWith('/')) continue;
      const path = line.slice(0, at);
      const domain = /^\/etc\/libvirt\/qemu\/{1,2}autostart\/([^/]{1,200})\.xml$/.exec(path)?.[1];
      if (domain !== undefined) onBoot.add(domain);
      const lines = files.get(path) ?? [];
      if (files.size < maxGuests * 2 || lines.length > 0) files.set(path, lines);
      if (lines.length < 500) lines.push(line.slice(at + 1));
    }
    if (!complete) return unparsable('the answer does not reach its end');
    return { guests: [...files].flatMap(([path, lines]) => guestOf(path, lines, onBoot) ?? []).slice(0, maxGuests) };
  },
  examples: [
    ...guestConfigsSamples,
    { from: 'documented', where: 'an answer that was cut', stdout: '', expect: 'unparsable' },
  ],
});
