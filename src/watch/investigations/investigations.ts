import type { Alarm } from '../../define/alarm.ts';
import { ownHost } from '../../define/own-alarm.ts';
import type { SymptomId } from '../../define/ids.ts';
import type { Topology } from '../../define/topology.ts';
import type { CaseEntry } from '../../store/knowledge.ts';
import type { HostSettings } from '../settings.ts';
import { hostsToLookAt } from './choose-hosts.ts';
import { bestFinding, noExplanation, type Finding } from './explain.ts';

export interface InvestigationsOptions {
  readonly hosts: readonly HostSettings[];
  readonly topology: () => Topology;
  readonly atOnce: number;
  readonly nowMs: () => number;
  readonly symptomOf: (alarmKind: string) => SymptomId | undefined;
  readonly look: (host: HostSettings, symptoms: readonly SymptomId[], signal: AbortSignal) => Promise<Finding & { readonly saved?: CaseEntry }>;
  readonly onStarted: (incidentId: string) => void;
  readonly onExplained: (incidentId: string, finding: Finding, cases: readonly CaseEntry[]) => void;
  readonly onError: (error: unknown) => void;
}

interface Wanted {
  readonly incidentId: string;
  readonly alarms: readonly Alarm[];
}

/** Looks into incidents, so many at a time, in the order in which they were asked for; one that waits and is asked for again is looked into once. */
export class Investigations {
  readonly #options: InvestigationsOptions;
  readonly #stopping = new AbortController();
  readonly #waiting = new Map<string, Wanted>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: InvestigationsOptions) {
    this.#options = options;
  }

  /** Incidents that wait for a look, and those that are looked into. */
  get counts(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#waiting.size, running: this.#running.size };
  }

  request(incidentId: string, alarms: readonly Alarm[]): void {
    if (this.#stopping.signal.aborted) return;
    this.#waiting.set(incidentId, { incidentId, alarms });
    this.#startNext();
  }

  /** Breaks off what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #startNext(): void {
    for (const [id, wanted] of this.#waiting) {
      if (this.#running.size >= this.#options.atOnce) return;
      if (this.#running.has(id)) continue;
      this.#waiting.delete(id);
      const running = this.#run(wanted)
        .catch((error: unknown) => this.#options.onError(error))
        .finally(() => {
          this.#running.delete(id);
          if (!this.#stopping.signal.aborted) this.#startNext();
        });
      this.#running.set(id, running);
    }
  }

  async #run({ incidentId, alarms }: Wanted): Promise<void> {
    const { hosts, topology, nowMs, symptomOf, look, onStarted, onExplained } = this.#options;
    const open = new Map(hosts.filter(({ investigate }) => investigate).map((host) => [host.name, host]));
    const names = hostsToLookAt(alarms, topology(), new Set(open.keys()));
    onStarted(incidentId);
    const findings: Finding[] = [];
    const cases: CaseEntry[] = [];
    for (const name of names) {
      const symptoms = alarms.flatMap(({ host, kind, resolvedAtMs }) => (host === name && resolvedAtMs === undefined ? (symptomOf(kind) ?? []) : []));
      const finding = await look(open.get(name)!, [...new Set(symptoms)], this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      findings.push(finding);
      if (finding.saved !== undefined) cases.push({ ...finding.saved, incidentId });
      // What names a cause is not made better by a look at the next.
      if (finding.explanation.status === 'identified') break;
    }
    const host = alarms[0]?.host ?? '';
    const own = alarms.length > 0 && alarms.every((one) => one.host === ownHost);
    const why = own ? `This is trouble of Culprit itself, which it can see without a look: ${alarms[0]!.says}` : `None of the hosts is one that Culprit may look at: ${[...new Set(alarms.map((one) => one.host))].slice(0, 5).join(', ')}.`;
    const nothing: Finding = { explanation: noExplanation(host, nowMs(), why) };
    onExplained(incidentId, bestFinding(findings) ?? nothing, cases);
  }
}
