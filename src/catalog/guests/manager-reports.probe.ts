import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** The host's clock, in seconds since 1970. */
  now: z.number(),
  /** VMs of this host. `state` is QEMU's own word (RunState of the QMP reference: `running`, `paused`, `io-error`, `internal-error`, …) or libvirt's. */
  guests: z.array(
    z.object({
      object: z.string(),
      state: z.string(),
      /** Of libvirt: why it is in this state: `ioerror`, `user`, … */
      reason: z.string().optional(),
      reportedAt: z.number().optional(),
    }),
  ),
  /** What the daemons of Proxmox VE say of this node; missing on other hosts. */
  proxmox: z
    .object({
      /** Whether /etc/pve/.rrd is there, which pmxcfs always shows, empty or not. Without it nothing can be said of the daemon. */
      hasReports: z.boolean(),
      /** When pvestatd last reported for the node. It does so every ten seconds; missing: not within five minutes. */
      nodeReportedAt: z.number().optional(),
      memoryTotalBytes: z.number().optional(),
      /** As pvestatd counts it when it decides whether guests have to give memory back. */
      memoryUsedBytes: z.number().optional(),
      /** Storages that were active, and when that was reported. */
      storages: z.array(z.object({ name: z.string(), reportedAt: z.number() })),
      highlyAvailableGuests: z.number(),
      /** Of the local resource manager: `active`, `wait_for_agent_lock`, `lost_agent_lock`, … */
      resourceManager: z.string().optional(),
    })
    .optional(),
});
export type ManagerReports = z.infer<typeof schema>;
type ProxmoxReport = NonNullable<ManagerReports['proxmox']>;

const word = /^[a-z][a-z_-]{1,40}$/;

function guestOf([kind, name, first, second]: readonly string[]): ManagerReports['guests'] {
  if (name === undefined || first === undefined || second === undefined) return [];
  if (kind === 'libvirt' && word.test(first)) return [{ object: `libvirt/${name.slice(0, 200)}`, state: first, ...(word.test(second) && { reason: second }) }];
  const reportedAt = countIn(first);
  if (kind !== 'vm' || !/^\d{1,9}$/.test(name) || reportedAt === undefined || !word.test(second)) return [];
  return [{ object: `qemu/${name}`, state: second, reportedAt }];
}

function proxmoxOf(rows: readonly (readonly string[])[]): ProxmoxReport {
  const [, nodeReportedAt, memoryTotalBytes, memoryUsedBytes] = (rows.find(([kind]) => kind === 'node') ?? []).map(countIn);
  const resourceManager = rows.find(([kind]) => kind === 'lrm')?.[1];
  return {
    hasReports: rows.some(([kind]) => kind === 'reports'),
    ...(nodeReportedAt !== undefined && { nodeReportedAt }),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
    ...(memoryUsedBytes !== undefined && { memoryUsedBytes }),
    storages: rows.flatMap(([kind, name, at]) => {
      const reportedAt = countIn(at);
      return kind === 'storage' && name !== undefined && reportedAt !== undefined ? [{ name: name.slice(0, 100), reportedAt }] : [];
    }),
    highlyAvailableGuests: countIn(rows.find(([kind]) => kind === 'ha')?.[1]) ?? 0,
    ...(resourceManager !== undefined && word.test(resourceManager) && { resourceManager }),
  };
}

/**
 * `/etc/pve/.rrd` (pve-docs pmxcfs(8)) holds what pvestatd last sent out: `<schema>/<name>:<fields>`, of a node uptime, subscription, time, load,
 * CPUs, use, waiting, memory and used memory; of a guest uptime, name, state, template, time; of a storage the time. So the state of a
 * VM, which else only its monitor tells, costs one file. libvirt keeps the same in `/run/libvirt/qemu/<name>.xml`.
 */
