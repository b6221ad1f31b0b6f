import type { Change } from '../../define/change.ts';
import type { Boots } from './boots.probe.ts';

interface Boot {
  readonly atMs: number;
  readonly precisionMs: number;
  readonly kernel?: string | undefined;
  readonly commandLine?: string | undefined;
  readonly microcode?: string | undefined;
  readonly firmware?: string | undefined;
  /** When its log was last written. */
  readonly endedMs?: number | undefined;
}

/** The journal and wtmp tell the same boot with some seconds between. */
const sameBootMs = 180_000;

/** Parameters without what names the image: that changes with every kernel. */
const settings = (commandLine: string): string[] => commandLine.split(' ').filter((word) => word !== '' && !/^(BOOT_IMAGE|initrd)=/.test(word));

function commandLineChange(before: string, after: string): string | undefined {
  const [old, now] = [settings(before), settings(after)];
  const [gone, came] = [old.filter((word) => !now.includes(word)), now.filter((word) => !old.includes(word))];
  if (gone.length + came.length === 0) return undefined;
  return `the kernel was booted ${[came.length > 0 ? `with ${came.join(' ')}` : '', gone.length > 0 ? `without ${gone.join(' ')}` : ''].filter(Boolean).join(' and ')}, unlike before`;
}

/** Boots in the order of time, the running one last: by its uptime, the others by journal and wtmp. */
function bootsOf({ nowSeconds, uptimeSeconds, runningKernel, journal, wtmp }: Boots): Boot[] {
  const runningAtMs = (nowSeconds - uptimeSeconds) * 1_000;
  const own = journal.find(({ index }) => index === 0);
  const running: Boot = { atMs: runningAtMs, precisionMs: 1_000, kernel: runningKernel, commandLine: own?.commandLine, microcode: own?.microcode, firmware: own?.firmware };
  const earlier: Boot[] = journal
    .filter(({ index }) => index < 0)
    .map(({ firstSeconds = 0, lastSeconds, ...rest }) => ({ ...rest, atMs: firstSeconds * 1_000, precisionMs: 1_000, endedMs: lastSeconds === undefined ? undefined : lastSeconds * 1_000 }));
  const known = [...earlier, running];
  const fromWtmp = wtmp
    .filter(({ kind }) => kind === 'boot')
    .map(({ at, kernel }): Boot => ({ atMs: Date.parse(at), precisionMs: 60_000, kernel }))
    .filter(({ atMs }) => Number.isFinite(atMs) && atMs < runningAtMs - sameBootMs && !known.some((one) => Math.abs(one.atMs - atMs) < sameBootMs));
  return [...fromWtmp, ...earlier].toSorted((a, b) => a.atMs - b.atMs).concat(running);
}

/** The boots' part of the ledger: each boot, and what was different in it. A new kernel counts from the boot into it, not from its installation. */
export function bootChanges(boots: Boots): Change[] {
  const list = bootsOf(boots);
  return list.flatMap((boot, index): Change[] => {
    const before = list[index - 1];
    const { atMs, precisionMs, kernel, commandLine, microcode, firmware } = boot;
    const clockUncertain = before?.endedMs !== undefined && atMs < before.endedMs;
    const base = { atMs, precisionMs, source: 'boots', ...(clockUncertain && { clockUncertain }) } as const;
    const isNew = kernel !== undefined && before?.kernel !== undefined && kernel !== before.kernel;
    const says = isNew ? `the host booted into Linux ${kernel}; before it ran ${before.kernel}` : `the host booted${kernel === undefined ? '' : ` Linux ${kernel}${before?.kernel === kernel ? ', as before' : ''}`}`;
    const changes: Change[] = [{ ...base, kind: 'boot', what: 'kernel', ...(isNew && { from: before.kernel }), ...(kernel !== undefined && { to: kernel }), components: isNew ? ['kernel', 'zfs'] : [], says }];
    const parameters = commandLine === undefined || before?.commandLine === undefined ? undefined : commandLineChange(before.commandLine, commandLine);
    if (parameters !== undefined) changes.push({ ...base, kind: 'boot-settings', what: 'kernel command line', components: ['kernel-settings'], says: parameters });
    for (const [what, from, to] of [['microcode', before?.microcode, microcode], ['firmware', before?.firmware, firmware]] as const) {
      if (from !== undefined && to !== undefined && from !== to) changes.push({ ...base, kind: 'firmware', what, from, to, components: [what], says: `the ${what} was ${to} from this boot on; before it was ${from}` });
    }
    return changes;
  });
}
