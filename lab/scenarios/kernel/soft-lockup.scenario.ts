import { defineScenario, type Host } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

/** Sends a packet there, and prints how many milliseconds that took. */
const send = (address: string): string =>
  `taskset -c 1 python3 -c 'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a = time.monotonic(); s.sendto(b"x", ("${address}", 9)); print(int((time.monotonic() - a) * 1000))'`;

/**
 * Rules of a packet filter that call each other: each chain calls the next one twenty times, so that a packet passes millions of rules.
 * The last chain is made so long that one packet takes the time that is asked for, by the quickest of some packets: one that had to wait would make it too short.
 */
async function makeEndlessRules(host: Host, seconds: number): Promise<void> {
  const chains = [1, 2, 3, 4, 5, 6].map((level) => `:level${level} - [0:0]`).join('\n');
  const rules = [2, 3, 4, 5].flatMap((level) => Array.from({ length: 20 }, () => `-A level${level} -j level${level - 1}`));
  const last = Array.from({ length: 20 }, (_, index) => `-A level1 -s 203.0.113.${index + 1}/32 -j DROP`);
  await host.run(
    `iptables-legacy-restore <<'RULES'
*filter
${chains}
${[...last, ...rules].join('\n')}
-A OUTPUT -d 127.0.0.5/32 -j level5
-A OUTPUT -d 127.0.0.6/32 -j level6
COMMIT
RULES
    one=$(for i in 1 2 3 4; do ${send('127.0.0.5')}; done | sort -n | head -n 1); [ $one -ge 20 ] || one=20
    for i in $(seq $(( ${seconds} * 1000 / one + 1 ))); do echo "-A level6 -j level5"; done | { echo '*filter'; cat; echo COMMIT; } | iptables-legacy-restore --noflush`,
    { timeoutSeconds: 180 },
  );
}

export default defineScenario<{ readonly seconds: number; readonly pauseSeconds: number }>({
  name: 'soft-lockup',
  subject: 'kernel',
  kind: 'fault',
  why: 'One processor runs a single piece of kernel code for half a minute and more, and all that waits for it stands still: here rules of a packet filter that call each other so often that one packet takes that long. The watchdog reports a soft lockup. No cause behind it has a name, so the lockup itself leads; no disk, no guest and no kernel version is to blame.',
  weight: 'light',
  variants: { 'once': { seconds: 40, pauseSeconds: 900 }, 'again-and-again': { seconds: 50, pauseSeconds: 20 } },
  zfs: false,
  inject: async (host, { seconds, pauseSeconds }) => {
    await expectNoPool(host);
    await host.run('echo 1 >/proc/sys/kernel/watchdog; echo 10 >/proc/sys/kernel/watchdog_thresh');
    await makeEndlessRules(host, seconds);
    await host.start('sender', `while :; do ${send('127.0.0.6')}; sleep ${pauseSeconds}; done`);
    await host.wait(seconds + 15);
  },
  settleSeconds: 5,
  check: async (host) => {
    const reports = Number(await host.run("dmesg | grep -c 'BUG: soft lockup' || true"));
    return reports > 0 ? undefined : 'the watchdog reported nothing';
  },
  truth: { first: ['soft-lockup'], allowed: ['cpu-saturated', 'hung-tasks'], symptoms: ['errors-logged'], never: ['kernel-regression', 'kernel-oops', 'disk-slow', 'iowait-meter-wrong'] },
});
