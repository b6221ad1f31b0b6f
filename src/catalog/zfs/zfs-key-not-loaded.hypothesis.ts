import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import failedUnits from '../kernel/failed-units.probe.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import loadZfsKey from './load-zfs-key.mitigation.ts';
import lockedDatasets, { type LockedRoot } from './locked-datasets.fact.ts';

const twoDays = 172_800;

function unitsAbout(units: readonly { readonly unit: string }[] | undefined): string[] {
  return (units ?? []).map((one) => one.unit).filter((unit) => /^zfs-(?:mount|load-key)\S{0,200}\.service$/.test(unit));
}

function locked(more: Partial<LockedRoot> = {}): { roots: LockedRoot[] } {
  return { roots: [{ object: 'storage/rpool/enc', root: 'rpool/enc', datasets: 3, keyLocation: 'prompt', toBeMounted: 1, storages: [], guests: [], ...more }] };
}

const justBooted = { ...proxmoxHost, uptimeSeconds: 5_400 };

export default defineHypothesis({
  id: 'zfs-key-not-loaded',
  subject: 'zfs',
  proven: 'documentation',
  title: 'The key of an encrypted dataset is not loaded',
  about: `The keys of encrypted datasets are forgotten when the host reboots or the pool is exported. Until somebody types the passphrase in (or the key file is there), the datasets are not mounted, their volumes
do not appear below /dev/zvol, and guests with disks on them do not start: "dataset is busy", "no such device", an empty folder where the data should be. Copies that another host sent in raw form
(\`zfs send -w\`) are always locked and are no fault: nothing here uses them.

To be sure by hand: \`zfs get -r keystatus,keylocation,mounted <pool>\`; then \`zfs load-key -r <dataset>\` and \`zfs mount -a\`.`,
  needs: { locked: lockedDatasets, units: optional(failedUnits), system: operatingSystem },
  objects: ({ locked: { roots } }) => roots,
  noObjects: 'the keys of all encrypted datasets are loaded',
  prior: 1 / 40,
  explains: { 'guest-down': 0.7, 'target-missing': 0.3, 'backup-missed': 0.3 },
  evidence: [
    {
      outcome: ({ units }, { guests, storages, keyLocation, toBeMounted }) => {
        if ((guests ?? []).length > 0) return 'guests';
        if ((storages ?? []).length > 0) return 'storage';
        if (unitsAbout(units?.units).length > 0 && toBeMounted > 0) return 'unit';
        if (keyLocation !== undefined && keyLocation !== 'prompt' && toBeMounted > 0) return 'key of its own';
        return storages === undefined ? 'not known' : 'nobody';
      },
      table: {
        guests: {
          ifCause: 0.6,
          otherwise: 0.001,
          decisive: true,
          says: (_, { root, guests }) => `The key of ${root} is not loaded, and ${countText((guests ?? []).length, 'guest has', 'guests have')} disks on it: ${(guests ?? []).slice(0, 5).join(', ')}.`,
        },
        storage: {
          ifCause: 0.2,
          otherwise: 0.004,
          decisive: true,
          says: (_, { root, storages }) => `The key of ${root} is not loaded, and storage ${(storages ?? []).join(', ')} lies on it.`,
        },
        unit: {
          ifCause: 0.1,
          otherwise: 0.005,
          says: ({ units }, { root }) => `The key of ${root} is not loaded, it is to be mounted by itself, and ${unitsAbout(units?.units)[0] ?? 'mounting'} failed.`,
        },
        'key of its own': {
          ifCause: 0.06,
          otherwise: 0.03,
          says: (_, { root, keyLocation }) => `The key of ${root} is not loaded, although it could be without a person: its place is ${keyLocation}.`,
        },
        nobody: { ifCause: 0.04, otherwise: 0.96, says: (_, { root }) => `The key of ${root} is not loaded, but no storage of this node lies on it: it may be a copy of another host.` },
      },
      excerpt: (_, { root, datasets, keyLocation }) => `${root}: keystatus unavailable, ${datasets} datasets, keylocation ${keyLocation ?? 'not known'}`,
      group: 'use',
    },
    {
      when: ({ system }) => system.uptimeSeconds < twoDays,
      likelihood: { ifCause: 0.7, otherwise: 0.15 },
      says: ({ system }) => `The host booted ${agoText(system.uptimeSeconds)} ago; keys do not outlive that.`,
      group: 'boot',
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Load the key: `zfs load-key -r <dataset>`, then `zfs mount -a`, and start the guests.'],
  doNot: ['Do not restore or recreate what seems to be missing: it is there and only locked.', 'Do not write into the empty mount point: what is written there is hidden once the dataset is mounted.'],
  mitigations: [loadZfsKey],
  references: ['zfs-load-key(8)', 'zfsprops(7), keylocation and keystatus', 'zfs-mount-generator(8)'],
  examples: {
    supporting: [
      { name: 'after a reboot nobody typed the passphrase', given: { locked: locked({ storages: ['secret'], guests: ['qemu/100', 'qemu/101'] }), system: justBooted }, object: 'storage/rpool/enc', symptoms: ['guest-down'], expect: 'identified' },
      { name: 'a storage for backups is locked', given: { locked: locked({ storages: ['vault'] }), system: justBooted }, symptoms: ['backup-missed'] },
      {
        name: 'no Proxmox VE: the key file was not found, and mounting failed',
        given: { locked: locked({ storages: undefined, guests: undefined, keyLocation: 'file:///media/stick/key' }), units: { units: [{ unit: 'zfs-load-key@rpool-enc.service', description: 'Load ZFS key for rpool/enc' }] }, system: justBooted },
        symptoms: ['target-missing'],
      },
    ],
    refuting: [
      { name: 'all keys are loaded', given: { locked: { roots: [] } }, expect: 'ruled-out' },
      { name: 'copies that another host sent raw', given: { locked: locked({ datasets: 40, toBeMounted: 40 }), system: proxmoxHost } },
      { name: 'such copies on a host that was booted today', given: { locked: locked({ datasets: 40 }), system: justBooted }, symptoms: ['guest-down'] },
      { name: 'the settings of Proxmox VE could not be read', given: { locked: locked({ storages: undefined, guests: undefined }), system: proxmoxHost } },
    ],
  },
});
