import { defineScenario } from '../../define.ts';
import { pool } from './disks.ts';

interface Variant {
  /** Bits of the SMART log's critical warning, NVMe base specification, figure "SMART / Health Information Log Page". */
  readonly warning: number;
  readonly causes: readonly string[];
}

export default defineScenario<Variant>({
  name: 'nvme-critical-warning',
  subject: 'disk',
  kind: 'fault',
  why: 'An NVMe disk that holds a pool raises a critical warning by itself: its reliability is degraded, or its spare is used up, or it turned read-only. Nothing else shows yet. The disk is right; which of the two words for it depends on the bit.',
  weight: 'light',
  variants: {
    'reliability-degraded': { warning: 4, causes: ['disk-failing'] },
    'spare-below-threshold': { warning: 1, causes: ['ssd-worn-out', 'disk-failing'] },
    'media-read-only': { warning: 8, causes: ['disk-failing', 'ssd-worn-out'] },
  },
  inject: async (host, { warning }) => {
    const disk = await host.addDisk({ id: 'NVMEA0001', sizeMib: 1024, bus: 'nvme' });
    await pool(host, disk);
    await host.qmp('qom-set', { path: '/machine/peripheral/NVMEA0001', property: 'smart_critical_warning', value: warning });
  },
  check: async (host, { warning }) => {
    const text = await host.run("nvme smart-log /dev/nvme0 | grep -i '^critical_warning'");
    return Number(/: *(\S+)/.exec(text)?.[1]) === warning ? undefined : `the disk says ${text.trim()}`;
  },
  truth: ({ causes }) => ({ first: causes, allowed: causes, objects: Object.fromEntries(causes.map((id) => [id, 'NVMEA0001'])), symptoms: ['device-warning'] }),
});
