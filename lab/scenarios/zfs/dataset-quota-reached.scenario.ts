import { defineScenario, type Host } from '../../define.ts';
import { makeContainerDisk, makeDataset, makePool } from '../../loads/pool.ts';

interface Variant {
  /** Fills the dataset, and gives the folder in which somebody goes on writing. */
  readonly fill: (host: Host) => Promise<string>;
  readonly dataset: string;
}

/** The disk of a container, full of its logs. */
async function containerDisk(host: Host): Promise<string> {
  const folder = await makeContainerDisk(host, 101, { sizeMib: 300 });
  await host.run(`dd if=/dev/urandom of=${folder}/log bs=1M status=none 2>/dev/null; sync; true`, { timeoutSeconds: 180 });
  return folder;
}

/** A share whose files are small, while snapshots keep what was deleted. */
async function snapshots(host: Host): Promise<string> {
  const folder = await makeDataset(host, 'tank/share', { properties: { quota: '400M' } });
  await host.run(
    `for day in 1 2 3; do dd if=/dev/urandom of=${folder}/film bs=1M count=110 status=none; sync; zfs snapshot tank/share@day$day; rm ${folder}/film; done
     dd if=/dev/urandom of=${folder}/film bs=1M status=none 2>/dev/null; sync; true`,
    { timeoutSeconds: 240 },
  );
  return folder;
}

export default defineScenario<Variant>({
  name: 'dataset-quota-reached',
  subject: 'zfs',
  kind: 'fault',
  why: 'A dataset has reached its quota while the pool has gigabytes of room: the disk of a container that is full, or a share whose snapshots keep what was deleted. What wants to write there fails.',
  weight: 'light',
  variants: { 'container-disk': { fill: containerDisk, dataset: 'tank/subvol-101-disk-0' }, 'snapshots-of-a-share': { fill: snapshots, dataset: 'tank/share' } },
  inject: async (host, { fill }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'] });
    const folder = await fill(host);
    await host.start('writer', `while :; do head -c 100000 /dev/urandom >>${folder}/new || logger -t app "cannot write"; sleep 1; done`);
  },
  check: async (host, { dataset }) => {
    const left = Number((await host.run(`zfs get -Hp -o value available ${dataset}`)).trim());
    return left < 2_000_000 ? undefined : `${left} bytes are left`;
  },
  truth: ({ dataset }) => ({
    first: ['dataset-quota-reached'],
    allowed: ['filesystem-full'],
    objects: { 'dataset-quota-reached': dataset },
    symptoms: ['space-low'],
    never: ['zpool-full', 'disk-failing'],
  }),
});
