import type { Question, Suspect } from '../../../src/diagnose/plan/suspects.ts';
import type { Variable } from './bif.ts';

/** Parts of the printer troubleshooter win95pts whose second state is a fault; the other root variables are circumstances. */
export const faults = [
  'AppOK', 'DataFile', 'DskLocal', 'PrtSpool', 'PrtOn', 'PrtPaper', 'PrtDriver', 'PrtThread', 'DrvSet', 'DrvOK', 'PrtSel', 'PrtPath', 'NtwrkCnfg', 'PTROFFLINE', 'PrtCbl', 'PrtPort', 'CblPrtHrdwrOK', 'PrtMpTPth',
  'PrtMem', 'PrtTimeOut', 'FllCrrptdBffr', 'TnrSpply', 'PrtQueue',
] as const;
/** What the user complains of. */
export const complaints = ['Problem1', 'Problem2', 'Problem3', 'Problem4', 'Problem5', 'Problem6'] as const;
/** What a user can be asked: what is seen and has no effect on anything else, and the user's circumstances. */
export const questions = [
  'PrtFile', 'PrtIcon', 'PrtStatPaper', 'PrtStatToner', 'PrtStatMem', 'PrtStatOff', 'HrglssDrtnAftrPrnt', 'REPEAT', 'PSERRMEM', 'TstpsTxt', 'AvlblVrtlMmry', 'NetPrint', 'DSApplctn', 'PgOrnttnOK', 'PrntngArOK', 'ScrnFntNtPrntrFnt',
  'GrphcsRltdDrvrSttngs', 'EPSGrphc', 'PrtPScript', 'TrTypFnts', 'FntInstlltn', 'PrntrAccptsTrtyp',
] as const;
/** What can be tried: whether data get through the network, through the local port, and into the printer. */
export const tests = ['NetOK', 'LclOK', 'PC2PRT'] as const;

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

const observed: readonly string[] = [...complaints, ...questions, ...tests];

/** What was drawn for one fault, as far as it can be seen: a row a sample, a column for each of `observed`. */
type Drawn = readonly Uint8Array[];

/**
 * What is known after some answers: the tables of all that can still be seen, from those samples that fit the answers. They are of the joint distribution: what hangs together
 * is not counted twice.
 */
export class Knowledge {
  readonly questions: ReadonlyMap<string, Question>;
  readonly #drawn: readonly Drawn[];
  readonly #root: Knowledge;
  readonly #next = new Map<string, Knowledge>();

  constructor(drawn: readonly Drawn[], questionCost: number, root?: Knowledge) {
    this.#drawn = drawn;
    this.#root = root ?? this;
    this.questions = new Map(observed.map((id, column) => [id, { id, cost: questionCost, outcomes: this.#tableOf(id, column, root) }]));
  }

  /** Where few samples are left, the table before all answers counts as two more. */
  #tableOf(id: string, column: number, root: Knowledge | undefined): Question['outcomes'] {
    const second = faults.map((fault, index) => {
      const samples = this.#drawn[index] ?? [];
      const seen = samples.reduce((sum, sample) => sum + (sample[column] ?? 0), 0);
      const [before, weight] = root === undefined ? [0.5, 1] : [root.questions.get(id)?.outcomes['1']?.[fault] ?? 0.5, 2];
      return [fault, (seen + weight * before) / (samples.length + weight)] as const;
    });
    return { 0: Object.fromEntries(second.map(([fault, probability]) => [fault, 1 - probability])), 1: Object.fromEntries(second) };
  }

  after(id: string, answer: 0 | 1): Knowledge {
    const key = `${id} ${answer}`;
    const column = observed.indexOf(id);
    const known = this.#next.get(key) ?? new Knowledge(this.#drawn.map((samples) => samples.filter((sample) => sample[column] === answer)), this.questions.get(id)?.cost ?? 0, this.#root);
    this.#next.set(key, known);
    return known;
  }
}

export interface Troubleshooter {
  /** Single faults by their prior odds, each check at a cost of 1. */
  readonly suspects: readonly Suspect[];
  /** Before any answer. */
  readonly knowledge: Knowledge;
}

/** Prior odds and samples of each fault that a user would complain of. */
export function troubleshooterOf(network: readonly Variable[], samplesPerFault: number, questionCost: number, random: () => number): Troubleshooter {
  const byName = new Map(network.map((variable) => [variable.name, variable]));
  const weights: number[] = [];
  const drawn = faults.map((fault) => {
    const samples = Array.from({ length: samplesPerFault }, () => sampleWith(network, fault, random)).filter(isComplaint);
    const prior = byName.get(fault)?.secondState[0] ?? 0;
    weights.push(((prior / (1 - prior)) * samples.length) / samplesPerFault);
    return samples.map((sample) => Uint8Array.from(observed, (name) => sample.get(name) ?? 0));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { suspects: faults.map((id, index) => ({ id, probability: (weights[index] ?? 0) / sum, cost: 1 })), knowledge: new Knowledge(drawn, questionCost) };
}
