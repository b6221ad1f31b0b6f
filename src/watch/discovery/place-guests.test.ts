import { describe, expect, it } from 'vitest';
import type { DiscoveredGuest } from '../../define/discovery.ts';
import { placeGuests, topologyWith, type HostTraits } from './place-guests.ts';

const host = (name: string, traits: Partial<HostTraits> = {}): HostTraits => ({ name, names: [name], vmids: [], macs: [], ...traits });
const guest = (object: string, traits: Partial<DiscoveredGuest> = {}): DiscoveredGuest => ({ host: 'pve1', object, running: true, macs: [], addresses: [], storages: [], ...traits });
const place = (hosts: readonly HostTraits[], guests: readonly DiscoveredGuest[]) => placeGuests(hosts, [{ sharedStorages: [], guests }]).map(({ host: of, runsOn, object, by }) => `${of} is ${runsOn}'s ${object} by ${by}`);

describe('placeGuests', () => {
  it.each([
    ['the settings', host('web', { runsOn: { host: 'pve2', object: 'qemu/7' } }), "web is pve2's qemu/7 by settings"],
    ['a label', host('x', { vmids: ['100'] }), "x is pve1's qemu/100 by label"],
    ['the system UUID', host('x', { uuid: 'aaaa' }), "x is pve1's qemu/100 by uuid"],
    ['a network card', host('x', { macs: ['02:00:00:00:00:01', 'bc:24:11:00:00:01'] }), "x is pve1's qemu/100 by mac"],
    ['an address', host('x', { names: ['x', '10.0.0.50'] }), "x is pve1's qemu/100 by address"],
    ['its name', host('Web', { names: ['web'] }), "Web is pve1's qemu/100 by name"],
  ])('places a host by %s', (_, one, expected) => {
    expect(place([host('pve1'), one], [guest('qemu/100', { name: 'web', uuid: 'aaaa', macs: ['bc:24:11:00:00:01'], addresses: ['10.0.0.50'] }), guest('qemu/101', { name: 'other' })])).toEqual([expected]);
  });

  it('believes the surer sign', () => {
    expect(place([host('web', { macs: ['bc:24:11:00:00:02'] })], [guest('qemu/100', { name: 'web' }), guest('qemu/101', { macs: ['bc:24:11:00:00:02'] })])).toEqual(["web is pve1's qemu/101 by mac"]);
  });

  it('does not choose between guests that a sign fits alike, and asks no weaker sign then', () => {
    expect(place([host('web', { macs: ['bc:24:11:00:00:02'] })], [guest('qemu/100', { name: 'web', macs: ['bc:24:11:00:00:02'] }), guest('qemu/101', { macs: ['bc:24:11:00:00:02'] })])).toEqual([]);
  });

  it('tells nobody by the address of a bridge that many guests have', () => {
    const docker = ['172.17.0.1'];
    expect(place([host('x', { names: ['172.17.0.1'] })], [guest('qemu/100', { addresses: docker }), guest('qemu/101', { addresses: docker })])).toEqual([]);
  });

  it('puts containers that are asked at the address of their VM into that VM', () => {
    const at = { names: ['10.0.0.50'] };
    expect(place([host('app', at), host('database', at)], [guest('qemu/100', { addresses: ['10.0.0.50'] })])).toEqual(["app is pve1's qemu/100 by address", "database is pve1's qemu/100 by address"]);
  });

  it('makes no host its own guest, nor a guest of its guest', () => {
    expect(place([host('pve1', { names: ['pve1', '10.0.0.1'] })], [guest('qemu/100', { addresses: ['10.0.0.1'] })])).toEqual([]);
    const nested = [guest('qemu/100', { name: 'pve2' }), guest('qemu/200', { host: 'pve2', name: 'pve1' })];
    expect(place([host('pve1'), host('pve2')], nested)).toEqual(["pve1 is pve2's qemu/200 by name"]);
  });
});

describe('topologyWith', () => {
  it('joins what the settings name and what hypervisors say', () => {
    const inventory = { cluster: { name: 'lab', hosts: ['pve1', 'pve2'] }, sharedStorages: [{ name: 'nfs', hosts: ['pve1', 'pve2'] }], guests: [guest('qemu/100', { storages: ['tank'] })] };
    const shared = [{ kind: 'cluster' as const, name: 'lab', hosts: ['pve1', 'pve2', 'pve3'] }];
    expect(topologyWith({ shared }, [{ host: 'web', runsOn: 'pve1', object: 'qemu/100', by: 'mac' }], [inventory])).toEqual({
      guests: [{ host: 'web', runsOn: 'pve1', object: 'qemu/100' }],
      shared: [...shared, { kind: 'storage', name: 'nfs', hosts: ['pve1', 'pve2'] }],
      standsOn: [{ host: 'pve1', object: 'qemu/100', on: ['storage/tank'] }],
    });
  });
});
