import type { Host } from '../../define.ts';
import { startGuests, type GuestLoad } from './guest-pool.ts';

const guests = ['guest-100', 'guest-101', 'guest-102'];
const rounds = 9;
/** What an admin would call slow, with some room above the 10 % from which mails go out. */
const hurts = { waitPercent: 16, heldUpPercent: 40 };
/** Processors without time left wait for nothing, and nothing can be measured beside them. */
const mostBusyPercent = 85;
/** Far enough below the 10 s from which nobody should add writes of an experiment. */
const longestSyncSeconds = 7;

export interface Strain {
  /** Per cent of the processors' time that was spent waiting for I/O. */
  readonly waitPercent: number;
  /** Per cent of the time in which some task was held up by I/O (/proc/pressure/io). */
  readonly heldUpPercent: number;
  /** Per cent of the processors' time in which they worked. */
  readonly busyPercent: number;
  /** Longest time that one of the last transaction groups took to be written. */
  readonly syncSeconds: number;
}

export type Load = 'too little' | 'right' | 'too much';

export function judgeLoad({ waitPercent, heldUpPercent, busyPercent, syncSeconds }: Strain): Load {
  if (syncSeconds > longestSyncSeconds || busyPercent > mostBusyPercent) return 'too much';
  return waitPercent >= hurts.waitPercent || heldUpPercent >= hurts.heldUpPercent ? 'right' : 'too little';
}

/** Measures for some seconds what the guests' load does to the machine. */
export async function strainOf(host: Host, seconds = 10): Promise<Strain> {
  const text = await host.run(
    `look() { awk '$1 == "cpu" { print $6, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $5 }' /proc/stat; sed -n 's/^some.*total=//p' /proc/pressure/io; cut -d ' ' -f 1 /proc/uptime; }
    { look; sleep ${seconds}; look; } | tr '\\n' ' '
    awk '$3 == "C" && $12 + 0 > most { most = $12 } $3 == "S" && $12 + 0 > most { most = $12 } END { print most / 1e9 }' <(tail -n 4 /proc/spl/kstat/zfs/tank/txgs)`,
    { timeoutSeconds: 60 },
  );
  const [wait = 0, all = 0, idle = 0, held = 0, at = 0, waitLater = 0, allLater = 0, idleLater = 0, heldLater = 0, later = 0, syncSeconds = 0] = text.trim().split(/\s+/).map(Number);
  const whole = Math.max(1, allLater - all);
  return {
    waitPercent: ((waitLater - wait) / whole) * 100,
    busyPercent: ((whole - (waitLater - wait) - (idleLater - idle)) / whole) * 100,
    heldUpPercent: (heldLater - held) / 1e6 / Math.max(1, later - at) * 100,
    syncSeconds,
  };
}

/**
 * Lets the guests think shorter or longer until their writing hurts, and the pool still gets a transaction group written in time. How much that is depends on how
 * quick the machine below is just now, so it cannot be a fixed number.
 */
export async function startLoadThatHurts(host: Host, { share, thinkSeconds = 1.5 }: GuestLoad): Promise<void> {
  let think = thinkSeconds;
  const seen: string[] = [];
  await startGuests(host, { share, thinkSeconds: think });
  for (let round = 0; round < rounds; round += 1) {
    await host.wait(8);
    const strain = await strainOf(host);
    const load = judgeLoad(strain);
    if (load === 'right') return;
    seen.push(`${think.toFixed(2)} s: ${load} (${strain.waitPercent.toFixed(0)} %, ${strain.heldUpPercent.toFixed(0)} %, busy ${strain.busyPercent.toFixed(0)} %, ${strain.syncSeconds.toFixed(1)} s)`);
    think *= load === 'too little' ? 0.7 : 1.25;
    await host.run(`systemctl stop ${guests.join(' ')}; systemctl reset-failed ${guests.join(' ')} 2>/dev/null; :`, { timeoutSeconds: 120 });
    await startGuests(host, { share, thinkSeconds: think });
  }
  throw new Error(`No load was found that hurts and lets the pool write: ${seen.join('; ')}`);
}
