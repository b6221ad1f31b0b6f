import type { Host } from '../define.ts';

/** What Proxmox VE's status daemon, which the machine does not have, writes every ten seconds; without it a host that is up for long looks ill. */
const reports = `while [ -d /etc/pve/priv ]; do
  now=$(date +%s); node=$(uname -n); read -r up _ </proc/uptime
  printf 'pve2-node/%s:%s::%s:0.10:2:0.02:0.01:1600000000:500000000:0:0:3000000000:1400000000:0:0\\npve2-storage/%s/local:%s:3000000000:1400000000\\n' "$node" "\${up%.*}" "$now" "$node" "$now" >/etc/pve/.rrd
  sleep 10
done`;

/**
 * Makes the machine one that has been up for so many days, for whoever logs in from now on: its ssh server runs in a time namespace
 * (time_namespaces(7)). What the kernel logged until now is as old as the boot then.
 */
export async function seemUpFor(host: Host, days: number): Promise<void> {
  await host.start('status-reports', reports);
  await host.run(`systemctl stop ssh.service ssh.socket 2>/dev/null; mkdir -p /run/sshd
    systemd-run --quiet --unit=lab-ssh --property=KillMode=process unshare --time --boottime ${days * 86_400} --fork /usr/sbin/sshd -D`);
}

/** The uptime in seconds that the ssh server has. */
export async function seenUptimeSeconds(host: Host): Promise<number> {
  return Number(await host.run("nsenter --time --target $(pgrep -f '^sshd: .*listener' | tail -n 1) cut -d. -f1 /proc/uptime"));
}
