import { ledgerSchema, type Change, type Ledger } from '../../define/change.ts';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { bootChanges } from './boot-changes.ts';
import boots from './boots.probe.ts';
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
import { loginChanges, serviceChanges, taskChanges } from './task-changes.ts';
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
    people: optional(logins),
    log: optional(kernelLog),
  },
  schema: ledgerSchema,
  derive: ({ boots: known, zone, packages, tasks, pools, services, files, people, log }): Ledger => {
    const nowMs = known.nowSeconds * 1_000;
    const local = { name: zone?.name, offsetMinutes: zone?.offsetMinutes ?? 0 };
    const ofPackages = packages === undefined ? [] : packageChanges(packages, local);
    const all: Change[] = [
      ...ofPackages,
      ...bootChanges(known),
      ...(tasks === undefined ? [] : taskChanges(tasks)),
      ...(pools === undefined ? [] : poolChanges(pools, local)),
      ...(services === undefined ? [] : serviceChanges(services)),
      ...(files === undefined ? [] : fileChanges(files, ofPackages.map(({ atMs }) => atMs))),
      ...(people === undefined ? [] : loginChanges(people)),
      ...(log === undefined ? [] : hardwareChanges(log, nowMs - known.uptimeSeconds * 1_000)),
    ];
    const inTime = withoutRepeats(all.filter(({ atMs }) => atMs <= nowMs + futureMs && atMs >= nowMs - longestMs).toSorted((a, b) => a.atMs - b.atMs));
    const gaps = [
      ...(inTime.length > mostChanges ? [`Of ${inTime.length} changes only the last ${mostChanges} are listed.`] : []),
      ...(packages?.truncated === true ? ['The log of packages was not read to its beginning.'] : []),
      ...(tasks?.truncated === true ? ['The list of Proxmox VE’s tasks was not read to its beginning.'] : []),
      ...(files?.truncated === true ? ['Not all edited files are listed.'] : []),
      ...(pools?.pools.filter(({ truncated }) => truncated).map(({ pool }) => `The history of ${pool} was not read to its beginning.`) ?? []),
      ...(zone === undefined && packages !== undefined ? ['The time zone is not known: times of packages and pools may be hours off.'] : []),
    ];
    return { changes: inTime.slice(-mostChanges), gaps, nowMs };
  },
  examples: changeExamples,
});
