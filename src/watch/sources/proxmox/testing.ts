import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An answer of the simulated API: data, or an HTTP status with its message. */
export type SimulatedAnswer = { readonly data: unknown } | { readonly status: number; readonly message: string };

/** A certificate that nobody has signed, as a fresh Proxmox VE node has one. */
function selfSigned(): { readonly key: string; readonly cert: string; readonly fingerprint: string } {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=pve1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const pem = readFileSync(cert, 'utf8');
    return { key: readFileSync(key, 'utf8'), cert: pem, fingerprint: new X509Certificate(pem).fingerprint256 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For tests: a server that answers as the API of Proxmox VE does, in the shapes that its public schema and its sources have. */
export class ProxmoxSimulator {
  /** By path, without `/api2/json`; with its query where that is named, else whatever the query. */
  answers: Record<string, SimulatedAnswer> = {};
  readonly asked: string[] = [];
  /** Holds all answers back. */
  hangs = false;
  readonly token = 'culprit@pve!watch=8b1c7d2e-0000-4000-8000-2f7f1c9d1e11';
  readonly #certificate = selfSigned();
  readonly #server: Server;

  constructor() {
    this.#server = createServer({ key: this.#certificate.key, cert: this.#certificate.cert }, (request, response) => {
      const path = (request.url ?? '').replace(/^\/api2\/json/, '');
      this.asked.push(path);
      if (this.hangs) return;
      const fail = (status: number, message: string): void => void response.writeHead(status, message).end(JSON.stringify({ data: null, message }));
      if (request.headers.authorization !== `PVEAPIToken=${this.token}`) {
        fail(401, 'authentication failure');
        return;
      }
      const answer = this.answers[path] ?? this.answers[path.split('?', 1)[0]!];
      if (answer === undefined) fail(501, `Method 'GET ${path.split('?', 1)[0]!}' not implemented`);
      else if ('status' in answer) fail(answer.status, answer.message);
      else response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify({ data: answer.data }));
    });
  }

  get fingerprint(): string {
    return this.#certificate.fingerprint;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A cluster of two nodes with a VM, a container and a template, as 9.x answers. `nowMs`: when it was measured. */
export function sampleCluster(nowMs: number): Record<string, SimulatedAnswer> {
  const at = Math.floor(nowMs / 1_000) - 4;
  const gauge = (id: string, metric: string, value: number): object => ({ id, metric, value, timestamp: at, type: 'gauge' });
  const derive = (id: string, metric: string, value: number): object => ({ id, metric, value, timestamp: at, type: 'derive' });
  const node = (name: string, wait: number): object[] => [
    gauge(`node/${name}`, 'uptime', 86_400),
    derive(`node/${name}`, 'net_in', 5_000_000),
    gauge(`node/${name}`, 'cpu_avg1', 7.5),
    gauge(`node/${name}`, 'cpu_avg5', 6.25),
    gauge(`node/${name}`, 'cpu_avg15', 5),
    gauge(`node/${name}`, 'cpu_max', 8),
    gauge(`node/${name}`, 'cpu_current', 0.25),
    gauge(`node/${name}`, 'cpu_iowait', wait),
    gauge(`node/${name}`, 'mem_total', 64e9),
    gauge(`node/${name}`, 'mem_used', 40e9),
    gauge(`node/${name}`, 'swap_total', 8e9),
    gauge(`node/${name}`, 'swap_used', 1e9),
  ];
  const storage = (on: string, name: string, used: number): object[] => [gauge(`storage/${on}/${name}`, 'disk_total', 1e12), gauge(`storage/${on}/${name}`, 'disk_used', used)];
  const status = { data: { cpu: 0.25, wait: 0.3, loadavg: ['7.50', '6.25', '5.00'], cpuinfo: { cpus: 8, model: 'AMD EPYC 7302' }, memory: { total: 64e9, used: 40e9, free: 24e9 }, swap: { total: 8e9, used: 1e9, free: 7e9 }, rootfs: { total: 100e9, used: 40e9, free: 60e9, avail: 55e9 }, uptime: 86_400, kversion: 'Linux 6.14.8-2-pve', pveversion: 'pve-manager/9.0.5' } };
  const resource = (type: string, vmid: number, on: string, extra: object): object => ({ id: `${type}/${vmid}`, type, vmid, node: on, template: 0, cpu: 0.5, maxcpu: 4, mem: 2e9, maxmem: 4e9, disk: 0, maxdisk: 32e9, netin: 100, netout: 200, diskread: 300, diskwrite: 400, uptime: 500, ...extra });
  return {
    '/cluster/resources': {
      data: [
        { id: 'node/pve1', type: 'node', node: 'pve1', status: 'online', cpu: 0.25, maxcpu: 8, mem: 40e9, maxmem: 64e9, disk: 40e9, maxdisk: 100e9, uptime: 86_400, level: '' },
        { id: 'node/pve2', type: 'node', node: 'pve2', status: 'online', cpu: 0.1, maxcpu: 8, mem: 10e9, maxmem: 64e9, disk: 40e9, maxdisk: 100e9, uptime: 86_400, level: '' },
        resource('qemu', 100, 'pve1', { name: 'web', status: 'running' }),
        resource('lxc', 101, 'pve2', { name: 'db', status: 'running' }),
        resource('qemu', 900, 'pve1', { name: 'debian', status: 'stopped', template: 1 }),
        { id: 'storage/pve1/local-zfs', type: 'storage', storage: 'local-zfs', node: 'pve1', status: 'available', plugintype: 'zfspool', content: 'images,rootdir', shared: 0, disk: 5e11, maxdisk: 1e12 },
        { id: 'storage/pve1/nfs', type: 'storage', storage: 'nfs', node: 'pve1', status: 'available', plugintype: 'nfs', content: 'backup', shared: 1, disk: 9e11, maxdisk: 1e12 },
        { id: 'storage/pve2/nfs', type: 'storage', storage: 'nfs', node: 'pve2', status: 'available', plugintype: 'nfs', content: 'backup', shared: 1, disk: 9e11, maxdisk: 1e12 },
        { id: 'sdn/pve1/localnetwork', type: 'sdn', sdn: 'localnetwork', node: 'pve1', status: 'ok' },
      ],
    },
    '/cluster/status': {
      data: [
        { type: 'cluster', id: 'cluster', name: 'lab', version: 2, nodes: 2, quorate: 1 },
        { type: 'node', id: 'node/pve1', name: 'pve1', nodeid: 1, ip: '10.0.0.1', online: 1, local: 1, level: '' },
        { type: 'node', id: 'node/pve2', name: 'pve2', nodeid: 2, ip: '10.0.0.2', online: 1, local: 0, level: '' },
      ],
    },
    '/cluster/metrics/export': {
      data: {
        data: [
          ...node('pve1', 0.3),
          ...node('pve2', 0.01),
          ...['qemu/100', 'lxc/101'].flatMap((id) => [gauge(id, 'cpu_current', 0.5), gauge(id, 'cpu_max', 4), gauge(id, 'mem_used', 2e9), derive(id, 'disk_read', 300), derive(id, 'disk_write', 400), derive(id, 'net_in', 100), derive(id, 'net_out', 200)]),
          ...storage('pve1', 'local-zfs', 5e11),
          ...storage('pve1', 'nfs', 9e11),
          ...storage('pve2', 'nfs', 9e11),
        ],
      },
    },
    '/nodes/pve1/status': status,
    '/nodes/pve2/status': status,
    '/nodes/pve1/disks/zfs': { data: [{ name: 'rpool', size: 1e12, free: 5e11, alloc: 5e11, frag: 12, dedup: 1, health: 'DEGRADED' }] },
    '/nodes/pve2/disks/zfs': { data: [] },
    '/nodes/pve1/tasks': {
      data: [
        { upid: 'UPID:pve1:0000A1B2:00C3D4E5:68F00000:vzdump::root@pam:', type: 'vzdump', id: '', node: 'pve1', user: 'root@pam', pid: 41394, pstart: 12833765, starttime: at - 7_200, endtime: at - 3_600, status: 'job errors' },
        { upid: 'UPID:pve1:0000A1B1:00C3D4E4:68EF0000:vzdump:100:root@pam:', type: 'vzdump', id: '100', node: 'pve1', user: 'root@pam', pid: 41393, pstart: 12833764, starttime: at - 90_000, endtime: at - 86_400, status: 'OK' },
      ],
    },
    '/nodes/pve2/tasks': { data: [] },
    '/nodes/pve1/qemu/100/config': { data: { name: 'web', onboot: 1, agent: '1,fstrim_cloned_disks=1', memory: '4096', net0: 'virtio=BC:24:11:2A:3B:4C,bridge=vmbr0,firewall=1', scsi0: 'local-zfs:vm-100-disk-0,size=32G', ide2: 'local:iso/debian.iso,media=cdrom', smbios1: 'uuid=11111111-2222-3333-4444-555555555555', digest: 'aa' } },
    '/nodes/pve1/qemu/900/config': { data: { name: 'debian', template: 1 } },
    '/nodes/pve2/lxc/101/config': { data: { hostname: 'db', net0: 'name=eth0,bridge=vmbr0,hwaddr=BC:24:11:5D:6E:7F,ip=10.0.0.51/24,type=veth', rootfs: 'local-zfs:subvol-101-disk-0,size=8G' } },
    '/nodes/pve1/qemu/100/agent/network-get-interfaces': {
      data: { result: [{ 'name': 'lo', 'hardware-address': '00:00:00:00:00:00', 'ip-addresses': [{ 'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', 'prefix': 8 }] }, { 'name': 'eth0', 'hardware-address': 'bc:24:11:2a:3b:4c', 'ip-addresses': [{ 'ip-address': '10.0.0.50', 'ip-address-type': 'ipv4', 'prefix': 24 }, { 'ip-address': 'fe80::be24:11ff:fe2a:3b4c', 'ip-address-type': 'ipv6', 'prefix': 64 }] }] },
    },
    '/nodes/pve2/lxc/101/interfaces': { data: [{ name: 'lo', hwaddr: '00:00:00:00:00:00', inet: '127.0.0.1/8' }, { name: 'eth0', hwaddr: 'bc:24:11:5d:6e:7f', inet: '10.0.0.51/24' }] },
  };
}
