import { describe, expect, it } from 'vitest';
import type { SampleView } from '../../define/alarm-kind.ts';
import type { Topology } from '../../define/topology.ts';
import { othersSeen } from './others-seen.ts';

const nowMs = Date.UTC(2026, 10, 3, 2);

/** Hosts with the newest answer of each way to them. */
function world(ways: Record<string, Record<string, 0 | 1>>, ageSeconds = 10) {
  return (host: string): SampleView => ({
    nowMs,
    series: (metric, seconds) =>
      metric !== 'up' || seconds < ageSeconds ? [] : Object.entries(ways[host] ?? {}).map(([job, value]) => ({ metric: 'up', labels: { job, instance: host }, timesMs: [nowMs - ageSeconds * 1_000], values: [value] })),
  });
}

const topology = (more: Partial<Topology> = {}): Topology => ({ guests: [], shared: [], standsOn: [], ...more });
const atSwitch = topology({ shared: [{ name: 'core', kind: 'switch', hosts: ['pve1', 'pve2', 'nas1'] }] });
const inCluster = topology({ shared: [{ name: 'lab', kind: 'cluster', hosts: ['pve1', 'pve2'] }] });

describe('what is known of a silent host from watching others', () => {
  it('names what hangs on the same switch', () => {
    expect(othersSeen('pve1', atSwitch, world({ pve1: { node: 0 }, pve2: { node: 0, ssh: 1 }, nas1: { node: 0 }, other: { node: 1 } }))).toEqual({
      neighbours: [
        { host: 'pve2', shares: 'switch core', kind: 'switch', answers: true },
        { host: 'nas1', shares: 'switch core', kind: 'switch', answers: false },
      ],
    });
  });

  it('says nothing of hosts that nobody asked lately, nor by what they share only a storage', () => {
    expect(othersSeen('pve1', atSwitch, world({ pve2: { node: 1 } }, 300))).toBeUndefined();
    expect(othersSeen('pve1', topology({ shared: [{ name: 'nfs', kind: 'storage', hosts: ['pve1', 'pve2'] }] }), world({ pve2: { node: 1 } }))).toBeUndefined();
    expect(othersSeen('pve1', topology(), world({}))).toBeUndefined();
  });

  it('names the node of a guest and its other guests', () => {
    const guests = [{ host: 'web', runsOn: 'pve1', object: 'qemu/100' }, { host: 'mail', runsOn: 'pve1', object: 'lxc/101' }, { host: 'far', runsOn: 'pve2', object: 'lxc/102' }];
    expect(othersSeen('web', topology({ guests }), world({ pve1: { node: 1 }, mail: { node: 0 }, far: { node: 1 } }))?.neighbours).toEqual([
      { host: 'pve1', shares: 'the node that it runs on', kind: 'node', answers: true },
      { host: 'mail', shares: 'also on pve1', kind: 'node', answers: false },
    ]);
  });

  it('tells what the cluster says, where another member is asked', () => {
    expect(othersSeen('pve1', inCluster, world({ pve1: { proxmox: 0, node: 0 }, pve2: { proxmox: 1, node: 1 } }))?.cluster).toEqual({ node: 'pve1', online: false, secondsAgo: 10 });
    expect(othersSeen('pve1', inCluster, world({ pve1: { proxmox: 1, node: 0 }, pve2: { proxmox: 1 } }))?.cluster).toMatchObject({ online: true });
  });

  it('does not take an API that nobody answers at for what a cluster says', () => {
    expect(othersSeen('pve1', inCluster, world({ pve1: { proxmox: 0, node: 0 }, pve2: { proxmox: 0, node: 1 } }))).toEqual({ neighbours: [{ host: 'pve2', shares: 'cluster lab', kind: 'cluster', answers: true }] });
  });

  it('does not count what the cluster says as an answer of the host itself', () => {
    expect(othersSeen('pve1', inCluster, world({ pve1: { node: 0 }, pve2: { proxmox: 1, node: 0 } }))?.neighbours).toMatchObject([{ host: 'pve2', answers: false }]);
  });
});
