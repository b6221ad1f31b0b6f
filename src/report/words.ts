import type { Cause, Report, SourceRef, SymptomSeen } from '../define/report.ts';
import type { FailureReason } from '../define/result.ts';

type Verdict = Report['verdict'];

export const statusWords: Readonly<Record<Verdict['status'], string>> = {
  healthy: 'Healthy',
  identified: 'Cause identified',
  suspected: 'Cause suspected',
  inconclusive: 'Inconclusive',
  unreachable: 'Unreachable',
};

export const urgencyWords: Readonly<Record<Verdict['urgency'], string>> = {
  now: 'Act now',
  today: 'Act today',
  window: 'At the next maintenance window',
  none: 'None',
};

export function dataAtRiskWords(dataAtRisk: Verdict['dataAtRisk']): string {
  if (dataAtRisk === 'unknown') return 'Not known';
  return dataAtRisk ? 'Yes' : 'No';
}

/** What not to do, to stand behind the words "Do not". */
export function prohibitions(doNot: readonly string[]): string[] {
  return doNot.map((text) => text.replace(/^do not /i, ''));
}

export const provenWords: Readonly<Record<Cause['proven'], string>> = {
  lab: 'reproduced in a test machine',
  case: 'seen on a real host',
  documentation: 'documented',
  examples: 'by examples only',
};

const reasonWords: Readonly<Record<FailureReason, string>> = {
  'not-permitted': 'not permitted',
  'not-installed': 'not installed',
  'timed-out': 'no answer in time',
  'too-large': 'answer too large',
  'unparsable': 'answer not understood',
  'connection-lost': 'connection lost',
};

/** Why something could not be read: "not permitted (smartctl needs root)". */
export function failureWords(reason: FailureReason, detail: string): string {
  const words = reasonWords[reason];
  if (detail === '') return words;
  return detail.includes(words) ? detail : `${words} (${detail})`;
}

const vantageWords = { host: '', client: ', seen from the asking machine', peer: ', seen from a neighbour' } as const;

/** Where a piece of evidence comes from: "probe disk-rates". */
export function sourceWords(source: SourceRef): string {
  return `${source.kind.replace('-', ' ')} ${source.id}${vantageWords[source.vantage]}`;
}

/** A probability as users read it. It never says 0 % or 100 %, which evidence cannot give. */
export function percent(probability: number): string {
  if (probability > 0.995) return '> 99 %';
  if (probability < 0.005) return '< 1 %';
  return `${Math.round(probability * 100)} %`;
}

/** A weight of evidence in natural log-odds with its sign. */
export function weight(logOdds: number): string {
  const rounded = Math.abs(logOdds) < 0.05 ? '0.0' : logOdds.toFixed(1);
  return logOdds >= 0.05 ? `+${rounded}` : rounded;
}

/** A number with at most three significant digits behind the whole part: 31.2, 640, 0.06. */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  return String(Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3)));
}

export function withUnit(value: number, unit: string): string {
  return unit === '' ? plainNumber(value) : `${plainNumber(value)} ${unit}`;
}

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return seconds < 1 ? `${Math.round(milliseconds)} ms` : `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function uptime(seconds: number): string {
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} hours` : `${Math.floor(seconds / 86_400)} days`;
}

/** "2023-09-21 02:14 UTC" from an ISO time. */
export function clockTime(isoTime: string): string {
  return `${isoTime.slice(0, 10)} ${isoTime.slice(11, 16)}${isoTime.endsWith('Z') ? ' UTC' : ''}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** How the host is called: its own name if it gave one. */
export function hostName(report: Report): string {
  return report.host.hostname || report.target;
}

/** What the host is, in parts: system, kernel, ZFS, CPU, memory, uptime. */
export function hostParts({ host }: Report): string[] {
  return [
    host.proxmox ? `Proxmox VE ${host.proxmox}` : host.operatingSystem,
    host.kernel && `kernel ${host.kernel}`,
    host.zfs && `ZFS ${host.zfs}`,
    host.cpuModel && host.cpuCount ? `${host.cpuCount} × ${host.cpuModel}` : host.cpuCount && count(host.cpuCount, 'CPU'),
    host.memoryBytes && `${plainNumber(host.memoryBytes / 2 ** 30)} GiB of memory`,
    host.uptimeSeconds && `up ${uptime(host.uptimeSeconds)}`,
  ].filter((part) => typeof part === 'string' && part !== '') as string[];
}

/** From the cause over its mechanisms to what is felt. */
export function chain(cause: Cause): string[] {
  const seen = cause.explains.join(', ');
  return [cause.id, ...cause.mechanisms, seen].filter((link) => link !== '');
}

/** "31.2 % of at most 10 %", or nothing where nothing was measured. */
export function measured({ value, limit, unit = '' }: SymptomSeen): string {
  if (value === undefined) return '';
  return limit === undefined ? withUnit(value, unit) : `${withUnit(value, unit)}, limit ${withUnit(limit, unit)}`;
}
