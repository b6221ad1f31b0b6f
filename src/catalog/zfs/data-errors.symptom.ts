import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { checksumPool, healthyPool, zpool } from './zpool.samples.ts';
import zpools from './zpools.fact.ts';

export default defineSymptom({
  id: 'data-errors',
  title: 'Data came back wrong',
  about: `ZFS has found data whose checksum does not match. What a mirror or raidz could repair is repaired; files with permanent errors are damaged. The counters run
since the pool was imported or \`zpool clear\` was run.`,
  leak: 0.02,
  needs: { zpools },
  detect: ({ zpools: { pools } }) =>
    pools.flatMap((pool): Detection[] => {
      const { object, name, status } = pool;
      if (!status) return [];
      const checksums = status.leaves.reduce((sum, leaf) => sum + leaf.checksumErrors, 0);
      if (status.dataErrors > 0) {
        return [{ object, value: status.dataErrors, limit: 0, unit: 'errors', says: `Pool ${name} has ${status.dataErrors} permanent data errors.` }];
      }
      return checksums > 0 ? [{ object, value: checksums, limit: 0, unit: 'errors', says: `Pool ${name} has counted ${checksums} checksum errors.` }] : [];
    }),
  examples: {
    present: [
      { name: 'checksum errors on one disk', given: { zpools: zpool({ status: checksumPool }) }, objects: ['storage/tank'] },
      { name: 'permanent errors', given: { zpools: zpool({ status: { ...healthyPool, dataErrors: 5 } }) } },
    ],
    absent: [
      { name: 'a healthy pool', given: { zpools: zpool() } },
      { name: 'a pool that was not asked since it is suspended', given: { zpools: zpool({ suspended: true, status: undefined }) } },
    ],
  },
});
