import type { Change } from '../../define/change.ts';
import { logTimeMs, type LocalZone } from '../../lib/local-time.ts';
import { bootClocks, clockChanges } from './boot-clock.ts';
import { deviceChanges } from './boot-devices.ts';
import type { Boots } from './boots.probe.ts';

interface Boot {
  readonly atMs: number;
  readonly precisionMs: number;
  readonly kernel?: string | undefined;
  readonly commandLine?: string | undefined;
  readonly microcode?: string | undefined;
  readonly firmware?: string | undefined;
  readonly devices?: Boots['journal'][number]['devices'] | undefined;
  readonly devicesCut?: boolean | undefined;
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

/** From log files: each with the latest year in which it does not lie after the one that follows. */
function fromLogs({ logs = [], nowSeconds }: Boots, zone: LocalZone): Boot[] {
  let notAfterMs = nowSeconds * 1_000;
  return logs.toReversed().flatMap(({ at, ...ran }): Boot[] => {
    const atMs = logTimeMs(at, zone, notAfterMs);
    if (atMs === undefined) return [];
    notAfterMs = Math.min(notAfterMs, atMs);
    return [{ ...ran, atMs, precisionMs: sameBootMs }];
  });
}

/** Boots in the order of time, the running one last: by its uptime, the others by journal, log files and wtmp, in this order where several tell of the same. */
function bootsOf(boots: Boots, zone: LocalZone): Boot[] {
  const { nowSeconds, uptimeSeconds, runningKernel, journal, wtmp } = boots;
  const runningAtMs = (nowSeconds - uptimeSeconds) * 1_000;
  const own = journal.find(({ index }) => index === 0);
  const inLogs = fromLogs(boots, zone);
  const startOf = new Map(bootClocks(boots).map(({ index, startMs }) => [index, startMs]));
  const earlier: Boot[] = journal
    .filter(({ index }) => index < 0)
    .map(({ index, firstSeconds = 0, lastSeconds, ...rest }) => ({ ...rest, atMs: startOf.get(index) ?? firstSeconds * 1_000, precisionMs: 1_000, endedMs: lastSeconds === undefined ? undefined : lastSeconds * 1_000 }));
  const ownInLogs = inLogs.find(({ atMs }) => Math.abs(atMs - runningAtMs) < sameBootMs);
  const running: Boot = { ...(own ?? ownInLogs), atMs: runningAtMs, precisionMs: 1_000, kernel: runningKernel };
  // The clock of the time may have been wrong, so both what it said and what it should have said tell that it is the same boot.
  const told = [...[...earlier, running].map(({ atMs }) => atMs), ...journal.map(({ firstSeconds = 0 }) => firstSeconds * 1_000)];
  const unlisted = (list: readonly Boot[]): Boot[] => {
    const fresh = list.filter(({ atMs }) => atMs < runningAtMs - sameBootMs && !told.some((one) => Math.abs(one - atMs) < sameBootMs));
    told.push(...fresh.map(({ atMs }) => atMs));
    return fresh;
  };
  const fromFiles = unlisted(inLogs);
  const fromWtmp = unlisted(
    wtmp
      .filter(({ kind }) => kind === 'boot')
      .map(({ at, kernel }): Boot => ({ atMs: Date.parse(at), precisionMs: sameBootMs / 3, kernel }))
      .filter(({ atMs }) => Number.isFinite(atMs)),
  );
  return [...fromWtmp, ...fromFiles, ...earlier].toSorted((a, b) => a.atMs - b.atMs).concat(running);
}

/** The boots' part of the ledger: each boot, and what was different in it. A new kernel counts from the boot into it, not from its installation. */
export function bootChanges(boots: Boots, zone: LocalZone): Change[] {
  const list = bootsOf(boots, zone);
  const ofBoots = list.flatMap((boot, index): Change[] => {
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
    if (before !== undefined) changes.push(...deviceChanges(before, boot).map((change) => ({ ...base, ...change })));
    return changes;
  });
  return [...ofBoots, ...clockChanges(boots)];
}
