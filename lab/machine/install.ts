import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLabcpu } from './labcpu.ts';
import { installedDaysAgo, moveDates, plainCommands } from './history.ts';
import { bash, command } from './shell.ts';

/** Files that every machine gets: the lab's own settings, then what makes it look like a Proxmox host. */
export const overlays: readonly string[] = ['settings', 'tree'].map((name) => join(import.meta.dirname, name));

/** Needed to build modules and packages, never to run the machine. /boot and apt's caches are made anew or not needed. */
const buildOnly = [
  'usr/src/linux-headers-*',
  'usr/src/zfs-*/[!d]*',
  'usr/lib/linux-kbuild-*',
  'usr/lib/gcc',
  'usr/libexec/gcc',
  'usr/lib/x86_64-linux-gnu/lib*san.so*',
  'usr/lib/x86_64-linux-gnu/lib*.a',
  'usr/lib/debug',
  'usr/include',
  'var/cache/apt/*',
  'var/cache/debconf/*-old',
  'var/lib/apt/lists/*',
  'var/lib/dkms/*/*/build',
  'tmp/*',
  'run/*',
];

/** Would be busy at boot, wait for what never comes, or load ZFS, which is for the scenario to do. */
const maskedUnits = [
  ...['zfs-import-cache', 'zfs-import-scan', 'zfs-load-module', 'zfs-mount', 'zfs-share', 'zfs-volume-wait', 'zfs-load-key'].map((name) => `${name}.service`),
  ...['apt-daily', 'apt-daily-upgrade', 'dpkg-db-backup', 'e2scrub_all', 'fstrim', 'logrotate', 'mdcheck_start', 'mdcheck_continue', 'mdmonitor-oneshot'].map((name) => `${name}.timer`),
  ...['getty@tty1', 'console-getty', 'e2scrub_reap', 'systemd-networkd-wait-online', 'systemd-pcrphase', 'systemd-pcrphase-sysinit', 'lxc-net', 'nvmf-autoconnect'].map((name) => `${name}.service`),
];
/** Started by scenarios that need them. */
const disabledUnits = ['zfs-zed', 'nfs-server', 'lxc', 'lxc-monitord', 'lm-sensors'].map((name) => `${name}.service`);
const enabledUnits = ['systemd-networkd', 'ssh', 'cron', 'prometheus-node-exporter', 'sysstat'].map((name) => `${name}.service`);

/** What this file does to a tree, for the hash of its inputs. */
export const installInputs: readonly string[] = [...buildOnly, ...maskedUnits, '', ...disabledUnits, '', ...enabledUnits, String(installedDaysAgo)];

/** In seconds since 1970. */
export function installedAt(): number {
  return Math.floor(Date.now() / 1000) - installedDaysAgo * 86_400;
}

/** Copies an installed tree, without what only builds need, and as old as if it had been installed some weeks ago. */
export async function copyTree(from: string, to: string, leaveOut: readonly string[] = buildOnly): Promise<void> {
  const excludes = leaveOut.map((path) => `--exclude=./${path}`);
  const pack = `tar --one-file-system --xattrs --mtime=@${installedAt()} --clamp-mtime --warning=no-file-ignored`;
  await bash(`mkdir "$2"; from=$1 to=$2; shift 2; ${pack} -C "$from" "$@" -cf - . | tar --xattrs --xattrs-include='*' -C "$to" -xpf -`, [from, to, ...excludes]);
  await bash('cd "$1" && mkdir -p proc sys dev run tmp boot && chmod 1777 tmp', [to]);
}

function ageLogs(tree: string): void {
  const apt = readdirSync(join(tree, 'var/log/apt')).filter((name) => name.endsWith('.log'));
  for (const file of [...apt.map((name) => `apt/${name}`), 'dpkg.log', 'alternatives.log']) {
    const path = join(tree, 'var/log', file);
    writeFileSync(path, plainCommands(moveDates(readFileSync(path, 'utf8'), -installedDaysAgo)));
  }
}

/** Turns a copied tree into a machine of the lab: settings, services, the way in, and the module that takes CPU features away. */
export async function install(tree: string, base: string, kernelVersions: readonly string[], publicKeyFile: string): Promise<void> {
  await bash('tree=$1; shift; chroot "$tree" systemctl -q enable "$@"', [tree, ...enabledUnits]);
  await bash('tree=$1; shift; for unit; do chroot "$tree" systemctl -q disable "$unit" || true; done', [tree, ...disabledUnits]);
  await bash('cd "$1/etc/systemd/system"; shift; for unit; do ln -sf /dev/null "$unit"; done', [tree, ...maskedUnits]);
  for (const overlay of overlays) {
    const options = `--owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w --mtime=@${installedAt()}`;
    await bash(`test ! -d "$1" || tar ${options} -C "$1" -cf - . | tar --no-overwrite-dir --keep-directory-symlink -C "$2" -xpf -`, [overlay, tree]);
  }
  await bash('cd "$1"; mkdir -p root/.ssh; chmod 700 root root/.ssh; install -m 600 "$2" root/.ssh/authorized_keys', [tree, publicKeyFile]);
  const machineId = (await bash('basename "$1" | md5sum | cut -c 1-32', [base])).trim();
  writeFileSync(join(tree, 'etc/machine-id'), `${machineId}\n`);
  await bash('cd "$1"; rm -f var/lib/dbus/machine-id etc/apt/sources.list.d/*; mkdir -p var/log/journal; touch etc/.updated var/.updated', [tree]);
  ageLogs(tree);
  for (const version of kernelVersions) {
    await buildLabcpu(base, version, join(tree, 'lib/modules', version, 'updates/labcpu.ko'));
    await command('chroot', [tree, 'depmod', version]);
  }
}

/** The releases of the kernels that are installed in a tree, as `uname -r` gives them; the newest last. */
export async function kernelVersionsIn(tree: string): Promise<string[]> {
  const printed = await bash('ls -v "$1"/lib/modules', [tree]);
  return printed.split('\n').filter((name) => name !== '');
}
