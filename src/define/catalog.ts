import type { ComparisonKnowledge } from './comparison.ts';
import type { Experiment } from './experiment.ts';
import type { Fact } from './fact.ts';
import type { Figure } from './figure.ts';
import type { Hypothesis } from './hypothesis.ts';
import type { KnownIssue } from './known-issue.ts';
import type { Mitigation } from './mitigation.ts';
import type { AnyProbe } from './probe.ts';
import type { HostIdentity } from './report.ts';
import type { SymptomId } from './ids.ts';
import type { Source } from './source.ts';
import type { Symptom } from './symptom.ts';
import type { Ledger } from './change.ts';
import type { Onset } from './onset.ts';
import type { RunningVersions } from './versions.ts';

/** What a change of these symptoms comes from, as an object and as a sentence. */
export interface Attributed {
  readonly object: string;
  readonly symptoms: readonly SymptomId[];
  readonly says: string;
}

/** All that is known, handed to the engines. */
export interface Catalog {
  readonly probes: readonly AnyProbe[];
  // oxlint-disable-next-line no-explicit-any -- facts of any value
  readonly facts: readonly Fact<any>[];
  readonly symptoms: readonly Symptom[];
  readonly hypotheses: readonly Hypothesis[];
  readonly issues: readonly KnownIssue[];
  readonly experiments: readonly Experiment[];
  readonly mitigations: readonly Mitigation[];
  readonly figures: readonly Figure[];
  /** The source of the report's `host`. */
  readonly hostIdentity: Source<HostIdentity>;
  /** The source of the versions that known issues are compared with. */
  readonly runningVersions: Source<RunningVersions>;
  /** The source of what changed on the host. */
  readonly changes?: Source<Ledger>;
  /** The source of when the trouble began. */
  readonly onset?: Source<Onset>;
  /** The source of which activity goes with the symptom, as a sentence. */
  readonly activityPattern?: Source<{ readonly says: string }>;
  /** The source of where the change comes from, along what waits for what. */
  readonly attribution?: Source<Attributed>;
  /** How two states of a host are compared; without it, none are. */
  readonly comparison?: ComparisonKnowledge;
}
