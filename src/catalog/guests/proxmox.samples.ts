import type { ProbeExample } from '../../define/probe.ts';
import type { Proxmox } from './proxmox.probe.ts';

/** Answers of the proxmox fragment. */
export const proxmoxSamples: readonly ProbeExample<Proxmox>[] = [
  {
    from: 'documented',
    where: 'Proxmox VE 8: pve-docs pvesm (storage.cfg) and pmxcfs (.members) of a cluster of two',
    stdout: `==> mounted <==
yes
==> members <==
{
"nodename": "pve1",
"version": 7,
"cluster": { "name": "lab", "version": 2, "nodes": 2, "quorate": 0 },
"nodelist": {
  "pve1": { "id": 1, "online": 1, "ip": "192.0.2.11"},
  "pve2": { "id": 2, "online": 0, "ip": "192.0.2.12"}
  }
}

==> storage <==
dir: local
	path /var/lib/vz
	content iso,vztmpl,backup
zfspool: local-zfs
	pool rpool/data
	content images,rootdir
nfs: nas
	path /mnt/pve/nas
	server 192.0.2.20
	content images,backup
	nodes pve1
rbd: ceph
	pool vm
	content images
	krbd 1
	disable
lvmthin: thin
	thinpool data
	vgname pve
	content images
==> end <==
`,
    expect: {
      configMounted: true,
      nodeName: 'pve1',
      cluster: { name: 'lab', quorate: false, nodes: [{ name: 'pve1', online: true }, { name: 'pve2', online: false }] },
      storages: [
        { name: 'local', type: 'dir', path: '/var/lib/vz', content: ['iso', 'vztmpl', 'backup'], shared: false, disabled: false },
        { name: 'local-zfs', type: 'zfspool', pool: 'rpool/data' },
        { name: 'nas', type: 'nfs', server: '192.0.2.20', shared: true, nodes: ['pve1'] },
        { name: 'ceph', type: 'rbd', krbd: true, disabled: true },
        { name: 'thin', type: 'lvmthin', volumeGroup: 'pve', thinPool: 'data' },
      ],
    },
  },
  {
    from: 'documented',
    where: 'Proxmox VE 8 by itself: .members has no cluster',
    stdout: `==> mounted <==
yes
==> members <==
{
"nodename": "pve1",
"version": 0
}

==> storage <==
dir: local
	path /var/lib/vz
	content iso
==> end <==
`,
    expect: { configMounted: true, nodeName: 'pve1', storages: [{ name: 'local', type: 'dir' }] },
  },
  {
    from: 'documented',
    where: 'Proxmox VE whose cluster file system does not run',
    stdout: '==> mounted <==\nno\n==> end <==\n',
    expect: { configMounted: false, storages: [] },
  },
  { from: 'documented', where: 'an answer that was cut', stdout: '==> mounted <==\nyes\n', expect: 'unparsable' },
];
