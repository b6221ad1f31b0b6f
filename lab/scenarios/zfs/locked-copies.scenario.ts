import { defineScenario } from '../../define.ts';
import { makeDataset, makePool } from '../../loads/pool.ts';

export default defineScenario<{ readonly copies: number }>({
  name: 'locked-copies',
  subject: 'zfs',
  kind: 'control',
  why: 'The pool holds copies of encrypted datasets that another host sent in raw form. Their keys were never loaded here and never will be: no storage and no guest of this host lies on them. Healthy is right.',
  weight: 'light',
  variants: { 'three-copies': { copies: 3 } },
  inject: async (host, { copies }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'] });
    const folder = await makeDataset(host, 'tank/source', { encryption: true });
    await host.run(
      `head -c 20000000 /dev/urandom >${folder}/data; zfs snapshot tank/source@today; zfs create tank/copies
       for i in $(seq ${copies}); do zfs send -w tank/source@today | zfs receive tank/copies/host$i; done
       zfs destroy -r tank/source`,
      { timeoutSeconds: 180 },
    );
  },
  check: async (host, { copies }) => {
    const locked = (await host.run("zfs get -H -r -t filesystem -o value keystatus tank/copies | grep -c unavailable || true")).trim();
    return Number(locked) === copies ? undefined : `${locked} datasets are locked`;
  },
  truth: { first: [], never: ['zfs-key-not-loaded'] },
});
