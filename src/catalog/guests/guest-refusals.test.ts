import { describe, expect, it } from 'vitest';
import { refusalsOfGuest, type HeldGuest } from './guest-refusals.ts';
import type { GuestRoles } from './guest-roles.probe.ts';

const plain: GuestRoles = { object: 'qemu/100', highlyAvailable: false, watchdog: false, passes: [], tags: [], clusterPrograms: [], hardwareAddresses: ['bc:24:11:00:00:01'], addresses: ['192.0.2.50'] };
const far = [{ role: 'gateway' as const, address: '192.0.2.1', hardwareAddress: '02:00:00:00:00:05' }];
const held = (roles: Partial<GuestRoles> = {}, more: Partial<HeldGuest> = {}): HeldGuest => ({ object: 'qemu/100', config: { passthrough: [] }, roles: { guests: [{ ...plain, ...roles }], needed: far }, tasks: [], ...more });

describe('a guest is not held up', () => {
  it.each<[string, HeldGuest, slow: number, freeze: number]>([
    ['an ordinary guest', held(), 0, 0],
    ['a backup of another guest runs', held({}, { tasks: [{ type: 'vzdump', guestId: '101' }] }), 0, 0],
    ['another guest is started', held({}, { tasks: [{ type: 'qmstart', guestId: '101' }] }), 0, 0],
    ['a backup of it runs', held({}, { tasks: [{ type: 'vzdump', guestId: '100' }] }), 1, 1],
    ['a backup of all guests runs', held({}, { tasks: [{ type: 'vzdump', guestId: '' }] }), 1, 1],
    ['it is migrated', held({}, { tasks: [{ type: 'qmigrate', guestId: '100' }] }), 1, 1],
    ['it is locked', held({}, { config: { passthrough: [], lock: 'snapshot' } }), 1, 1],
    ['it is frozen', held({}, { frozen: true }), 1, 1],
    ['it is the gateway by its hardware address', held({}, { roles: { guests: [plain], needed: [{ role: 'gateway', address: '192.0.2.1', hardwareAddress: 'bc:24:11:00:00:01' }] } }), 1, 1],
    ['it is the name server by its address', held({}, { roles: { guests: [plain], needed: [{ role: 'nameserver', address: '192.0.2.50' }] } }), 1, 1],
    ['it serves the storage', held({}, { roles: { guests: [plain], needed: [{ role: 'storage', address: '192.0.2.50' }] } }), 1, 1],
    ['it has a watchdog', held({ watchdog: true }), 1, 1],
    ['etcd runs in it', held({ clusterPrograms: ['etcd'] }), 1, 1],
    ['it has the tag of a cluster', held({ tags: ['ceph'] }), 1, 1],
    ['it is highly available', held({ highlyAvailable: true }), 0, 1],
    ['a PCI device is passed through', held({}, { config: { passthrough: ['0000:01:00.0'] } }), 0, 1],
    ['QEMU has arguments of its own', held({ passes: ['args'] }), 0, 1],
    ['its settings are not known', held({}, { config: undefined }), 0, 1],
    ['who counts on it is not known', held({}, { roles: undefined }), 0, 1],
  ])('%s', (_, guest, slow, freeze) => {
    expect(refusalsOfGuest('slow', guest)).toHaveLength(slow);
    expect(refusalsOfGuest('freeze', guest)).toHaveLength(freeze);
  });

  it('and says why in a sentence', () => {
    expect(refusalsOfGuest('freeze', held({ highlyAvailable: true, watchdog: true }))).toEqual(['VM 100 has a watchdog, which would reset it', 'VM 100 is highly available: the cluster would start it elsewhere']);
  });
});
