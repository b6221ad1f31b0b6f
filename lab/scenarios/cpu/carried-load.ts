import type { Host } from '../../define.ts';
import { startCopy, startGuests, writeThreadsPercent } from './guest-pool.ts';

const rounds = 6;
/** Some room below the 65 % from which a scenario says that the machine does not carry it. */
const carriedPercent = 52;

/**
 * Lets those who write to the pool think longer until the threads that encrypt have time left. How much a machine carries depends on how quick the one below it is just now, so it cannot be a fixed
 * number. The units are those of `startGuests` and `startCopy`, which run already.
 */
export async function lightenUntilCarried(host: Host, writers: 'guests' | 'copy', thinkSeconds: number): Promise<void> {
  const units = writers === 'guests' ? 'guest-100 guest-101 guest-102' : 'copy';
  let think = thinkSeconds;
  for (let round = 0; round < rounds; round += 1) {
    await host.wait(8);
    if ((await writeThreadsPercent(host)) <= carriedPercent) return;
    think *= 1.6;
    await host.run(`systemctl stop ${units}; systemctl reset-failed ${units} 2>/dev/null; :`, { timeoutSeconds: 120 });
    await (writers === 'guests' ? startGuests : startCopy)(host, { thinkSeconds: think });
  }
}
