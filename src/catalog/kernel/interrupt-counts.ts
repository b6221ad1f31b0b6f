import type { Finding } from '../../define/experiment.ts';
import { countIn, words } from '../../lib/host-text.ts';

/** Events of the firmware come some times an hour; devices at work may raise a hundred thousand interrupts a second, so that a number alone says nothing of them. */
const stormPerSecond = 1_000;
/** Share of the last 100,000 interrupts of a line that no driver took for its own. The kernel switches a line off at 99.9 %. */
const unansweredShare = 0.5;
const fewestCounted = 1_000;

/**
 * POSIX sh. `count_interrupts <word>` prints for each line of a device, and each event of the firmware that ever came: the word, the uptime in ms, its name, its count on all processors, and its
 * devices. `tell_unanswered` prints for each line what /proc/irq/<line>/spurious says: how many of the last 100,000 there were so far, and how many of them were nobody's (kernel/irq/spurious.c).
 */
export const interruptLines = `count_interrupts() {
  uptime=$(experiment_ms)
  awk -v word="$1" -v uptime="$uptime" 'NR == 1 { cpus = NF; next }
    $1 ~ /^[0-9]+:$/ && ++printed <= 1000 {
      sum = 0; last = 1
      for (i = 2; i <= NF && i <= cpus + 1 && $i ~ /^[0-9]+$/; i++) { sum += $i; last = i }
      if (sum == 0) next
      text = ""; for (i = last + 1; i <= NF; i++) text = text " " $i
      printf "%s %s %d %.0f%s\\n", word, uptime, $1, sum, substr(text, 1, 80)
    }' /proc/interrupts 2>/dev/null
  for file in /sys/firmware/acpi/interrupts/gpe[0-9]*; do
    { read -r sum rest <"$file"; } 2>/dev/null || continue
    [ "$sum" = 0 ] || echo "$1 $uptime \${file##*/} $sum firmware"
  done
}
tell_unanswered() {
  awk 'FNR == 1 { split(FILENAME, parts, "/"); line = parts[4] } $1 == "count" { count = $2 } $1 == "unhandled" && $2 > 0 && ++printed <= 100 { print "unanswered", line, count, $2 }' /proc/irq/[0-9]*/spurious /dev/null 2>/dev/null
}`;

interface Rate {
  readonly name: string;
  readonly device: string;
  readonly perSecond: number;
}

function countsOf(rows: readonly string[], word: string): Map<string, { readonly uptimeMs: number; readonly count: number; readonly device: string }> {
  return new Map(
    rows.filter((row) => row.startsWith(`${word} `)).flatMap((row) => {
      const [, uptime, name = '', count, ...device] = words(row.slice(0, 200));
      const [uptimeMs, total] = [uptime, count].map(countIn);
      return uptimeMs === undefined || total === undefined || !/^(\d{1,6}|gpe[0-9A-F]{2,4})$/.test(name) ? [] : [[name, { uptimeMs, count: total, device: device.join(' ') }] as const];
    }),
  );
}

/** The most frequent first. */
function ratesOf(rows: readonly string[]): Rate[] {
  const [before, after] = [countsOf(rows, 'from'), countsOf(rows, 'to')];
  return [...after].map(([name, { uptimeMs, count, device }]) => {
    const earlier = before.get(name);
    const milliseconds = earlier === undefined ? 0 : uptimeMs - earlier.uptimeMs;
    // Less than this is too short for a rate.
    return { name, device, perSecond: milliseconds < 500 ? 0 : (1_000 * Math.max(0, count - (earlier?.count ?? 0))) / milliseconds };
  }).toSorted((a, b) => b.perSecond - a.perSecond);
}

const told = ({ name, device, perSecond }: Rate): string => `${device === 'firmware' ? `event ${name} of the firmware` : `interrupt ${name} (${device})`} came ${Math.round(perSecond)} times a second`;

/** The busiest line as a sentence with a blank before it; empty where none is known. */
export function stormText(rows: readonly string[]): string {
  const busiest = ratesOf(rows).find(({ perSecond }) => perSecond >= 1);
  return busiest === undefined ? '' : ` Meanwhile ${told(busiest)}, the most of all.`;
}

/** An event of the firmware in masses, or a line in masses that mostly nobody answers to. */
export function stormFinding(rows: readonly string[]): Finding[] {
  const unanswered = new Set(
    rows.flatMap((row) => {
      const [word, name = '', count, nobodys] = words(row.slice(0, 100));
      const [all = 0, lost = 0] = [count, nobodys].map(countIn);
      return word === 'unanswered' && all >= fewestCounted && lost >= unansweredShare * all ? [name] : [];
    }),
  );
  const storm = ratesOf(rows).filter(({ perSecond }) => perSecond >= stormPerSecond).find(({ name, device }) => device === 'firmware' || unanswered.has(name));
  if (storm === undefined) return [];
  return [{ object: 'host', outcome: 'an interrupt storms', says: `The ${told(storm)}${storm.device === 'firmware' ? '' : ', and no driver took most of them for its own'}.` }];
}
