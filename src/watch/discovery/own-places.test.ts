import { describe, expect, it } from 'vitest';
import { ownPlaces, type Dependency } from './own-places.ts';

const relay: Dependency = { what: 'The mail relay mail', lost: 'no mail is sent', names: ['mail', '10.0.0.60'], macs: [] };
const self: Dependency = { what: 'This server', lost: 'nobody says so', names: ['culprit', '10.0.0.61'], macs: ['bc:24:11:00:00:61'] };
const hosts = [{ host: 'pve1', names: ['pve1', '10.0.0.1'] }, { host: 'pve2', names: ['pve2', '10.0.0.2'] }];
const guest = { host: 'pve1', object: 'qemu/160', running: true, macs: [], addresses: ['10.0.0.60'], storages: [] };

describe('what watching depends on', () => {
  it('is no worry elsewhere', () => {
    expect(ownPlaces([relay, self], hosts, [])).toEqual([]);
  });

  it('is told of when it is a watched host', () => {
    expect(ownPlaces([{ ...relay, names: ['10.0.0.2'] }], hosts, [])).toEqual(['The mail relay mail runs on pve2, which is watched: when pve2 fails, no mail is sent.']);
  });

  it('is told of when it is a guest of one, by address or by network card', () => {
    expect(ownPlaces([relay, self], hosts, [guest, { ...guest, host: 'pve2', object: 'lxc/161', addresses: [], macs: ['bc:24:11:00:00:61'] }])).toEqual([
      'The mail relay mail runs on pve1, as its guest qemu/160, which is watched: when pve1 fails, no mail is sent.',
      'This server runs on pve2, as its guest lxc/161, which is watched: when pve2 fails, nobody says so.',
    ]);
  });
});
