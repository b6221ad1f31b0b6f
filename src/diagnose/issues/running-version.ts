import type { KnownIssue, VersionRange } from '../../define/known-issue.ts';
import type { RunningVersions } from '../../define/versions.ts';
import { compareDebianVersions } from '../../lib/debian-version.ts';
import { upstreamVersion, zfsUpstreamVersion } from '../../lib/kernel-version.ts';

/** Whether the versions that run are among those that an issue affects, with the reason as a sentence. */
export type Eligibility =
  | { readonly eligible: true; readonly because: string }
  | { readonly eligible: false; readonly because: string }
  | { readonly cannotTell: string };

/** One thing that runs, in the numbering of one range. */
interface Candidate {
  readonly name: string;
  readonly version: string;
}

/** The part of `version` that is as precise as `bound`: `8.1.5` against `8.1.5-2` cannot be ordered. */
function isTooVague(version: string, bound: string): boolean {
  return bound.includes('-') && !version.includes('-') && version === upstreamVersion(bound);
}

function inRange(version: string, range: VersionRange): boolean | 'vague' {
  const bounds = [range.from, range.fixed, range.last].filter((bound) => bound !== undefined);
  if (bounds.some((bound) => isTooVague(version, bound))) return 'vague';
  if (range.from !== undefined && compareDebianVersions(version, range.from) < 0) return false;
  if (range.fixed !== undefined && compareDebianVersions(version, range.fixed) >= 0) return false;
  return range.last === undefined || compareDebianVersions(version, range.last) <= 0;
}

function kernelCandidates(range: VersionRange, { kernel }: RunningVersions): readonly Candidate[] | string {
  if (range.flavour !== 'any' && range.flavour !== 'upstream' && range.flavour !== kernel.flavour) return [];
  const version = range.flavour === 'upstream' ? upstreamVersion(kernel.version) : kernel.version;
  if (version === '') return `the exact version of the running kernel ${kernel.release} is not known`;
  return [{ name: 'kernel', version }];
}

function zfsCandidates({ zfs }: RunningVersions): readonly Candidate[] | string {
  if (!zfs) return [];
  const version = zfsUpstreamVersion(zfs.module);
  return version === '' ? 'the version of the loaded ZFS module is not understood' : [{ name: 'ZFS', version }];
}

/** Proxmox numbers its QEMU packages itself, so its ranges hold only where its kernel runs. */
function qemuCandidates(range: VersionRange, { qemu, kernel }: RunningVersions): readonly Candidate[] | string {
  if (range.flavour === 'proxmox' && kernel.flavour !== 'proxmox') return [];
  if (qemu.length === 0) return 'the QEMU version of no running guest is known';
  return qemu.map(({ guest, version }) => ({
    name: `QEMU of ${guest}`,
    version: range.flavour === 'upstream' ? upstreamVersion(version) : version,
  }));
}

function candidatesOf(range: VersionRange, versions: RunningVersions): readonly Candidate[] | string {
  if (range.component === 'kernel') return kernelCandidates(range, versions);
  if (range.component === 'zfs') return zfsCandidates(versions);
  return qemuCandidates(range, versions);
}

const componentNames = { kernel: 'the running kernel', zfs: 'the loaded ZFS', qemu: 'the QEMU of every running guest' } as const;

function describe(range: VersionRange): string {
  const parts = [
    range.from && `since ${range.from}`,
    range.last && `up to ${range.last}`,
    range.fixed && `fixed in ${range.fixed}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'all versions';
}

/** Where an issue has ranges in the numbering of the running kernel itself, those of upstream say nothing more. */
function applicable(ranges: readonly VersionRange[], { kernel }: RunningVersions): readonly VersionRange[] {
  const own = ranges.filter((range) => range.flavour === kernel.flavour);
  return own.length > 0 ? own : ranges;
}

function eligibleComponent(component: VersionRange['component'], ranges: readonly VersionRange[], versions: RunningVersions): Eligibility {
  const doubts: string[] = [];
  for (const range of component === 'kernel' ? applicable(ranges, versions) : ranges) {
    const candidates = candidatesOf(range, versions);
    if (typeof candidates === 'string') {
      doubts.push(candidates);
      continue;
    }
    for (const { name, version } of candidates) {
      const within = inRange(version, range);
      if (within === true) return { eligible: true, because: `${name} ${version} runs, which is affected (${describe(range)})` };
      if (within === 'vague') doubts.push(`${name} ${version} is known without its package revision`);
    }
  }
  if (doubts[0] !== undefined) return { cannotTell: doubts[0] };
  if (component === 'zfs' && !versions.zfs) return { eligible: false, because: 'ZFS is not loaded' };
  return { eligible: false, because: `${componentNames[component]} is outside of the affected versions` };
}

/**
 * Compares what runs with an issue's ranges: any range of a component may hold, and each component named must be within one.
 * `versions` undefined: they could not be read.
 */
export function eligible(issue: Pick<KnownIssue, 'affected'>, versions: RunningVersions | undefined): Eligibility {
  if (issue.affected.length === 0) return { eligible: true, because: 'it is not bound to a version' };
  if (!versions) return { cannotTell: 'the running versions could not be read' };
  const components = [...new Set(issue.affected.map((range) => range.component))];
  const results = components.map((component) =>
    eligibleComponent(component, issue.affected.filter((range) => range.component === component), versions),
  );
  const refused = results.find((result) => 'eligible' in result && !result.eligible);
  const doubt = results.find((result) => 'cannotTell' in result);
  if (refused ?? doubt) return (refused ?? doubt) as Eligibility;
  const reasons = results.map((result) => ('because' in result ? result.because : ''));
  return { eligible: true, because: reasons.join('; ') };
}
