import type { Explanation } from '../../define/incident.ts';
import type { Report } from '../../define/report.ts';

/** What was found on one host. */
export interface Finding {
  readonly explanation: Explanation;
  /** Undefined where the look itself failed. */
  readonly report?: Report;
}

/** What an incident keeps of a report. */
export function explanationOf(report: Report, host: string, atMs: number, caseName: string): Explanation {
  return {
    atMs,
    host,
    status: report.verdict.status,
    summary: report.verdict.summary,
    causes: report.causes.slice(0, 10).map(({ id, title, probability, objects }) => ({ id, title, probability, objects: objects.slice(0, 20) })),
    caseName,
  };
}

/** That a look came to nothing, and why. */
export const noExplanation = (host: string, atMs: number, summary: string): Explanation => ({ atMs, host, status: 'inconclusive', summary, causes: [], caseName: '' });

const order: readonly Explanation['status'][] = ['identified', 'suspected', 'unreachable', 'inconclusive', 'healthy'];

/** Of several hosts that were looked at, the one that tells most; the first of equals. */
export function bestFinding(findings: readonly Finding[]): Finding | undefined {
  const rank = ({ explanation: { status } }: Finding): number => order.indexOf(status);
  return findings.reduce<Finding | undefined>((best, one) => (best === undefined || rank(one) < rank(best) ? one : best), undefined);
}
