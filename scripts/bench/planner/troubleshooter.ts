import type { Question, Suspect } from '../../../src/diagnose/plan/suspects.ts';
import type { Variable } from './bif.ts';

/** Parts of the printer troubleshooter win95pts whose second state is a fault; the other root variables are circumstances. */
export const faults = [
  'AppOK', 'DataFile', 'DskLocal', 'PrtSpool', 'PrtOn', 'PrtPaper', 'PrtDriver', 'PrtThread', 'DrvSet', 'DrvOK', 'PrtSel', 'PrtPath', 'NtwrkCnfg', 'PTROFFLINE', 'PrtCbl', 'PrtPort', 'CblPrtHrdwrOK', 'PrtMpTPth',
  'PrtMem', 'PrtTimeOut', 'FllCrrptdBffr', 'TnrSpply', 'PrtQueue',
] as const;
/** What the user complains of. */
export const complaints = ['Problem1', 'Problem2', 'Problem3', 'Problem4', 'Problem5', 'Problem6'] as const;
/** What can be looked at or asked: observations that have no effect on anything else but what is seen, and the user's circumstances. */
export const observations = [
  'PrtFile', 'PrtIcon', 'PrtStatPaper', 'PrtStatToner', 'PrtStatMem', 'PrtStatOff', 'HrglssDrtnAftrPrnt', 'REPEAT', 'PSERRMEM', 'TstpsTxt', 'AvlblVrtlMmry', 'NetPrint', 'DSApplctn', 'PgOrnttnOK', 'PrntngArOK', 'ScrnFntNtPrntrFnt',
  'GrphcsRltdDrvrSttngs', 'EPSGrphc', 'PrtPScript', 'TrTypFnts', 'FntInstlltn', 'PrntrAccptsTrtyp',
] as const;

export type Sample = ReadonlyMap<string, 0 | 1>;

/** One state of the network with this fault and no other. */
export function sampleWith(network: readonly Variable[], fault: string, random: () => number): Sample {
  const sample = new Map<string, 0 | 1>();
  for (const { name, parents, secondState } of network) {
    if ((faults as readonly string[]).includes(name)) sample.set(name, name === fault ? 1 : 0);
    else sample.set(name, random() < (secondState[parents.reduce((index, parent) => index * 2 + (sample.get(parent) ?? 0), 0)] ?? 0) ? 1 : 0);
  }
  return sample;
}

export const isComplaint = (sample: Sample): boolean => complaints.some((name) => sample.get(name) === 1);

export interface Troubleshooter {
  /** Single faults by their prior odds, each check at a cost of 1. */
  readonly suspects: readonly Suspect[];
  /** For each complaint and observation, its table for each fault. */
  readonly questions: ReadonlyMap<string, Question>;
}

/** Tables of the observations, each for itself, from samples of each fault that a user would complain of. */
export function troubleshooterOf(network: readonly Variable[], samplesPerFault: number, questionCost: number, random: () => number): Troubleshooter {
  const byName = new Map(network.map((variable) => [variable.name, variable]));
  const counts = new Map<string, Map<string, number>>([...complaints, ...observations].map((name) => [name, new Map()]));
  const weights = new Map<string, number>();
  for (const fault of faults) {
    let complained = 0;
    for (let drawn = 0; drawn < samplesPerFault; drawn++) {
      const sample = sampleWith(network, fault, random);
      if (!isComplaint(sample)) continue;
      complained += 1;
      for (const [name, count] of counts) count.set(fault, (count.get(fault) ?? 0) + (sample.get(name) ?? 0));
    }
    const prior = byName.get(fault)?.secondState[0] ?? 0;
    weights.set(fault, ((prior / (1 - prior)) * complained) / samplesPerFault);
    for (const count of counts.values()) count.set(fault, ((count.get(fault) ?? 0) + 0.5) / (complained + 1));
  }
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  return {
    suspects: faults.map((id) => ({ id, probability: (weights.get(id) ?? 0) / sum, cost: 1 })),
    questions: new Map([...counts].map(([id, second]) => [id, { id, cost: questionCost, outcomes: { 0: Object.fromEntries([...second].map(([fault, probability]) => [fault, 1 - probability])), 1: Object.fromEntries(second) } }])),
  };
}
