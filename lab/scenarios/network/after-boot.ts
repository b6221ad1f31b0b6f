import type { Host } from '../../define.ts';

const bootSeconds = 310;

/** Links come and go while a host boots: what is to count as an event of everyday life must be later than that. */
export async function waitUntilBootIsOver(host: Host): Promise<void> {
  await host.wait(Math.max(0, bootSeconds - Number(await host.run('cut -d. -f1 /proc/uptime'))));
}