export default defineProbe({
  id: 'manager-reports',
  title: 'Last reports of what manages the guests',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 4_000,
  maxBytes: 65_536,
  root: { need: 'needed', adds: 'whether QEMU has paused a guest, and whether the status daemon still reports' },
  sudo: [
    '/usr/bin/cat /etc/pve/.rrd',
    '/usr/bin/cat /etc/pve/ha/resources.cfg',
    '/usr/bin/cat /etc/pve/local/lrm_status',
    '/usr/bin/grep ^-rs --include=\\*\\.xml -m 1 \\^<domstatus /run/libvirt/qemu/$',
  ],
  sh: `mounted=no
while read -r device point rest; do [ "$point" = /etc/pve ] && mounted=yes; done </proc/mounts
[ $mounted = yes ] || [ -d /run/libvirt/qemu ] || absent 'neither Proxmox VE nor libvirt manages guests here'
is_root || denied 'the reports are for root only'
need awk
echo "now $(date +%s)"
if [ $mounted = yes ]; then
  echo proxmox
  node=$(uname -n); ids=' '
  for f in /run/qemu-server/*.pid; do id=\${f##*/}; ids="$ids\${id%.pid} "; done
  [ -e /etc/pve/.rrd ] && echo reports
  as_root cat /etc/pve/.rrd 2>/dev/null | awk -F: -v node="\${node%%.*}" -v ids="$ids" '
  { i = index($1, "/"); kind = substr($1, 1, i - 1); name = substr($1, i + 1) }
  kind ~ /^pve.*-node/ && name == node { print "node", $4, $9, $10 }
  kind ~ /^pve.*-vm/ && index(ids, " " name " ") { print "vm", name, $6, $4 }
  kind ~ /^pve.*-storage/ && index(name, node "/") == 1 { print "storage", substr(name, length(node) + 2), $2 }'
  as_root cat /etc/pve/ha/resources.cfg 2>/dev/null | awk '/^[a-z]+: ?[A-Za-z0-9]/ { n++ } END { print "ha", n + 0 }'
  as_root cat /etc/pve/local/lrm_status 2>/dev/null | sed -n 's/.*"state" *: *"\\([a-z_]*\\)".*/lrm \\1/p'
fi
[ -d /run/libvirt/qemu ] && as_root grep -rs --include=*.xml -m 1 '^<domstatus' /run/libvirt/qemu/ | head -n 1000 |
  sed -n "s/^.*\\/\\([^/: ]*\\)[.]xml:.* state='\\([a-z]*\\)' reason='\\([a-z ]*\\)'.*/libvirt \\1 \\2 \\3/p"
echo end`,
  schema,
  parse: (stdout) => {
    const rows = stdout.split('\n', 4000).map(words);
    const now = countIn(rows.find(([kind]) => kind === 'now')?.[1]);
    if (now === undefined || !rows.some(([kind]) => kind === 'end')) return unparsable('the answer does not reach its end');
    return { now, guests: rows.flatMap(guestOf).slice(0, 1000), ...(rows.some(([kind]) => kind === 'proxmox') && { proxmox: proxmoxOf(rows) }) };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: pmxcfs(8), and the fields that pvestatd of pve-manager 8 sends; one VM whose QEMU met a full storage',
      stdout: `now 1700000020
proxmox
reports
node 1700000012 67219505152 55834574848
vm 100 1700000012 io-error
vm 101 1700000012 running
storage local 1700000013
storage local-zfs 1700000013
ha 2
lrm active
end
`,
      expect: {
        now: 1_700_000_020,
        guests: [{ object: 'qemu/100', state: 'io-error', reportedAt: 1_700_000_012 }, { object: 'qemu/101', state: 'running' }],
        proxmox: {
          hasReports: true,
          nodeReportedAt: 1_700_000_012,
          memoryTotalBytes: 67_219_505_152,
          memoryUsedBytes: 55_834_574_848,
          storages: [{ name: 'local', reportedAt: 1_700_000_013 }, { name: 'local-zfs' }],
          highlyAvailableGuests: 2,
          resourceManager: 'active',
        },
      },
    },
    {
      from: 'documented',
      where: 'Proxmox VE 9, whose status daemon has not reported for more than five minutes, no high availability',
      stdout: 'now 1700000020\nproxmox\nreports\nha 0\nend\n',
      expect: { guests: [], proxmox: { hasReports: true, storages: [], highlyAvailableGuests: 0 } },
    },
    {
      from: 'documented',
      where: 'settings under /etc/pve that do not come from pmxcfs: there are no reports',
      stdout: 'now 1700000020\nproxmox\nha 0\nend\n',
      expect: { proxmox: { hasReports: false } },
    },
    {
      from: 'documented',
      where: 'libvirt: the status file of a domain that was paused by an I/O error',
      stdout: 'now 1700000020\nlibvirt web paused ioerror\nlibvirt db running booted\nend\n',
      expect: { guests: [{ object: 'libvirt/web', state: 'paused', reason: 'ioerror' }, { object: 'libvirt/db', state: 'running' }] },
    },
    { from: 'documented', where: 'an answer that was cut', stdout: 'now 1700000020\n', expect: 'unparsable' },
  ],
});
