import type { Change } from '../../define/change.ts';
import type { Boots } from './boots.probe.ts';

type Boot = Boots['journal'][number];
type Device = NonNullable<Boot['devices']>[number];

const words = { disk: 'disk', nvme: 'NVMe controller', nic: 'network card', adapter: 'adapter' } as const;
const components = { disk: 'disk', nvme: 'disk', nic: 'network-card', adapter: 'other' } as const;
const mostChanges = 12;

interface Kind {
  readonly kind: Device['kind'];
  readonly name: string;
  readonly count: number;
  readonly firmware: readonly string[];
}

/** By kind and name, all firmware together. */
function kindsOf(devices: readonly Device[]): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const { kind, name, count, firmware } of devices) {
    const known = kinds.get(`${kind} ${name}`);
    kinds.set(`${kind} ${name}`, { kind, name, count: count + (known?.count ?? 0), firmware: [...(known?.firmware ?? []), ...(firmware === undefined ? [] : [firmware])] });
  }
  return kinds;
}

const named = (count: number, { kind, name }: Kind): string => (count === 1 ? `the ${words[kind]} ${name}` : `${count} of the ${words[kind]}s ${name}`);

function changesOf(before: Kind | undefined, after: Kind | undefined): Pick<Change, 'kind' | 'what' | 'components' | 'says' | 'from' | 'to'>[] {
  const one = (after ?? before)!;
  const base = { what: one.name, components: [components[one.kind]] };
  const [old, now] = [before?.count ?? 0, after?.count ?? 0];
  // What an adapter says depends on its driver, so it only tells versions.
  if (old !== now && one.kind !== 'adapter') return [{ ...base, kind: 'hardware', says: now > old ? `${named(now - old, one)} appeared with this boot` : `${named(old - now, one)} was there in the boot before and is gone` }];
  const [from, to] = [before?.firmware ?? [], after?.firmware ?? []];
  const came = to.filter((version) => !from.includes(version));
  const gone = from.filter((version) => !to.includes(version));
  if (came.length === 0 || gone.length === 0) return [];
  const ends = { from: gone.join(', '), to: came.join(', ') };
  return [{ ...base, ...ends, kind: 'firmware', components: [...base.components, 'firmware'], says: `the firmware of the ${words[one.kind]} ${one.name} was ${ends.to} from this boot on; before it was ${ends.from}` }];
}

/** Devices that came, went or got other firmware between two boots, where the beginning of both logs was read whole. */
export function deviceChanges(before: Pick<Boot, 'devices' | 'devicesCut'>, after: Pick<Boot, 'devices' | 'devicesCut'>): ReturnType<typeof changesOf> {
  if (before.devicesCut === true || after.devicesCut === true || before.devices === undefined || after.devices === undefined) return [];
  const [old, now] = [kindsOf(before.devices), kindsOf(after.devices)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => changesOf(old.get(key), now.get(key))).slice(0, mostChanges);
}
