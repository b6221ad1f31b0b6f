import { defineSymptom, type Detection } from '../../define/symptom.ts';
import networkMounts, { type NetworkMounts } from './network-mounts.probe.ts';
import { mountsOfServer } from './network-mounts.samples.ts';

/** How long a server may take to say how full it is. */
const patienceSeconds = 5;

type Server = NetworkMounts['servers'][number];

const isSilent = ({ outcome }: Server): boolean => outcome === 'hangs' || outcome === 'stuck' || outcome === 'not-asked';

export default defineSymptom({
  id: 'storage-down',
  title: 'A storage in the network does not answer',
  about: `A file system that is mounted over the network gave no answer within ${patienceSeconds} seconds, or the kernel says that its server does not respond. Whoever touches it waits, without end where it is mounted
"hard"; Proxmox VE shows it with a question mark. By hand: \`timeout -s KILL 5 stat -f <mount point>\`. A storage on this host's own disks has other symptoms.`,
  leak: 0.03,
  needs: { storage: networkMounts },
  detect: ({ storage: { servers } }): readonly Detection[] =>
    servers.filter(isSilent).map(({ server, mountPoint, outcome }) => ({
      object: `storage/${server}`,
      value: patienceSeconds,
      limit: patienceSeconds,
      unit: 's',
      says: outcome === 'not-asked' ? `${server}, mounted at ${mountPoint}, does not respond, as the kernel says.` : `${server}, mounted at ${mountPoint}, gave no answer within ${patienceSeconds} s.`,
    })),
  examples: {
    present: [
      { name: 'it hangs', given: { storage: mountsOfServer('nas', { outcome: 'hangs' }) }, objects: ['storage/nas'] },
      { name: 'it hangs so that the question cannot be withdrawn', given: { storage: mountsOfServer('nas', { outcome: 'stuck' }) } },
      { name: 'the kernel says so', given: { storage: mountsOfServer('nas', { outcome: 'not-asked' }) } },
    ],
    absent: [
      { name: 'it answers', given: { storage: mountsOfServer('nas', { seconds: 0.01 }) } },
      { name: 'it answers late: slow is not down', given: { storage: mountsOfServer('nas', { seconds: 3 }) } },
      { name: 'it answers with an error', given: { storage: mountsOfServer('nas', { outcome: 'fails', says: 'Permission denied' }) } },
    ],
  },
});
