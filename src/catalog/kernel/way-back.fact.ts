import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import { knowsFeature } from '../zfs/feature-versions.ts';
import { datasetOf } from '../zfs/dataset.samples.ts';
import zfsDatasets from '../zfs/zfs-datasets.probe.ts';
import zpoolFeatures from '../zfs/zpool-features.probe.ts';
import installedKernels from './installed-kernels.probe.ts';

const schema = z.object({
  running: z.string(),
  /** The newest of the installed kernels that are older than the running one. Missing: there is none. */
  previous: z.object({ release: z.string(), zfs: z.string().optional() }).optional(),
  bootsWith: z.enum(['proxmox-boot-tool', 'grub', 'not-known']),
  grubSaved: z.boolean(),
  grubEntry: z.string().optional(),
  /** Features in use that the older kernel's ZFS does not know, or of which it is not known. Missing: there is no pool, or nothing could be compared. */
  features: z.object({ unknown: z.array(z.string()), unclear: z.array(z.string()) }).optional(),
  /** Encrypted datasets whose key somebody has to type in. Missing: not known. */
  prompts: z.array(z.string()).optional(),
});

/** Numbers in a release, in their order: 6.2.16-10-pve as 6, 2, 16, 10. */
function numbersOf(release: string): number[] {
  return (release.match(/\d{1,9}/g) ?? []).slice(0, 8).map(Number);
}

function compare(a: string, b: string): number {
  const [one, other] = [numbersOf(a), numbersOf(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? -1) - (other[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What letters follow the version: `pve`, `amd64`. Kernels of another kind are no way back. */
const flavour = (release: string): string => /-([a-z][a-z0-9-]*)$/.exec(release)?.[1] ?? '';

/** How to go back to the kernel before, and what would be in the way. */
export default defineFact({
  id: 'way-back',
  title: 'The way back to the kernel before',
  needs: { installed: installedKernels, features: optional(zpoolFeatures), datasets: optional(zfsDatasets) },
  schema,
  derive: ({ installed, features, datasets }) => {
    const { running, kernels, bootsWith, grubSaved, grubEntries } = installed;
    const older = kernels.filter(({ release }) => compare(release, running) < 0 && flavour(release) === flavour(running));
    const previous = older.toSorted((a, b) => compare(b.release, a.release))[0];
    const grubEntry = previous && grubEntries.find((entry) => entry.includes(`>gnulinux-${previous.release}-advanced-`));
    const version = previous?.zfs;
    const judged = version === undefined || features === undefined ? undefined : features.active.map(({ pool, feature }) => ({ name: `${feature} (${pool})`, known: knowsFeature(version, feature) }));
    return {
      running,
      ...(previous !== undefined && { previous }),
      bootsWith,
      grubSaved,
      ...(grubEntry !== undefined && { grubEntry }),
      ...(judged !== undefined && { features: { unknown: judged.filter(({ known }) => known === false).map(({ name }) => name), unclear: judged.filter(({ known }) => known === undefined).map(({ name }) => name) } }),
      ...(datasets !== undefined && { prompts: datasets.datasets.filter(({ name, encryption, encryptionRoot, keyLocation }) => encryption !== 'off' && keyLocation === 'prompt' && (encryptionRoot ?? name) === name).map(({ name }) => name) }),
    };
  },
  examples: [
    {
      name: 'Proxmox VE after an update of kernel and ZFS, with a pool that uses what is new',
      given: {
        installed: { running: '6.8.12-9-pve', kernels: [{ release: '6.5.13-6-pve', zfs: '2.1.14-pve1' }, { release: '6.2.16-20-pve', zfs: '2.1.14-pve1' }, { release: '6.8.12-9-pve', zfs: '2.2.7-pve2' }, { release: '6.8.12-10-pve', zfs: '2.2.7-pve2' }, { release: '6.1.0-40-amd64' }], bootsWith: 'proxmox-boot-tool', grubSaved: false, grubEntries: [] },
        features: { active: [{ pool: 'rpool', feature: 'lz4_compress' }, { pool: 'rpool', feature: 'block_cloning' }, { pool: 'rpool', feature: 'something_new' }] },
        datasets: { datasets: [datasetOf('rpool/secret', { encryption: 'aes-256-gcm', encryptionRoot: 'rpool/secret', keyLocation: 'prompt' }), datasetOf('rpool/secret/vm', { encryption: 'aes-256-gcm', encryptionRoot: 'rpool/secret' }), datasetOf('rpool/filed', { encryption: 'aes-256-gcm', encryptionRoot: 'rpool/filed', keyLocation: 'file:///root/key' })] } as never,
      },
      expect: { running: '6.8.12-9-pve', previous: { release: '6.5.13-6-pve', zfs: '2.1.14-pve1' }, features: { unknown: ['block_cloning (rpool)'], unclear: ['something_new (rpool)'] }, prompts: ['rpool/secret'] },
    },
    {
      name: 'Debian with GRUB and one older kernel, no ZFS',
      given: { installed: { running: '6.1.0-41-amd64', kernels: [{ release: '6.1.0-40-amd64' }, { release: '6.1.0-41-amd64' }], bootsWith: 'grub', grubSaved: true, grubEntries: ['gnulinux-advanced-1f2e>gnulinux-6.1.0-41-amd64-advanced-1f2e', 'gnulinux-advanced-1f2e>gnulinux-6.1.0-40-amd64-advanced-1f2e'] } },
      expect: { previous: { release: '6.1.0-40-amd64' }, grubEntry: 'gnulinux-advanced-1f2e>gnulinux-6.1.0-40-amd64-advanced-1f2e' },
    },
    { name: 'no older kernel', given: { installed: { running: '6.8.12-9-pve', kernels: [{ release: '6.8.12-9-pve' }], bootsWith: 'proxmox-boot-tool', grubSaved: false, grubEntries: [] } }, expect: { running: '6.8.12-9-pve' } },
  ],
});
