import { countIn, numberIn } from '../../lib/host-text.ts';
import { guestOfControlGroup } from './guest-names.ts';
import type { GuestCgroup, Stall } from './guest-cgroups.probe.ts';

/** The pairs of one line of the guest-cgroups probe. What is zero or unlimited is not printed. */
type Pairs = ReadonlyMap<string, string>;

function pairsOf(text: string): Pairs {
  return new Map(
    text.split(' ', 100).flatMap((pair) => {
      const at = pair.indexOf('=');
      return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : [];
    }),
  );
}

function stallOf(pairs: Pairs, prefix: string): Stall {
  const number = (key: string): number => Math.max(0, numberIn(pairs.get(prefix + key)) ?? 0);
  return {
    someAvg10: number('s10'),
    someAvg60: number('s60'),
    someTotalMicroseconds: number('st'),
    fullAvg10: number('f10'),
    fullAvg60: number('f60'),
    fullTotalMicroseconds: number('ft'),
  };
}

function ioOf(pairs: Pairs, prefix: string): NonNullable<GuestCgroup['io']>['disks'] {
  const number = (key: string): number => countIn(pairs.get(prefix + key)) ?? 0;
  return { readBytes: number('rbytes'), writtenBytes: number('wbytes'), reads: number('rios'), writes: number('wios') };
}

function memoryOf(pairs: Pairs): GuestCgroup['memory'] {
  const currentBytes = countIn(pairs.get('m'));
  if (currentBytes === undefined) return undefined;
  const number = (key: string): number => countIn(pairs.get(key)) ?? 0;
  const [maxBytes, highBytes, swapMaxBytes] = ['mm', 'mh', 'sm'].map((key) => countIn(pairs.get(key)));
  return {
    currentBytes,
    ...(maxBytes !== undefined && { maxBytes }),
    ...(highBytes !== undefined && { highBytes }),
    reclaimableBytes: number('if') + number('af') + number('sr'),
    anonBytes: number('an'),
    swapBytes: number('s'),
    ...(swapMaxBytes !== undefined && { swapMaxBytes }),
    events: { high: number('eh'), max: number('em'), oom: number('eo'), oomKills: number('ek') },
  };
}

function ioLimitsOf(pairs: Pairs): GuestCgroup['ioLimits'] {
  const [readBytesPerSecond, writeBytesPerSecond, readsPerSecond, writesPerSecond] = ['lrbps', 'lwbps', 'lriops', 'lwiops'].map((key) => countIn(pairs.get(key)));
  if ([readBytesPerSecond, writeBytesPerSecond, readsPerSecond, writesPerSecond].every((limit) => limit === undefined)) return undefined;
  return {
    ...(readBytesPerSecond !== undefined && { readBytesPerSecond }),
    ...(writeBytesPerSecond !== undefined && { writeBytesPerSecond }),
    ...(readsPerSecond !== undefined && { readsPerSecond }),
    ...(writesPerSecond !== undefined && { writesPerSecond }),
  };
}

function guestOf(line: string): GuestCgroup | undefined {
  const at = line.indexOf(' dir=');
  const guest = at < 0 ? undefined : guestOfControlGroup(line.slice(at + 5));
  if (guest === undefined) return undefined;
  const pairs = pairsOf(line.slice(0, at));
  const number = (key: string): number => countIn(pairs.get(key)) ?? 0;
  const [quota, period, weight, pids, pidsMax] = ['q', 'qp', 'w', 'n', 'nm'].map((key) => countIn(pairs.get(key)));
  const memory = memoryOf(pairs);
  const disks = ioOf(pairs, 'd');
  const layers = ioOf(pairs, 's');
  const ioLimits = ioLimitsOf(pairs);
  return {
    ...guest,
    cpu: {
      usageMicroseconds: number('u'),
      periods: number('p'),
      throttledPeriods: number('t'),
      throttledMicroseconds: number('tu'),
      ...(quota !== undefined && period !== undefined && period > 0 && { limitCpus: quota / period }),
      ...(weight !== undefined && { weight }),
    },
    ...(memory && { memory }),
    ...(pairs.has('io') && { io: { disks: disks.reads + disks.writes > 0 ? disks : layers, zvols: ioOf(pairs, 'z') } }),
    ...(ioLimits && { ioLimits }),
    ...(pairs.get('fz') === '1' && { frozen: true as const }),
    ...(pids !== undefined && { pids: { current: pids, ...(pidsMax !== undefined && { max: pidsMax }) } }),
    ...(pairs.has('psi') && {
      pressure: { cpu: stallOf(pairs, 'pc'), io: stallOf(pairs, 'pi'), memory: stallOf(pairs, 'pm') },
    }),
  };
}

/** What the guest-cgroups probe printed; undefined when it was cut. */
export function parseGuestCgroups(stdout: string): { guests: GuestCgroup[]; truncated: boolean } | undefined {
  const lines = stdout.split('\n', 600);
  if (!lines.includes('#end')) return undefined;
  const guests = lines.flatMap((line) => guestOf(line) ?? []).slice(0, 500);
  return { guests, truncated: lines.includes('#truncated') };
}
