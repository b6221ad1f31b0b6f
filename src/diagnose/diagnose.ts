import { leftBehindNote, type Case } from '../define/case.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Report } from '../define/report.ts';
import { describeCauses } from './causes.ts';
import { suspiciousOf, timelineOf } from './changes.ts';
import { experimentsOf, stepsOf, triedAt } from './experiments.ts';
import { drawFigures } from './figures.ts';
import { objectNames } from './objects.ts';
import { listNotRead } from './not-read.ts';
import { judgeOthers } from './others.ts';
import { giveVerdict } from './verdict.ts';
import { weighCase } from './weigh-case.ts';
import { withWaysOut } from './ways-out.ts';

/** From a case to its report. Pure: the same case and catalogue give the same report. */
export function diagnose(catalog: Catalog, aCase: Case): Report {
  const { readings, symptoms, issues, beliefs, changes } = weighCase(catalog, aCase);
  const host = readings.read(catalog.hostIdentity);
  const identity: Report['host'] = host.status === 'ok' ? host.value : {};
  const baseline = catalog.comparison && readings.read(catalog.comparison.fromBaseline);
  const pattern = catalog.activityPattern && readings.read(catalog.activityPattern);
  const attribution = catalog.attribution && readings.read(catalog.attribution);
  const named = objectNames(identity.hostname);
  const causes = describeCauses(beliefs, symptoms.seen, issues).map((cause) => ({ ...cause, objects: cause.objects.map(named) }));
  const others = judgeOthers(beliefs, causes, issues);
  const seen = symptoms.seen.map((symptom) => ({ ...symptom, object: named(symptom.object) }));
  const hostProbes = new Set(catalog.probes.filter((probe) => probe.vantage === 'host').map((probe) => probe.id));
  const asked = new Set(aCase.outputs.map((output) => output.probe).filter((id) => hostProbes.has(id)));
  const answered = new Set(aCase.outputs.filter((output) => output.ended === 'done' && hostProbes.has(output.probe)).map((output) => output.probe)).size;
  return {
    schemaVersion: 1,
    id: `${aCase.startedAt.replaceAll(/[-:]|\.\d+/g, '')}-${(identity.hostname ?? aCase.target).replaceAll(/[^A-Za-z0-9.-]+/g, '-').slice(0, 63)}`,
    culpritVersion: aCase.culpritVersion,
    target: aCase.target,
    startedAt: aCase.startedAt,
    durationMs: aCase.durationMs,
    host: identity,
    verdict: giveVerdict({ causes, beliefs, seen, others, complete: aCase.complete, answered, connection: aCase.connection.says }),
    causes: withWaysOut(causes, readings),
    alsoNoticed: others.alsoNoticed.map((notice) => ({ ...notice, objects: notice.objects.map(named) })),
    ruledOut: others.ruledOut,
    unknown: others.unknown,
    symptoms: seen,
    ...(pattern?.status === 'ok' && seen.length > 0 && { activityPattern: pattern.value.says }),
    ...(attribution?.status === 'ok' && seen.some(({ id }) => attribution.value.symptoms.includes(id)) && { attribution: { object: named(attribution.value.object), says: attribution.value.says } }),
    timeline: timelineOf(changes, { host: named('host'), experiments: triedAt(catalog, aCase) }),
    changes: suspiciousOf(changes),
    ...(baseline?.status === 'ok' && { baseline: baseline.value }),
    experiments: experimentsOf(catalog, readings, aCase),
    steps: stepsOf(catalog, aCase, `Asked the host ${asked.size} questions and got ${answered} answers`),
    notRead: listNotRead(catalog, readings, answered),
    leftBehind: aCase.outputs.flatMap((output) => {
      if (output.note.startsWith(leftBehindNote)) return [`${titleOf(catalog, output.probe)}: ${output.note.slice(leftBehindNote.length)}`];
      return output.ended === 'stuck' ? [`${titleOf(catalog, output.probe)}: ${output.note || output.probe}`] : [];
    }),
    figures: drawFigures(catalog.figures, readings),
  };
}

function titleOf(catalog: Catalog, probeId: string): string {
  return [...catalog.probes, ...catalog.experiments].find((source) => source.id === probeId)?.title ?? probeId;
}
