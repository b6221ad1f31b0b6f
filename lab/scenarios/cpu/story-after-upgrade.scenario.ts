import { defineScenario, type Host } from '../../define.ts';
import { checkStory, ssd, storyTruth } from './story-host.ts';
import { gcmChoices, makeGuestPool, startGuests } from './guest-pool.ts';

interface Variant {
  /** Whether sysstat kept samples, which are all the monitoring that this host has. */
  readonly sysstat: boolean;
}

/** Samples every 15 s: the scenario has minutes where a host has days. */
async function collectSamples(host: Host): Promise<void> {
  await host.start('samples', 'exec /usr/lib/sysstat/sadc -S DISK 15 /var/log/sysstat/sa$(date +%d)');
}

async function openPool(host: Host): Promise<void> {
  await host.run(
    `set -e
    modprobe zfs
    cp /root/tank.key /run/tank.key
    zpool list tank >/dev/null 2>&1 || zpool import tank
    zfs get -H -o value keystatus tank | grep -qx available || zfs load-key tank
    zfs mount -a
    for i in $(seq 50); do [ -b /dev/zvol/tank/vm-100-disk-0 ] && exit 0; sleep 0.2; done
    echo 'the volume did not appear' >&2; exit 1`,
    { timeoutSeconds: 180 },
  );
}

/** The repository has one kernel, newer than that which runs, with ZFS for it. */
const upgrade = `set -e
  image=$(apt-cache pkgnames linux-image- | grep -v "$(uname -r)" | sort -V | tail -n 1)
  DEBIAN_FRONTEND=noninteractive apt-get -y install "$image" "zfs-modules-\${image#linux-image-}" >/run/upgrade.log 2>&1 || { tail -n 20 /run/upgrade.log >&2; exit 1; }`;

const load = { thinkSeconds: 3 } as const;
const watchedSeconds = 660;

export default defineScenario<Variant>({
  name: 'story-after-upgrade',
  subject: 'cpu',
  kind: 'fault',
  why: 'The story with its history: the host carried its guests on an encrypted raidz1 for a while, then somebody installed a newer kernel from a repository, and rebooted. Under the newer kernel, and only there, the kernel no longer tells its modules that AVX may be used. Right is zfs-crypto-unaccelerated; upgrade, reboot and the beginning of the trouble are there to be read from logs, boots and, in one variant, the samples of sysstat.',
  family: 'zfs-crypto-bits',
  weight: 'heavy',
  variants: { 'watched-by-sysstat': { sysstat: true }, 'nothing-watched': { sysstat: false } },
  machine: () => ({ kind: 'upgrade' }),
  inject: async (host, { sysstat }) => {
    const paths: string[] = [];
    for (let number = 1; number <= 3; number += 1) paths.push(await host.addDisk(ssd(number)));
    await makeGuestPool(host, { layout: `raidz1 ${paths.join(' ')}`, cipher: 'aes-256-gcm' });
    await host.run('install -m 600 /run/tank.key /root/tank.key');
    if (!(await gcmChoices(host)).includes('avx')) throw new Error('ZFS has no AVX under the older kernel');
    const older = (await host.run('uname -r')).trim();
    if (sysstat) await collectSamples(host);
    else await host.run('systemctl mask --now sysstat sysstat-collect.timer sysstat-summary.timer 2>/dev/null; rm -f /var/log/sysstat/*', { mayFail: true });
    await startGuests(host, load);
    await host.wait(watchedSeconds);
    await host.run(upgrade, { timeoutSeconds: 1_500 });
    await host.reboot();
    const release = (await host.run('uname -r')).trim();
    if (release === older) throw new Error(`The machine came up with ${release} again`);
    await openPool(host);
    if (sysstat) await collectSamples(host);
    await startGuests(host, load);
    await host.wait(watchedSeconds);
  },
  settleSeconds: 15,
  check: checkStory,
  truth: storyTruth,
});
