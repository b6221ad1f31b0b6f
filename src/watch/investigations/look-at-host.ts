import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { saveCase } from '../../collect/case-file.ts';
import { parseTarget } from '../../collect/target.ts';
import type { Catalog } from '../../define/catalog.ts';
import { UserError } from '../../define/errors.ts';
import type { OthersSeen } from '../../define/reachability.ts';
import type { History } from '../../define/history.ts';
import type { SymptomId } from '../../define/ids.ts';
import { askHistory, noHistory } from '../../investigate/history.ts';
import { investigate } from '../../investigate/investigate.ts';
import { lookFromOutside } from '../../investigate/look-from-outside.ts';
import type { CaseEntry } from '../../store/knowledge.ts';
import type { HostSettings, WatchSettings } from '../settings.ts';
import type { WatchClock } from '../sources/clock.ts';
import { explanationOf, noExplanation, type Finding } from './explain.ts';

export interface LookOptions {
  readonly catalog: Catalog;
  readonly settings: Pick<WatchSettings, 'investigations'>;
  readonly clock: WatchClock;
  readonly culpritVersion: string;
  /** Where cases are kept. */
  readonly casesFolder: string;
  /** What is known of a silent host from watching others. */
  readonly othersOf?: (host: string) => OthersSeen | undefined;
  /** What was measured of a host before, and its label `instance` there. */
  readonly historyOf: (host: HostSettings, signal: AbortSignal) => Promise<{ readonly history: History; readonly instance: string } | undefined>;
}

const riskOf = { 'read-only': 'read-only', safe: 'writes-temporary' } as const;
/** Time for experiments of one investigation. */
const budgetSeconds = 120;

/** `pve1-20261123T203311Z-a1b2.tgz` */
export const caseNameOf = (host: string, atMs: number): string => `${host}-${new Date(atMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${randomBytes(2).toString('hex')}.tgz`;

/** Investigates one host and keeps the case. Never throws: what goes wrong is told as a look that came to nothing. */
export async function lookAtHost(host: HostSettings, symptoms: readonly SymptomId[], options: LookOptions, stopping: AbortSignal): Promise<Finding & { readonly saved?: CaseEntry }> {
  const { clock, settings: { investigations }, casesFolder } = options;
  const startedMs = clock.nowMs();
  const failed = (why: string): Finding => ({ explanation: noExplanation(host.name, startedMs, why) });
  if (host.target === undefined) return failed(`${host.name} could not be looked at: its settings name no target, that is, no way to get a shell there.`);
  const timeout = AbortSignal.timeout(investigations.timeoutSeconds * 1_000);
  const signal = AbortSignal.any([stopping, timeout]);
  try {
    const target = parseTarget(host.target === 'local' ? undefined : host.target, { sshOptions: [...host.sshOptions], sudo: host.sudo });
    const ofProcess = { now: () => new Date(clock.nowMs()), monotonicMs: () => clock.monotonicMs() };
    const { case: aCase, report } = await investigate(options.catalog, target, {
      givenSymptoms: symptoms,
      culpritVersion: options.culpritVersion,
      windowSeconds: investigations.windowSeconds,
      signal,
      clock: ofProcess,
      ...(host.experiments === 'none' ? {} : { experiments: { risk: riskOf[host.experiments], budgetSeconds } }),
      askHistory: () => historyAnswer(host, startedMs, options, signal),
      ...(target.kind === 'ssh' ? { lookFromOutside: (unanswered) => lookFromOutside(unanswered, target, ofProcess, options.othersOf?.(host.name)) } : {}),
    });
    if (signal.aborted) return failed(timeout.aborted ? `The look at ${host.name} took more than ${investigations.timeoutSeconds} s and was broken off.` : `The look at ${host.name} was broken off, since Culprit was ended.`);
    const name = caseNameOf(host.name, startedMs);
    const path = join(casesFolder, name);
    await saveCase(aCase, path, report);
    const saved: CaseEntry = { name, host: host.name, startedAtMs: startedMs, sizeBytes: statSync(path).size, status: report.verdict.status, summary: report.verdict.summary };
    return { explanation: explanationOf(report, host.name, clock.nowMs(), name), report, saved };
  } catch (error) {
    return failed(`${host.name} could not be looked at: ${error instanceof UserError ? error.message : 'an error in Culprit itself, which its log has'}`);
  }
}

async function historyAnswer(host: HostSettings, nowMs: number, { historyOf }: LookOptions, signal: AbortSignal): ReturnType<typeof askHistory> {
  try {
    const found = await historyOf(host, signal);
    return found === undefined ? noHistory('no history of this host is kept') : await askHistory(found.history, found.instance, nowMs, signal);
  } catch (error) {
    return noHistory(error instanceof UserError ? error.message : 'the history could not be read');
  }
}
