import type { Host } from '../define.ts';

const folderOf = (guest: string): string => `/sys/fs/cgroup/${guest.startsWith('qemu/') ? `qemu.slice/${guest.slice(5)}.scope` : guest}`;

interface Seen {
  /** Share of all processors that the hog takes. */
  readonly hogPercent: number;
  /** Share of time in which some task of the victim waits for a processor. */
  readonly victimWaits: number;
}

const victim = 'qemu/100';
const leastHog = 55;
const leastWait = 25;
const measureSeconds = 15;

/** How the two stand over some seconds, read from their control groups. */
async function measure(host: Host, hog: string): Promise<Seen> {
  const text = await host.run(
    `usage() { awk '$1 == "usage_usec" { print $2 }' ${folderOf(hog)}/cpu.stat; }
waits() { sed -n 's/^some .*total=//p' ${folderOf(victim)}/cpu.pressure; }
u=$(usage); w=$(waits); t=$(date +%s%N); sleep ${measureSeconds}; echo $(($(usage) - u)) $(($(waits) - w)) $((($(date +%s%N) - t) / 1000)) $(nproc)`,
    { timeoutSeconds: 120 },
  );
  const [used = 0, waited = 0, microseconds = 1, processors = 1] = text.trim().split(' ').map(Number);
  return { hogPercent: (100 * used) / microseconds / processors, victimWaits: (100 * waited) / microseconds };
}

/**
 * One guest that takes all processors it can get, and another that wants little and gets it late. How much the other may want before it takes a large share itself depends on the machine's speed, and is
 * tried. The kernel shares evenly between groups that want more than their share: a victim that wants much is a hog as well.
 */
export async function hogAndVictim(host: Host, { guest, workers }: { readonly guest: string; readonly workers: number }): Promise<void> {
  await host.start('hog', `exec stress-ng --cpu ${workers} --cpu-method int64 -t 3000 -q`, { guest });
  const tried: string[] = [];
  for (const [attempt, [helpers, bytes]] of ([[2, 10_000], [3, 20_000], [4, 40_000], [4, 80_000], [6, 150_000], [8, 300_000]] as const).entries()) {
    const unit = `victim${attempt}`;
    await host.start(unit, `work() { while :; do head -c ${bytes} /dev/urandom | gzip -1 >/dev/null; sleep 0.4; done; }; for i in $(seq ${helpers}); do work & done; wait`, { guest: victim });
    await host.wait(5);
    const { hogPercent, victimWaits } = await measure(host, guest);
    if (hogPercent >= leastHog && victimWaits >= leastWait) return;
    tried.push(`${helpers} × ${bytes / 1000} kB: hog ${hogPercent.toFixed(0)} %, other waits ${victimWaits.toFixed(0)} %`);
    if (hogPercent < leastHog) break;
    await host.run(`systemctl stop ${unit}`, { mayFail: true, timeoutSeconds: 60 });
  }
  throw new Error(`No guest was found that wants little and waits much: ${tried.join('; ')}`);
}

/** Whether the hog still is one. */
export async function hogIsThere(host: Host, guest: string): Promise<string | undefined> {
  const { hogPercent, victimWaits } = await measure(host, guest);
  if (hogPercent < 50) return `${guest} takes only ${hogPercent.toFixed(0)} % of the processors`;
  return victimWaits < 20 ? `the other guest waits only ${victimWaits.toFixed(0)} % of the time` : undefined;
}
