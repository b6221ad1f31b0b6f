import { defineScenario } from '../../define.ts';
import { pool } from './disks.ts';

export default defineScenario({
  name: 'nvme-without-spare-figure',
  subject: 'disk',
  kind: 'control',
  why: 'The NVMe disk says 0 % of its spare is left, with a threshold of 0 % and without any warning: it does not report the figure, as some do. A rule that reads the percentage alone would have the disk replaced.',
  weight: 'light',
  variants: { 'idle': {} },
  inject: async (host) => pool(host, await host.addDisk({ id: 'NVMEB0001', sizeMib: 1024, bus: 'nvme' })),
  check: async (host) => {
    const text = await host.run("nvme smart-log /dev/nvme0 | grep -iE '^(critical_warning|available_spare)[[:space:]]'");
    return /critical_warning\s*: 0\b/.test(text) && /available_spare\s*: 0%/.test(text) ? undefined : `the disk says: ${text.trim()}`;
  },
  truth: { first: [], never: ['disk-failing', 'ssd-worn-out'] },
});
