import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';
import { eater } from './eater.ts';

/** What an administrator did in the last hours, all of it harmless: other settings, and packages of small tools. */
const changes: Readonly<Record<string, string>> = {
  settings: `printf 'net.ipv4.ip_forward=1\\nnet.core.somaxconn=4096\\nvm.max_map_count=262144\\n' >/etc/sysctl.d/90-tuning.conf; sysctl -q --system
    sed -i 's/^/# /; 1i # changed' /etc/motd; touch /etc/network/interfaces /etc/pve/storage.cfg`,
  packages: `at=$(( $(date +%s) - 2400 )); for p in curl rsync strace; do v=$(dpkg-query -W -f '\${Version}' $p); s=$(date -d @$at '+%F %T')
      printf '%s startup archives unpack\\n%s upgrade %s:amd64 %s-0 %s\\n%s status installed %s:amd64 %s\\n' "$s" "$s" $p "$v" "$v" "$s" $p "$v"; done >>/var/log/dpkg.log
    printf '\\nStart-Date: %s\\nCommandline: apt-get upgrade\\nUpgrade: curl:amd64 (1, 2), rsync:amd64 (1, 2), strace:amd64 (1, 2)\\nEnd-Date: %s\\n' "$(date -d @$at '+%F  %T')" "$(date -d @$((at + 40)) '+%F  %T')" >>/var/log/apt/history.log`,
};

export default defineScenario<{ readonly change: string; readonly mibPerSecond: number }>({
  name: 'out-of-memory-after-changes',
  subject: 'memory',
  kind: 'double',
  why: 'A real fault and loud, innocent changes: an hour ago somebody changed settings of network and kernel, or updated some tools, and now VMs die. But they die because a VM grows until the host has no memory left. That memory ran out is right; neither a setting nor a package is to blame.',
  weight: 'light',
  variants: { 'settings-changed': { change: 'settings', mibPerSecond: 120 }, 'tools-updated': { change: 'packages', mibPerSecond: 80 } },
  zfs: false,
  inject: async (host, { change, mibPerSecond }) => {
    await expectNoPool(host);
    await host.run(changes[change]!);
    await host.start('guest100', `echo -600 >/proc/self/oom_score_adj; ${eater(600, { touches: 10 })}`, { guest: 'qemu/100' });
    await host.start('guest103', `while :; do lab-guest qemu/103 -- bash -c '${eater(3000, { mibPerSecond, touches: 10 }).replaceAll("'", `'"'"'`)}'; sleep 3; done`);
    await host.run("for i in $(seq 60); do dmesg | grep -q 'Out of memory: Killed' && exit; sleep 2; done; exit 1", { timeoutSeconds: 180 });
  },
  settleSeconds: 3,
  check: async (host) => ((await host.run("dmesg | grep -c 'Out of memory: Killed'", { mayFail: true })).trim() !== '0' ? undefined : 'nothing was killed'),
  truth: {
    first: ['oom-kills', 'memory-exhausted'],
    allowed: ['oom-kills', 'memory-exhausted', 'cpu-saturated'],
    never: ['kernel-regression', 'guest-memory-limit', 'swap-thrashing', 'disk-slow'],
  },
});
