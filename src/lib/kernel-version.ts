/** Whose numbering a kernel follows, and its version in the form that `compareDebianVersions` orders. */
export interface KernelVersion {
  readonly flavour: 'proxmox' | 'debian' | 'ubuntu' | 'other';
  /** Empty where the texts do not tell it. */
  readonly version: string;
}

const longestText = 300;

/** `6.8.12-4-pve` → `6.8.12-4`, `6.2.16-11-bpo11-pve` → `6.2.16-11~bpo11`. */
function proxmoxVersion(release: string, build: string): string {
  const ofRelease = release.replace(/-pve$/, '').replace(/-bpo/, '~bpo');
  const ofPackage = /\b(?:PVE|PMX) (\d[\w.+~-]{0,60})/.exec(build)?.[1];
  return ofPackage && upstreamVersion(ofPackage) === upstreamVersion(ofRelease) ? ofPackage : ofRelease;
}

/**
 * Tells flavour and version of the running kernel from `uname -r` and `uname -v`. Proxmox and Debian name the exact
 * package version in `uname -v`; the number in `uname -r` is that of the ABI and stays behind it in some series.
 */
export function kernelVersionOf(unameRelease: string, unameVersion: string): KernelVersion {
  const release = unameRelease.trim().slice(0, longestText);
  const build = unameVersion.trim().slice(0, longestText);
  if (release.endsWith('-pve')) return { flavour: 'proxmox', version: proxmoxVersion(release, build) };
  const debian = /\bDebian (\d[\w.+~-]{0,60})/.exec(build)?.[1];
  if (debian) return { flavour: 'debian', version: debian };
  if (/-(?:amd64|arm64)$/.test(release)) return { flavour: 'debian', version: '' };
  if (build.includes('-Ubuntu ')) return { flavour: 'ubuntu', version: /^[\d.]{1,30}-\d{1,9}/.exec(release)?.[0] ?? '' };
  return { flavour: 'other', version: release };
}

/** The leading `x.y.z` of any version text, without epoch: `1:7.2+dfsg-7` → `7.2`. Empty where it has none. */
export function upstreamVersion(version: string): string {
  return /^(?:\d{1,9}:)?(\d{1,9}(?:\.\d{1,9}){0,5})/.exec(version.trim())?.[1] ?? '';
}

/** An OpenZFS version without what a distribution added: `2.1.11-1+deb12u1` → `2.1.11`; candidates sort before their release. */
export function zfsUpstreamVersion(version: string): string {
  const candidate = /^[\d.]{1,30}-(rc\d{1,3})\b/.exec(version.trim())?.[1];
  const upstream = upstreamVersion(version);
  return candidate ? `${upstream}~${candidate}` : upstream;
}
