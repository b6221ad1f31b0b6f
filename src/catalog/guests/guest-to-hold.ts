import type { HeldGuest } from './guest-refusals.ts';
import type { HoldScript } from './guest-hold-script.ts';
import { plainGuest, plainVolume } from './guest-hold-script.ts';
import type { Takes } from './guest-hold-text.ts';
import type { GuestWork } from './guest-work.fact.ts';

interface Known {
  readonly work: { readonly guests: readonly GuestWork[] };
  readonly pressure?: { readonly cpu: { readonly somePercent: number }; readonly io: { readonly somePercent: number } } | undefined;
  readonly processes?: { readonly guests: readonly { readonly object: string; readonly pid: number }[] } | undefined;
  readonly configs?: { readonly guests: readonly (NonNullable<HeldGuest['config']> & { readonly object: string })[] } | undefined;
  readonly roles?: HeldGuest['roles'];
  readonly running?: { readonly tasks: HeldGuest['tasks'] } | undefined;
  readonly groups?: { readonly second: { readonly guests: readonly { readonly object: string; readonly frozen?: true | undefined }[] } } | undefined;
}

/** Less than that nobody feels, whoever does it. */
const muchCpuPercent = 20;
const muchBytesPerSecond = 500e3;
const muchRequestsPerSecond = 20;

const ioOf = ({ ioBytesPerSecond, iosPerSecond }: GuestWork): number => ioBytesPerSecond / muchBytesPerSecond + iosPerSecond / muchRequestsPerSecond;

/** What a guest takes most of, if that is much. The rest of the host decides whether processors or disks are short. */
export function takesOf(guest: GuestWork, pressure: Known['pressure']): Takes | undefined {
  const [cpu, io] = [guest.cpuPercentOfCore >= muchCpuPercent, guest.ioBytesPerSecond >= muchBytesPerSecond || guest.iosPerSecond >= muchRequestsPerSecond];
  if (cpu && io) return pressure !== undefined && pressure.cpu.somePercent > pressure.io.somePercent ? 'cpu' : 'io';
  return cpu ? 'cpu' : io ? 'io' : undefined;
}

/** The guest that takes most of what is short. */
export function greediest({ work, pressure }: Known): (GuestWork & { readonly takes: Takes }) | undefined {
  const all = work.guests.filter(({ object }) => plainGuest.test(object)).flatMap((guest) => {
    const takes = takesOf(guest, pressure);
    return takes === undefined ? [] : [{ ...guest, takes }];
  });
  const [byIo, byCpu] = [all.filter(({ takes }) => takes === 'io').toSorted((a, b) => ioOf(b) - ioOf(a))[0], all.filter(({ takes }) => takes === 'cpu').toSorted((a, b) => b.cpuPercentOfCore - a.cpuPercentOfCore)[0]];
  const cpuIsShort = pressure !== undefined && pressure.cpu.somePercent > pressure.io.somePercent;
  return cpuIsShort ? (byCpu ?? byIo) : (byIo ?? byCpu);
}

export function heldGuest(object: string, { configs, roles, running, groups }: Known): HeldGuest {
  return {
    object,
    config: configs?.guests.find((one) => one.object === object),
    roles,
    tasks: running?.tasks ?? [],
    frozen: groups?.second.guests.find((one) => one.object === object)?.frozen,
  };
}

/** What its script needs to know. Names that a shell could take apart are left out. */
export function holdScriptOf(object: string, { work, processes }: Known): HoldScript {
  const pid = processes?.guests.find((one) => one.object === object)?.pid ?? 0;
  const volumesOf = (of: (guest: GuestWork) => boolean): string[] => work.guests.filter(of).flatMap(({ volumes }) => volumes).filter((name) => plainVolume.test(name)).slice(0, 200);
  return {
    object,
    pid: object.startsWith('qemu/') && Number.isSafeInteger(pid) ? pid : 0,
    volumes: volumesOf((guest) => guest.object === object),
    otherVolumes: volumesOf((guest) => guest.object !== object),
  };
}
