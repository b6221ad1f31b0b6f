import { tooNoisy, type Finding } from '../../define/experiment.ts';
import { shareInterval } from '../../lib/share-interval.ts';
import type { Lookup, Path, Ways } from './network-paths-text.ts';

/** In a local network hardly anything is lost; from one per cent on TCP slows down (M. Mathis et al., CCR 27(3), 1997). */
const lossyFromShare = 0.01;
const fewestLost = 3;
/** Fewer packets than these were lost, or nothing can be said: 40 that all arrive say at most 9 %. */
const wellBelowShare = 0.1;
/** A SYN that is lost is sent again after a second (RFC 6298). */
const lateMs = 900;
const fewestLate = 2;
/** Above it the host itself is so busy that late connections say nothing of the network. */
const quickMs = 450;
/** A resolver waits five seconds for a name server (resolv.conf(5)); a busy host may need one for itself. */
const slowNameMs = 2_000;
/** From this on a "not found" is a silence. */
const silentNameMs = 4_000;

export const kindsOfTargets = { gateway: 'the gateway', storage: 'the storage server', member: 'the cluster member', nameserver: 'the name server' } as const;

const titleOf = ({ kind, name }: Path): string => `${kindsOfTargets[kind]} ${name}`;
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** Small packets and those of sizes that pass. */
function countsOf({ small, large }: Path): { readonly sent: number; readonly lost: number } {
  const all = [small, ...large].filter((pings) => pings !== undefined).filter(({ received }) => received > 0);
  const sent = all.reduce((sum, pings) => sum + pings.sent, 0);
  return { sent, lost: sent - all.reduce((sum, pings) => sum + pings.received, 0) };
}

const answersPing = ({ small }: Path): boolean => (small?.received ?? 0) > 0;
/** Farther away than a neighbour's network, losses may be anybody's. */
const isNear = (path: Path): boolean => path.direct || path.kind === 'storage' || path.kind === 'member';

function isLossy(path: Path): boolean {
  const { sent, lost } = countsOf(path);
  return lost >= fewestLost && shareInterval(lost, sent).low >= lossyFromShare;
}

const answered = ({ tcp }: Path): boolean => tcp?.tries.some(({ outcome }) => outcome !== 'none') ?? false;

function connectsLate(path: Path): boolean {
  const tries = path.tcp?.tries ?? [];
  const middle = tries.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)[Math.floor(tries.length / 2)] ?? 0;
  return answered(path) && middle < quickMs && tries.filter(({ outcome, milliseconds }) => milliseconds >= lateMs || outcome === 'none').length >= fewestLate;
}

/** Small ones are answered, and of the interface's full size none, and nobody says why. A large packet that this host or a router refuses is told to every sender. */
function vanished(path: Path): (Path['large'][number]) | undefined {
  return answersPing(path) && (path.small?.received ?? 0) >= 20 ? path.large.find(({ size, received, refused, sent }) => size === path.mtu && sent >= 5 && received === 0 && refused === undefined) : undefined;
}

function textOfPath(path: Path): string {
  const { sent, lost } = countsOf(path);
  if (path.address === undefined) return `${titleOf(path)}: its name was not found`;
  const { low, high } = shareInterval(lost, sent);
  const loss = sent === 0 ? 'no ping answered' : `${lost} of ${sent} packets lost (95 % between ${percent(low)} and ${percent(high)})`;
  const time = path.small?.averageMs === undefined ? '' : `, ${path.small.averageMs} ms on average, ${path.small.mostMs ?? path.small.averageMs} ms at most`;
  const full = path.large.find(({ size }) => size === path.mtu);
  const gone = vanished(path) === undefined ? (full?.refused === undefined ? '' : `, only ${full.limitBytes ?? 'fewer'} bytes instead of ${path.mtu} pass, which senders are told`) : `, packets of ${path.mtu} bytes vanish${path.passesBytes === undefined ? '' : `, of ${path.passesBytes} pass`}`;
  const tries = path.tcp?.tries ?? [];
  const late = tries.filter(({ outcome, milliseconds }) => milliseconds >= lateMs || outcome === 'none').length;
  const tcp = tries.length === 0 ? '' : answered(path) ? (late === 0 ? `, ${tries.length} connections answered within ${Math.max(...tries.map(({ milliseconds }) => milliseconds))} ms` : `, ${late} of ${tries.length} connections late or unanswered`) : `, no answer on port ${path.tcp?.port ?? 0}`;
  return `${titleOf(path)}: ${loss}${time}${gone}${tcp}`;
}

const sentence = (paths: readonly Path[]): string => {
  const text = paths.slice(0, 6).map(textOfPath).join('; ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
};

function ofPackets(paths: readonly Path[]): Finding[] {
  const near = paths.filter((path) => isNear(path) && answersPing(path));
  const lossy = near.filter(isLossy);
  const cut = near.filter((path) => vanished(path) !== undefined);
  const findings: Finding[] = [];
  if (lossy.length > 0) {
    // A router may answer pings sparingly; an ordinary machine, a second one or TCP bear it out.
    const sure = lossy.length > 1 || lossy.some((path) => path.kind !== 'gateway' && path.kind !== 'nameserver') || lossy.some(connectsLate);
    findings.push({ object: 'host', outcome: sure ? 'packets are lost' : 'only pings to a router are lost', says: sentence(lossy) });
  }
  if (cut.length > 0) findings.push({ object: 'host', outcome: 'large packets do not pass', says: sentence(cut) });
  if (findings.length > 0 || near.length === 0) return findings;
  const [sent, lost] = near.map(countsOf).reduce(([packets, gone], one) => [packets + one.sent, gone + one.lost], [0, 0]);
  const well = shareInterval(lost, sent).high < wellBelowShare;
  return [{ object: 'host', outcome: well ? 'all paths are well' : tooNoisy, says: sentence(near) }];
}

function ofStorage(path: Path): Finding[] {
  const finding = (outcome: string): Finding[] => [{ object: `storage/${path.name}`, outcome, says: sentence([path]) }];
  if (path.address === undefined) return finding('a storage server does not answer');
  if (path.tcp === undefined || path.tcp.tries.length === 0) return answersPing(path) ? finding('all paths are well') : [];
  if (!path.tcp.tries.some(({ outcome }) => outcome === 'open')) return finding('a storage server does not answer');
  return finding(isLossy(path) ? 'packets are lost' : 'all paths are well');
}

function ofNames(lookups: readonly Lookup[]): Finding[] {
  const used = lookups.filter(({ kind }) => kind === 'used');
  if (used.length === 0) return [];
  const slow = used.filter(({ found, milliseconds }) => milliseconds >= (found ? slowNameMs : silentNameMs));
  const text = used.slice(0, 6).map(({ name, found, milliseconds }) => `${name} ${found ? 'found' : 'not found'} after ${(milliseconds / 1_000).toFixed(2)} s`).join('; ');
  if (2 * slow.length >= used.length) return [{ object: 'host', outcome: 'names are slow', says: `Looking up names: ${text}.` }];
  return slow.length > 0 ? [{ object: 'host', outcome: tooNoisy, says: `Looking up names: ${text}.` }] : [];
}

/** What the ways say: of the host, and of each storage server. */
export function findingsOf({ paths, lookups }: Ways): Finding[] {
  const names = ofNames(lookups);
  const packets = ofPackets(paths);
  // Well is what is well altogether.
  const shown = names.length > 0 ? packets.filter(({ outcome }) => outcome !== 'all paths are well') : packets;
  return [...shown, ...names, ...paths.filter(({ kind }) => kind === 'storage').flatMap(ofStorage)];
}
