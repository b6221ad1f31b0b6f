import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { kernelLogOf } from '../network/network-events.samples.ts';
import extendThinPool from './extend-thin-pool.mitigation.ts';
import lvm, { type LogicalVolume } from './lvm.probe.ts';
import { poolOf } from './lvm.samples.ts';

/** The ninth letter of lv_attr: `D` no data space, `M` metadata read-only, `F` failed (lvs(8)). */
function isRefusing({ attributes, health, dataPercent, metadataPercent }: LogicalVolume): boolean {
  const letter = attributes.charAt(8);
  if (letter === 'D' || letter === 'M' || letter === 'F') return true;
  if (health === 'out_of_data' || health === 'metadata_read_only' || health === 'failed') return true;
  return (dataPercent ?? 0) >= 99.9 || (metadataPercent ?? 0) >= 99.5;
}

export default defineHypothesis({
  id: 'lvm-thin-full',
  subject: 'filesystem',
  proven: 'documentation',
  title: 'An LVM thin pool is full',
  about: `Thin volumes promise more than their pool holds. When its data or its metadata run out, writes of guests wait for a minute and then fail, file systems in guests go read-only, and
with metadata exhausted the pool may need a repair. \`local-lvm\` of a Proxmox VE installation is such a pool.
To be sure by hand: \`lvs -a -o+metadata_percent\`: data and metadata below 95 %, and neither \`D\` nor \`M\` as the ninth letter of the attributes.`,
  needs: { volumes: lvm, log: optional(kernelLog) },
  objects: ({ volumes }) =>
    volumes.volumes
      .filter(({ attributes }) => attributes.startsWith('t'))
      .map((pool) => ({ object: `storage/${pool.volumeGroup}/${pool.name}`, pool })),
  noObjects: 'this host has no LVM thin pool',
  prior: 1 / 150,
  explains: { 'space-low': 0.97, 'guest-down': 0.4, 'io-delay': 0.3, 'guest-slow': 0.2, 'errors-logged': 0.6, 'data-errors': 0.1, 'backup-missed': 0.1 },
  evidence: [
    {
      outcome: (_, { pool }) => {
        const most = Math.max(pool.dataPercent ?? 0, pool.metadataPercent ?? 0);
        return isRefusing(pool) ? 'refuses' : most >= 98 ? 'nearly' : most >= 90 ? 'low' : 'room';
      },
      table: {
        refuses: {
          ifCause: 0.85,
          otherwise: 0.0002,
          decisive: true,
          says: (_, { pool }) => `Thin pool ${pool.volumeGroup}/${pool.name} takes no more writes: data ${pool.dataPercent ?? 0} %, metadata ${pool.metadataPercent ?? 0} %.`,
        },
        nearly: {
          ifCause: 0.12,
          otherwise: 0.003,
          decisive: true,
          says: (_, { pool }) => `Thin pool ${pool.volumeGroup}/${pool.name} is nearly full: data ${pool.dataPercent ?? 0} %, metadata ${pool.metadataPercent ?? 0} %.`,
        },
        low: { ifCause: 0.02, otherwise: 0.05, says: (_, { pool }) => `Thin pool ${pool.volumeGroup}/${pool.name}: data ${pool.dataPercent ?? 0} %, metadata ${pool.metadataPercent ?? 0} %.` },
        room: {
          ifCause: 0.01,
          otherwise: 0.94,
          says: (_, { pool }) => `Thin pool ${pool.volumeGroup}/${pool.name} has room: data ${pool.dataPercent ?? 0} %, metadata ${pool.metadataPercent ?? 0} %.`,
        },
      },
      excerpt: (_, { pool }) => `${pool.volumeGroup}/${pool.name} ${pool.attributes} ${pool.dataPercent ?? ''} ${pool.metadataPercent ?? ''} ${pool.health}`,
    },
    {
      when: ({ log }) => (log?.lines ?? []).some(({ text }) => text.includes('thin:') && /switching pool to (out-of-data-space|read-only|failure) mode/.test(text)),
      likelihood: { ifCause: 0.6, otherwise: 0.005 },
      says: 'The kernel log says that a thin pool stopped taking writes since the boot.',
    },
  ],
  broughtBy: ['guest', 'storage-settings'],
  mechanisms: ['hung-tasks'],
  urgency: 'now',
  dataAtRisk: true,
  containment: ['Pause guests that write much, and run `fstrim` in the guests: that can free room at once.'],
  doNot: ['Do not reboot before the pool has room: volumes may not come up again.'],
  mitigations: [extendThinPool],
  references: ['lvmthin(7)', 'lvs(8)', 'kernel Documentation/admin-guide/device-mapper/thin-provisioning'],
  examples: {
    supporting: [
      {
        name: 'no data blocks left',
        given: {
          volumes: { groups: [], volumes: [poolOf({ attributes: 'twi-aotzD-', dataPercent: 100, health: 'out_of_data' })] },
          log: kernelLogOf([[90, 'device-mapper: thin: 253:4: switching pool to out-of-data-space mode']]),
        },
        object: 'storage/pve/data',
        expect: 'identified',
      },
      { name: 'data at 98.6 %', given: { volumes: { groups: [], volumes: [poolOf({ dataPercent: 98.6 })] } }, symptoms: ['space-low'] },
    ],
    refuting: [
      { name: 'a pool at 50 %', given: { volumes: { groups: [], volumes: [poolOf({})] } } },
      { name: 'a pool at 91 %', given: { volumes: { groups: [], volumes: [poolOf({ dataPercent: 91 })] } } },
      {
        name: 'a full volume in a pool with room',
        given: { volumes: { groups: [], volumes: [poolOf({}), poolOf({ name: 'vm-100-disk-0', attributes: 'Vwi-aotz--', dataPercent: 100 })] } },
      },
      { name: 'no thin pool', given: { volumes: { groups: [], volumes: [] } }, expect: 'ruled-out' },
    ],
  },
});
