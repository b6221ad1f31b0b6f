import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles, keyAndValue, words } from '../../lib/host-text.ts';
import { proxmoxSamples } from './proxmox.samples.ts';

const storageSchema = z.object({
  /** As in volume names: `local-zfs`. */
  name: z.string(),
  /** `dir`, `zfspool`, `lvmthin`, `lvm`, `nfs`, `cifs`, `pbs`, `rbd`, `cephfs`, `btrfs`, `iscsi`, … */
  type: z.string(),
  /** `images`, `rootdir`, `backup`, `iso`, `vztmpl`, `snippets`. */
  content: z.array(z.string()),
  path: z.string().optional(),
  /** Of ZFS: the dataset; of Ceph: the pool. */
  pool: z.string().optional(),
  volumeGroup: z.string().optional(),
  thinPool: z.string().optional(),
  server: z.string().optional(),
  /** Only on these nodes. */
  nodes: z.array(z.string()),
  disabled: z.boolean(),
  shared: z.boolean(),
  /** Of RBD: through the kernel's client. */
  krbd: z.boolean(),
});
export type ProxmoxStorage = z.infer<typeof storageSchema>;

const schema = z.object({
  /** The cluster file system is mounted on /etc/pve. Without it no guest can be started or changed. */
  configMounted: z.boolean(),
  nodeName: z.string().optional(),
  storages: z.array(storageSchema),
  /** Missing on a host by itself. */
  cluster: z
    .object({
      name: z.string(),
      quorate: z.boolean().optional(),
      nodes: z.array(z.object({ name: z.string(), online: z.boolean() })),
    })
    .optional(),
});
export type Proxmox = z.infer<typeof schema>;

const storageKeys = ['path', 'pool', 'vgname', 'thinpool', 'server', 'content', 'nodes', 'disable', 'shared', 'krbd'];

function storagesOf(text: string): ProxmoxStorage[] {
  const sections: { type: string; name: string; values: Map<string, string> }[] = [];
  for (const line of text.split('\n', 5000)) {
    const head = /^([a-z]{2,20}): ?([A-Za-z0-9._-]{1,100})$/.exec(line.trimEnd());
    if (head?.[1] !== undefined && head[2] !== undefined) sections.push({ type: head[1], name: head[2], values: new Map() });
    else if (/^\s/.test(line)) {
      const [key = '', ...value] = words(line);
      sections.at(-1)?.values.set(key, value.join(' ').slice(0, 500));
    }
  }
  return sections.slice(0, 200).map(({ type, name, values }) => {
    const list = (key: string): string[] => (values.get(key) ?? '').split(',').filter((word) => word !== '');
    const [path, pool, volumeGroup, thinPool, server] = ['path', 'pool', 'vgname', 'thinpool', 'server'].map((key) => values.get(key));
    return {
      name,
      type,
      content: list('content'),
      ...(path !== undefined && { path }),
      ...(pool !== undefined && { pool }),
      ...(volumeGroup !== undefined && { volumeGroup }),
      ...(thinPool !== undefined && { thinPool }),
      ...(server !== undefined && { server }),
      nodes: list('nodes'),
      disabled: values.has('disable') && values.get('disable') !== '0',
      shared: values.get('shared') === '1' || ['nfs', 'cifs', 'pbs', 'rbd', 'cephfs', 'iscsi', 'glusterfs'].includes(type),
      krbd: values.get('krbd') === '1',
    };
  });
}

const membersSchema = z.object({
  nodename: z.string().optional(),
  cluster: z.object({ name: z.string(), quorate: z.union([z.number(), z.boolean()]).optional() }).optional(),
  nodelist: z.record(z.string(), z.object({ online: z.union([z.number(), z.boolean()]).optional() })).optional(),
});

/** /etc/pve/.members as pmxcfs(8) shows it; without a cluster it has no node list. */
function membersOf(text: string): Pick<Proxmox, 'nodeName' | 'cluster'> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const members = membersSchema.safeParse(json);
  if (!members.success) return {};
  const { nodename, cluster, nodelist } = members.data;
  return {
    ...(nodename !== undefined && { nodeName: nodename }),
    ...(cluster !== undefined && {
      cluster: {
        name: cluster.name,
        ...(cluster.quorate !== undefined && { quorate: Boolean(cluster.quorate) }),
        nodes: Object.entries(nodelist ?? {}).slice(0, 200).map(([name, { online }]) => ({ name, online: Boolean(online) })),
      },
    }),
  };
}

export default defineProbe({
  id: 'proxmox',
  title: 'Proxmox VE: storages and cluster',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 5_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'the storages and the state of the cluster' },
  sudo: [
    `/usr/bin/grep ^-sE \\^\\[a-z\\]\\+:\\|\\^\\[\\[:space:\\]\\]\\+\\(${storageKeys.join('\\|')}\\)\\( \\|\\$\\) /etc/pve/storage\\.cfg$`,
    '/usr/bin/cat /etc/pve/.members',
  ],
  sh: `mounted=no
while read -r device point rest; do [ "$point" = /etc/pve ] && mounted=yes; done </proc/mounts
[ $mounted = yes ] || [ -e /usr/bin/pveversion ] || absent 'this is not a Proxmox VE host'
echo '==> mounted <=='
echo $mounted
if [ $mounted = yes ]; then
  is_root || denied 'the settings of Proxmox VE are for root only'
  echo '==> members <=='
  as_root cat /etc/pve/.members
  echo
  echo '==> storage <=='
  as_root grep -sE '^[a-z]+:|^[[:space:]]+(${storageKeys.join('|')})( |$)' /etc/pve/storage.cfg
fi
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    if (!files.has('end')) return unparsable('the answer does not reach its end');
    return {
      configMounted: keyAndValue(`${files.get('mounted') ?? ''}\n`, '\n')?.[0] === 'yes',
      storages: storagesOf(files.get('storage') ?? ''),
      ...membersOf(files.get('members') ?? ''),
    };
  },
  examples: proxmoxSamples,
});
