import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownMetrics, rateOf } from '../../../define/history.ts';
import type { SampleBatch } from '../../../define/sample.ts';
import { SimulatedClock } from '../testing.ts';
import { ProxmoxSource } from './source.ts';
import { proxmoxSettingsSchema } from './settings.ts';
import { ProxmoxSimulator, sampleCluster } from './testing.ts';

const startMs = Date.UTC(2026, 10, 3, 2);
const never = new AbortController().signal;
const hosts = ['pve1', 'pve2'].map((name) => ({ name, addresses: [], measuredElsewhere: false }));

let api: ProxmoxSimulator;
let address: string;
let clock: SimulatedClock;
let source: ProxmoxSource;

function sourceWith(extra: object = {}, watched: readonly { name: string; addresses: string[]; measuredElsewhere: boolean }[] = hosts): ProxmoxSource {
  const [tokenId, tokenSecret] = api.token.split('=');
  const settings = proxmoxSettingsSchema.parse({ addresses: [address], tokenId, tokenSecret, fingerprints: [api.fingerprint], timeoutSeconds: 1, ...extra });
  source = new ProxmoxSource({ settings, hosts: watched, clock, version: '1' });
  return source;
}

const valueOf = (batch: SampleBatch | undefined, metric: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
  batch?.samples.find((one) => one.metric === metric && Object.entries(labels).every(([name, value]) => one.labels[name] === value))?.value;
const batchOf = (batches: readonly SampleBatch[], host: string): SampleBatch | undefined => batches.find((one) => one.host === host);

beforeEach(async () => {
  api = new ProxmoxSimulator();
  address = await api.start();
  clock = new SimulatedClock(startMs);
  api.answers = sampleCluster(startMs);
});

afterEach(async () => {
  source.close();
  await api.stop();
});

describe('the API of Proxmox VE as a source', () => {
  it('brings nodes, guests, storages, pools and backups under their hosts', async () => {
    const { batches, problems } = await sourceWith().look(never);
    expect(problems).toEqual([]);
    const [pve1, pve2] = ['pve1', 'pve2'].map((name) => batchOf(batches, name));
    expect(valueOf(pve1, 'up', { job: 'proxmox' })).toBe(1);
    expect(valueOf(pve1, 'node_load5')).toBe(6.25);
    expect(valueOf(pve1, rateOf('node_cpu_seconds_total'), { mode: 'iowait' })).toBeCloseTo(2.4, 9);
    expect(valueOf(pve1, 'node_filesystem_avail_bytes', { mountpoint: '/' })).toBe(55e9);
    expect(valueOf(pve1, 'node_zfs_zpool_state', { zpool: 'rpool', state: 'degraded' })).toBe(1);
    expect(valueOf(pve1, 'node_zfs_zpool_state', { zpool: 'rpool', state: 'online' })).toBe(0);
    expect(valueOf(pve1, ownMetrics.backupFailed)).toBe(1);
    expect(valueOf(pve2, ownMetrics.backupFailed)).toBeUndefined();
    expect(valueOf(pve1, ownMetrics.guestRunning, { guest: 'qemu/100', onboot: '1' })).toBe(1);
    expect(valueOf(pve1, ownMetrics.guestRunning, { guest: 'qemu/900' })).toBeUndefined();
    expect(valueOf(pve2, ownMetrics.guestCpu, { guest: 'lxc/101' })).toBe(2);
    expect(valueOf(pve2, 'culprit_guest_disk_read_bytes_total', { guest: 'lxc/101' })).toBe(300);
    expect(valueOf(pve1, ownMetrics.storageUsed, { storage: 'local-zfs' })).toBe(5e11);
    expect([pve1, pve2].map((one) => valueOf(one, ownMetrics.storageUsed, { storage: 'nfs' })).filter((one) => one !== undefined)).toEqual([9e11]);
    expect(valueOf(pve2, ownMetrics.clusterQuorate, { cluster: 'lab' })).toBe(1);
    expect(pve1?.samples.find(({ metric }) => metric === 'node_load5')?.timeMs).toBe(startMs - 4_000);
  });

  it('says who the guests are, and what stands on what', async () => {
    const { inventory } = await sourceWith().look(never);
    expect(inventory?.cluster).toEqual({ name: 'lab', hosts: ['pve1', 'pve2'] });
    expect(inventory?.sharedStorages).toEqual([{ name: 'nfs', hosts: ['pve1', 'pve2'] }]);
    expect(inventory?.guests).toEqual([
      { host: 'pve1', object: 'qemu/100', name: 'web', running: true, macs: ['bc:24:11:2a:3b:4c'], addresses: ['10.0.0.50'], uuid: '11111111-2222-3333-4444-555555555555', storages: ['local-zfs'] },
      { host: 'pve2', object: 'lxc/101', name: 'db', running: true, macs: ['bc:24:11:5d:6e:7f'], addresses: ['10.0.0.51'], storages: ['local-zfs'] },
    ]);
  });

  it('asks for the past since the last look, and for pools and configurations rarely', async () => {
    sourceWith();
    await source.look(never);
    const first = api.asked.splice(0);
    await clock.advance(30_000);
    const { batches } = await source.look(never);
    expect(first).toContain('/cluster/metrics/export?history=0');
    expect(api.asked).toContain(`/cluster/metrics/export?history=1&start-time=${startMs / 1_000 - 4}`);
    expect(api.asked.filter((path) => /config|zfs|tasks|agent/.test(path))).toEqual([]);
    // What is not asked for at each look does not end by that.
    expect(batchOf(batches, 'pve1')?.ended.filter(({ metric }) => metric === 'node_zfs_zpool_state')).toEqual([]);
    await clock.advance(60_000);
    await source.look(never);
    expect(api.asked.filter((path) => path.includes('zfs'))).toHaveLength(2);
  });

  it('reads older versions, which have no export of metrics', async () => {
    delete api.answers['/cluster/metrics/export'];
    const { batches, problems } = await sourceWith().look(never);
    expect(problems).toEqual([]);
    expect(valueOf(batchOf(batches, 'pve1'), 'node_load5')).toBe(6.25);
    expect(valueOf(batchOf(batches, 'pve1'), rateOf('node_cpu_seconds_total'))).toBeCloseTo(2.4, 9);
    expect(valueOf(batchOf(batches, 'pve1'), ownMetrics.guestCpu, { guest: 'qemu/100' })).toBe(2);
    expect(valueOf(batchOf(batches, 'pve1'), ownMetrics.storageUsed, { storage: 'local-zfs' })).toBe(5e11);
    await source.look(never);
    expect(api.asked.filter((path) => path.includes('export'))).toHaveLength(1);
  });

  it('takes no numbers of a host that is measured elsewhere, but its guests', async () => {
    const { batches } = await sourceWith({}, hosts.map((host) => ({ ...host, measuredElsewhere: true }))).look(never);
    expect(valueOf(batchOf(batches, 'pve1'), 'node_load5')).toBeUndefined();
    expect(valueOf(batchOf(batches, 'pve1'), ownMetrics.guestRunning, { guest: 'qemu/100' })).toBe(1);
  });

  it('says that a node is silent when its neighbour does, and nothing of its guests', async () => {
    sourceWith();
    await source.look(never);
    const { data } = api.answers['/cluster/status'] as { data: { name: string; online?: number }[] };
    for (const one of data) if (one.name === 'pve2') one.online = 0;
    const resources = api.answers['/cluster/resources'] as { data: { node: string; type: string; status?: string }[] };
    for (const one of resources.data) if (one.node === 'pve2') one.status = one.type === 'node' ? 'offline' : 'unknown';
    await clock.advance(30_000);
    const { batches } = await source.look(never);
    const pve2 = batchOf(batches, 'pve2');
    expect(pve2?.samples.map(({ metric, value }) => [metric, value])).toEqual([['up', 0]]);
    expect(pve2?.ended.some(({ metric }) => metric === ownMetrics.guestRunning)).toBe(true);
  });

  it('stops a guest\'s alarm neither for a task that stops it for a while nor for a template', async () => {
    const { data } = api.answers['/cluster/resources'] as { data: { vmid?: number; status?: string; lock?: string }[] };
    const web = data.find(({ vmid }) => vmid === 100)!;
    Object.assign(web, { status: 'stopped', lock: 'backup' });
    const during = await sourceWith().look(never);
    expect(valueOf(batchOf(during.batches, 'pve1'), ownMetrics.guestRunning, { guest: 'qemu/100' })).toBeUndefined();
    delete web.lock;
    const after = await source.look(never);
    expect(valueOf(batchOf(after.batches, 'pve1'), ownMetrics.guestRunning, { guest: 'qemu/100' })).toBe(0);
  });

  it('names nodes that are not watched', async () => {
    const { problems } = await sourceWith({}, hosts.slice(0, 1)).look(never);
    expect(problems.map(({ reason, says }) => [reason, says])).toEqual([['left-out', expect.stringContaining('has a node that no host of the settings is: pve2. Add it under hosts')]]);
  });
});

describe('what can be wrong with it', () => {
  it('sends no token to a server with another certificate, and tells the fingerprint to compare', async () => {
    const { problems, batches } = await sourceWith({ fingerprints: [Array.from({ length: 32 }, () => 'AA').join(':')] }).look(never);
    expect(problems[0]).toMatchObject({ reason: 'turned-away', says: expect.stringContaining(api.fingerprint) as string });
    expect(api.asked).toEqual([]);
    expect(batches).toEqual([]);
    source.close();
    const unknown = await sourceWith({ fingerprints: [] }).look(never);
    expect(unknown.problems[0]?.says).toContain('no authority that is known here vouches for its certificate');
    expect(api.asked).toEqual([]);
  });

  it('does not take a wrong token for a dead host, and does not tell it', async () => {
    const { problems, batches } = await sourceWith({ tokenSecret: 'not-it' }).look(never);
    expect(problems[0]).toMatchObject({ reason: 'turned-away', says: expect.stringContaining('does not know the token') as string });
    expect(JSON.stringify(problems)).not.toContain('not-it');
    expect(batches).toEqual([]);
  });

  it('takes a server that hangs for silent, and asks the next address', async () => {
    sourceWith();
    await source.look(never);
    api.hangs = true;
    const { problems, batches } = await source.look(never);
    expect(problems[0]).toMatchObject({ reason: 'too-slow' });
    expect(batches.map(({ host, samples }) => [host, samples[0]?.metric, samples[0]?.value])).toEqual([['pve1', 'up', 0], ['pve2', 'up', 0]]);
    source.close();
    const other = new ProxmoxSimulator();
    try {
      const otherAddress = await other.start();
      other.answers = sampleCluster(startMs);
      const both = await sourceWith({ addresses: [address, otherAddress], fingerprints: [api.fingerprint, other.fingerprint] }).look(never);
      expect(valueOf(batchOf(both.batches, 'pve1'), 'up')).toBe(1);
    } finally {
      await other.stop();
    }
  });

  it('lives with garbage, strings for numbers, rows of other shapes, and times years off', async () => {
    api.answers['/cluster/resources'] = { data: [null, 7, { type: 'qemu', vmid: '100', node: 'pve1', status: 'running', cpu: '0.5', maxcpu: '4', name: 7 }, { type: 'lxc', vmid: -3, node: 'pve1', status: 'running' }, { type: 'node', node: '../../etc', status: 'online' }] };
    api.answers['/cluster/metrics/export'] = { data: { data: [{ id: 'node/pve1', metric: 'cpu_avg5', value: 99, timestamp: 1 }, { id: 'qemu/100', metric: 'cpu_current', value: '0.5', timestamp: String(startMs / 1_000) }, { id: 'qemu/100', metric: 'cpu_max', value: 4, timestamp: startMs / 1_000 }] } };
    const { batches } = await sourceWith().look(never);
    expect(valueOf(batchOf(batches, 'pve1'), 'node_load5')).toBeUndefined();
    expect(valueOf(batchOf(batches, 'pve1'), ownMetrics.guestCpu, { guest: 'qemu/100' })).toBe(2);
    for (const data of ['text', null, { data: 3 }, 17]) {
      api.answers['/cluster/resources'] = { data };
      const { problems } = await source.look(never);
      expect(problems[0]).toMatchObject({ reason: 'not-understood' });
    }
  });

  it('asks for pools that cannot be read no sooner than after ten minutes', async () => {
    api.answers['/nodes/pve1/disks/zfs'] = { status: 500, message: 'zpool list: timeout' };
    const { problems, batches } = await sourceWith().look(never);
    expect(problems).toMatchObject([{ host: 'pve1', reason: 'not-understood', says: expect.stringContaining('zpool list: timeout') as string }]);
    expect(valueOf(batchOf(batches, 'pve1'), 'node_load5')).toBe(6.25);
    expect(valueOf(batchOf(batches, 'pve1'), ownMetrics.backupFailed)).toBe(1);
    for (let minute = 0; minute < 9; minute += 1) {
      await clock.advance(60_000);
      await source.look(never);
    }
    expect(api.asked.filter((path) => path === '/nodes/pve1/disks/zfs')).toHaveLength(1);
  });
});
