import type { Catalog } from '../define/catalog.ts';
import type { AlarmKind } from '../define/alarm-kind.ts';
import { alarms, experiments, facts, figures, hypotheses, mitigations, probes, symptoms } from './catalog.generated.ts';
import { comparison } from './compared/index.ts';
import { issues } from './issues.generated.ts';
import activityPattern from './changes/activity-pattern.fact.ts';
import attribution from './changes/attribution.fact.ts';
import changes from './changes/changes.fact.ts';
import onset from './changes/onset.fact.ts';
import hostIdentity from './kernel/host-identity.fact.ts';
import runningVersions from './kernel/versions.fact.ts';

/** All that this version knows. */
export const catalog: Catalog = {
  probes,
  facts,
  symptoms,
  hypotheses,
  issues,
  experiments,
  mitigations,
  figures,
  hostIdentity,
  runningVersions,
  changes,
  onset,
  activityPattern,
  attribution,
  comparison,
};

/** The kinds of alarm that the surveillance raises. */
export const alarmKinds: readonly AlarmKind[] = alarms;
