import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { words } from '../../lib/host-text.ts';

const guestSchema = z.object({
  object: z.string(),
  /** A resource of the cluster's high availability (ha-manager). */
  highlyAvailable: z.boolean(),
  /** It has a watchdog device, which resets it when it stops for long. */
  watchdog: z.boolean(),
  /** What goes past QEMU: `usb`, `args` (arguments of QEMU's own, which may pass any device). PCI devices stand in the settings. */
  passes: z.array(z.string()),
  /** Tags that say that others depend on it, as written. No other tags are read. */
  tags: z.array(z.string()),
  /** Programs of clusters that run in it; of containers only. */
  clusterPrograms: z.array(z.string()),
  hardwareAddresses: z.array(z.string()),
  addresses: z.array(z.string()),
});
export type GuestRoles = z.infer<typeof guestSchema>;

const roles = ['gateway', 'nameserver', 'storage'] as const;
const schema = z.object({
  guests: z.array(guestSchema),
  /** Machines that the host itself depends on. */
  needed: z.array(z.object({ role: z.enum(roles), address: z.string(), hardwareAddress: z.string().optional() })),
});
export type NeededMachine = z.infer<typeof schema>['needed'][number];

const patterns = ['^\\[', '^watchdog:', '^tags:', '^args:', '^usb', '^net', '^ipconfig'];
const folders = '/etc/pve/qemu-server/ /etc/pve/lxc/';
const literally = (text: string): string => text.replace(/[\\^[\]$.*+?(){}|]/g, '\\$&');
const most = 1_000;

function parse(stdout: string): z.infer<typeof schema> | ReturnType<typeof unparsable> {
  const rows = stdout.split('\n', 20_000);
  if (!rows.includes('end')) return unparsable('the answer does not reach its end');
  const guests = new Map<string, GuestRoles>();
  const needed: NeededMachine[] = [];
  for (const row of rows) {
    const [kind = '', name = '', value = '', third] = words(row.slice(0, 500));
    const role = roles.find((one) => one === name);
    if (kind === 'needed' && role !== undefined && needed.length < 50) needed.push({ role, address: value, ...(third !== undefined && { hardwareAddress: third.toLowerCase() }) });
    if (!/^(qemu|lxc)\/\d{1,9}$/.test(name)) continue;
    const known = guests.get(name);
    if (known === undefined && guests.size >= most) continue;
    const guest = known ?? { object: name, highlyAvailable: false, watchdog: false, passes: [], tags: [], clusterPrograms: [], hardwareAddresses: [], addresses: [] };
    guests.set(name, guest);
    const lists: Readonly<Record<string, string[]>> = { passes: guest.passes, tag: guest.tags, inside: guest.clusterPrograms, mac: guest.hardwareAddresses, address: guest.addresses };
    const list = Object.hasOwn(lists, kind) ? lists[kind] : undefined;
    const text = kind === 'mac' ? value.toLowerCase() : value;
    if (kind === 'ha') guest.highlyAvailable = true;
    else if (kind === 'watchdog') guest.watchdog = true;
    else if (list !== undefined && text !== '' && list.length < 64 && !list.includes(text)) list.push(text);
  }
  return { guests: [...guests.values()], needed };
}

