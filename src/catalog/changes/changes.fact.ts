import { ledgerSchema, type Change, type Ledger } from '../../define/change.ts';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { bootChanges } from './boot-changes.ts';
import { marked, wrongClocks } from './boot-clock.ts';
import boots from './boots.probe.ts';
import configuredSettings from './configured-settings.probe.ts';
import editedFiles from './edited-files.probe.ts';
import { fileChanges } from './file-changes.ts';
import { hardwareChanges } from './hardware-changes.ts';
import logins from './logins.probe.ts';
import { packageChanges } from './package-changes.ts';
import packageLog from './package-log.probe.ts';
import { poolChanges } from './pool-changes.ts';
import poolHistory from './pool-history.probe.ts';
import serviceStarts from './service-starts.probe.ts';
import taskHistory from './task-history.probe.ts';
import { settingChanges, waitingFiles } from './setting-changes.ts';
import { failureChanges, loginChanges, serviceChanges, taskChanges } from './task-changes.ts';
import timeZone from './time-zone.probe.ts';
import { changeExamples } from './changes.samples.ts';

const mostChanges = 500;
/** Older ones are of no use: what began so long ago is no longer new. */
const longestMs = 120 * 86_400_000;
/** So far ahead of the host's clock nothing can lie. */
const futureMs = 300_000;

/** The same told twice within a minute is one change. */
const repeatMs = 60_000;

function withoutRepeats(changes: readonly Change[]): Change[] {
  const last = new Map<string, number>();
  return changes.filter(({ says, atMs }) => {
    const before = last.get(says);
    last.set(says, atMs);
    return before === undefined || atMs - before > repeatMs;
  });
}

/** The ledger: all that became different on the host, back-dated, from what it remembers. */
export default defineFact({
  id: 'changes',
  title: 'What changed on the host',
  needs: {
    boots,
    zone: optional(timeZone),
    packages: optional(packageLog),
    tasks: optional(taskHistory),
    pools: optional(poolHistory),
    services: optional(serviceStarts),
    files: optional(editedFiles),
    settings: optional(configuredSettings),
    people: optional(logins),
    log: optional(kernelLog),
  },
  schema: ledgerSchema,
  derive: ({ boots: known, zone, packages, tasks, pools, services, files, settings, people, log }): Ledger => {
    const nowMs = known.nowSeconds * 1_000;
    const local = { name: zone?.name, offsetMinutes: zone?.offsetMinutes ?? 0 };
    const ofPackages = packages === undefined ? [] : packageChanges(packages, local);
    const ofServices = services === undefined ? [] : serviceChanges(services);
    const waiting = settings === undefined ? new Set<string>() : waitingFiles(settings);
    // Dated by the clock on the wall as it was at the time, unlike what counts from the boot.
    const byWallClock = [
      ...ofPackages,
      ...(tasks === undefined ? [] : taskChanges(tasks)),
      ...(pools === undefined ? [] : poolChanges(pools, local)),
      ...(services === undefined ? [] : failureChanges(services, ofServices)),
      ...(files === undefined ? [] : fileChanges(files, ofPackages.map(({ atMs }) => atMs)).filter(({ what }) => !waiting.has(what))),
      ...(people === undefined ? [] : loginChanges(people)),
    ];
    const wrong = wrongClocks(known);
    const all: Change[] = [
      ...byWallClock.map((change) => marked(change, wrong)),
      ...bootChanges(known, local),
      ...ofServices,
      ...(settings === undefined ? [] : settingChanges(settings)),
      ...(log === undefined ? [] : hardwareChanges(log, nowMs - known.uptimeSeconds * 1_000)),
    ];
    const fromFuture = all.filter(({ atMs }) => atMs > nowMs + futureMs).length;
    const inTime = withoutRepeats(all.filter(({ atMs }) => atMs <= nowMs + futureMs && atMs >= nowMs - longestMs).toSorted((a, b) => a.atMs - b.atMs));
    const gaps = [
      ...(inTime.length > mostChanges ? [`Of ${inTime.length} changes only the last ${mostChanges} are listed.`] : []),
      ...(packages?.truncated === true ? ['The log of packages was not read to its beginning.'] : []),
      ...(packages?.cut === undefined || packages.cut.length === 0 ? [] : [`Of the logs of packages these were read in part: ${packages.cut.join(', ')}.`]),
      ...(known.cut === undefined || known.cut.length === 0 ? [] : ['Not all earlier boots were read: the time was over.']),
      ...(fromFuture > 0 ? [`${fromFuture === 1 ? 'One change is' : `${fromFuture} changes are`} left out, since the host dates ${fromFuture === 1 ? 'it' : 'them'} in the future.`] : []),
      ...(tasks?.truncated === true ? ['The list of Proxmox VE’s tasks was not read to its beginning.'] : []),
      ...(files?.truncated === true ? ['Not all edited files are listed.'] : []),
      ...(pools?.pools.filter(({ truncated }) => truncated).map(({ pool }) => `The history of ${pool} was not read to its beginning.`) ?? []),
      ...(zone === undefined && packages !== undefined ? ['The time zone is not known: times of packages and pools may be hours off.'] : []),
    ];
    return { changes: inTime.slice(-mostChanges), gaps, nowMs };
  },
  examples: changeExamples,
});
