import type { Host } from '../define.ts';

/**
 * Makes the machine one that has been up for so many days, for whoever logs in from now on: its ssh server runs in a time namespace
 * (time_namespaces(7)). What the kernel logged until now is as old as the boot then.
 */
export async function seemUpFor(host: Host, days: number): Promise<void> {
  await host.run(`systemctl stop ssh.service ssh.socket 2>/dev/null; mkdir -p /run/sshd
    systemd-run --quiet --unit=lab-ssh --property=KillMode=process unshare --time --boottime ${days * 86_400} --fork /usr/sbin/sshd -D`);
}

/** The uptime in seconds that the ssh server has. */
export async function seenUptimeSeconds(host: Host): Promise<number> {
  return Number(await host.run("nsenter --time --target $(pgrep -f '^sshd: .*listener' | tail -n 1) cut -d. -f1 /proc/uptime"));
}