/** What speaks against holding a guest up for a moment: who counts on it. Settings of Proxmox VE: qm.conf(5), pct.conf(5), ha-manager(1). */
export default defineProbe({
  id: 'guest-roles',
  title: 'Which guests others count on',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 8_000,
  maxBytes: 262_144,
  root: { need: 'needed', adds: 'which guests must not be held up, not even for a test' },
  sudo: ['/usr/bin/cat /etc/pve/ha/resources.cfg', `/usr/bin/grep ^-rs ${patterns.map((pattern) => `-e ${literally(pattern)}`).join(' ')} ${folders}$`],
  sh: `[ -d /etc/pve/qemu-server ] || absent 'this is not a Proxmox VE host'
is_root || denied 'the settings of the guests are for root only'
need awk
as_root cat /etc/pve/ha/resources.cfg 2>/dev/null | awk '/^(vm|ct): *[0-9]+/ { id = $0; sub(/^[a-z]+: */, "", id); sub(/[^0-9].*/, "", id); print "ha", ($0 ~ /^vm/ ? "qemu/" : "lxc/") id }'
as_root grep -rs ${patterns.map((pattern) => `-e '${pattern}'`).join(' ')} ${folders} | awk '
BEGIN { h = "[0-9A-Fa-f][0-9A-Fa-f]"; mac = h ":" h ":" h ":" h ":" h ":" h }
{
  i = index($0, ":"); file = substr($0, 1, i - 1); line = substr($0, i + 1)
  if (file in over || !match(file, /[0-9]+\\.conf$/)) next
  object = (file ~ /\\/lxc\\// ? "lxc/" : "qemu/") substr(file, RSTART, RLENGTH - 5)
  if (line ~ /^\\[/) { over[file] = 1; next }
  if (line ~ /^watchdog:/) print "watchdog", object
  if (line ~ /^args:/) print "passes", object, "args"
  if (line ~ /^usb[0-9]+:.*(host|mapping)=/) print "passes", object, "usb"
  if (line ~ /^tags:/) { sub(/^tags: */, "", line); n = split(line, tag, /[;, ]+/); for (k = 1; k <= n; k++) if (tolower(tag[k]) ~ /cluster|corosync|ceph|etcd|quorum|k8s|k3s|kube|router|firewall|gateway|dns|storage|nas$|nfs/) print "tag", object, substr(tag[k], 1, 60) }
  if (line ~ /^net[0-9]+:/ && match(line, mac)) print "mac", object, substr(line, RSTART, RLENGTH)
  if (line ~ /^(net|ipconfig)[0-9]+:/) { n = split(line, part, /[, ]/); for (k = 1; k <= n; k++) if (part[k] ~ /^ip6?=[0-9a-fA-F.:]+\\//) { sub(/^ip6?=/, "", part[k]); sub(/\\/.*/, "", part[k]); print "address", object, part[k] } }
}'
grep -HsxE 'corosync|pmxcfs|pacemakerd|ceph-(mon|osd|mds|mgr)|etcd|keepalived|consul|k3s-server|kube-apiserver|galera.*|patroni' /proc/[0-9]*/comm | while IFS=: read -r file name; do
  group=
  { while IFS= read -r line; do case $line in 0::/lxc/*) group=\${line#0::/lxc/} ;; esac; done <"\${file%comm}cgroup"; } 2>/dev/null
  [ -z "$group" ] || echo "inside lxc/\${group%%/*} $name"
done
{
  { ip -4 route show default; ip -6 route show default; } 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "via") print "gateway", $(i + 1) }'
  awk '$1 == "nameserver" { print "nameserver", $2 }' /etc/resolv.conf 2>/dev/null
  awk '{ for (i = 7; i < NF && $i != "-"; i++); if ($(i + 1) ~ /^(nfs4?|cifs|smb3|ceph)$/ && match($0, /[, ]addr=[0-9a-fA-F.:]+/)) print "storage", substr($0, RSTART + 6, RLENGTH - 6) }' /proc/self/mountinfo
  as_root grep -sE '^[a-z]+:|^[[:space:]]+(path|pool|vgname|thinpool|server|content|nodes|disable|shared|krbd)( |$)' /etc/pve/storage.cfg | awk '$1 == "server" { print $2 }' | while read -r server; do
    case $server in *[!0-9a-fA-F.:]*) have getent && have timeout && server=$(timeout 2 getent ahosts "$server" 2>/dev/null | awk 'NR == 1 { print $1 }') ;; esac
    [ -z "$server" ] || echo "storage $server"
  done
} | awk '!seen[$0]++ && ++n <= 20' | while read -r role address; do
  echo "needed $role $address $(ip neigh show "$address" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "lladdr") { print $(i + 1); exit } }')"
done
echo end`,
  schema,
  parse,
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: qm.conf(5), pct.conf(5), ha-manager(1), ip-neighbour(8)',
      stdout: `ha qemu/100
watchdog qemu/100
passes qemu/104 usb
tag lxc/101 ceph-test
mac qemu/100 BC:24:11:00:00:01
mac lxc/101 BC:24:11:00:00:02
address lxc/101 192.0.2.53
inside lxc/101 etcd
needed gateway 192.0.2.1 bc:24:11:00:00:01
needed nameserver 192.0.2.53${' '}
end
`,
      expect: {
        guests: [
          { object: 'qemu/100', highlyAvailable: true, watchdog: true, hardwareAddresses: ['bc:24:11:00:00:01'] },
          { object: 'qemu/104', passes: ['usb'] },
          { object: 'lxc/101', tags: ['ceph-test'], clusterPrograms: ['etcd'], addresses: ['192.0.2.53'] },
        ],
        needed: [{ role: 'gateway', address: '192.0.2.1', hardwareAddress: 'bc:24:11:00:00:01' }, { role: 'nameserver', address: '192.0.2.53' }],
      },
    },
    { from: 'documented', where: 'a host without guests', stdout: 'end\n', expect: { guests: [], needed: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: 'ha qemu/100\n', expect: 'unparsable' },
  ],
});
