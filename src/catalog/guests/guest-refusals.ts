import type { GuestRoles, NeededMachine } from './guest-roles.probe.ts';

/** What is known of a guest that is to be held up for a moment. */
export interface HeldGuest {
  readonly object: string;
  /** Undefined where its settings could not be read. */
  readonly config: { readonly lock?: string | undefined; readonly passthrough: readonly string[]; readonly template?: boolean } | undefined;
  /** Undefined where nobody could tell who counts on it. */
  readonly roles: { readonly guests: readonly GuestRoles[]; readonly needed: readonly NeededMachine[] } | undefined;
  readonly tasks: readonly { readonly type: string; readonly guestId: string }[];
  readonly frozen?: boolean | undefined;
}

/** Tasks that must not be met by a guest that stands still. Those without a guest's id are over several. */
const delicateTasks = /^(vzdump|qmigrate|vzmigrate|qmsnapshot|vzsnapshot|qmclone|vzclone|qmrestore|vzrestore|qmmove|move_volume|qmdestroy|vzdestroy|qmstop|qmshutdown|qmreboot|vzstop|vzshutdown|vzreboot|resize)$/;
const roleWords = { gateway: 'the gateway', nameserver: 'a name server', storage: 'a storage server' } as const;

export const titleOfGuest = (object: string): string => `${object.startsWith('lxc/') ? 'container' : 'VM'} ${object.slice(object.indexOf('/') + 1)}`;

function carriedBy(guest: GuestRoles | undefined, needed: readonly NeededMachine[]): string[] {
  const carried = needed.filter(({ address, hardwareAddress }) => guest?.addresses.includes(address) === true || (hardwareAddress !== undefined && guest?.hardwareAddresses.includes(hardwareAddress) === true));
  return [...new Set(carried.map(({ role, address }) => `is ${roleWords[role]} of this host (${address})`))];
}

/**
 * Why a guest must not be held up now. `slow`: it gets less for some seconds; `freeze`: it stands still for up to three seconds, which others may take for its
 * death, and devices that are passed through do not wait.
 */
export function refusalsOfGuest(how: 'slow' | 'freeze', { object, config, roles, tasks, frozen }: HeldGuest): string[] {
  const id = object.slice(object.indexOf('/') + 1);
  const guest = roles?.guests.find((one) => one.object === object);
  const reasons: string[] = [];
  if (frozen === true) reasons.push('is frozen already');
  if (config?.lock !== undefined) reasons.push(`is locked (${config.lock})`);
  const task = tasks.find((one) => delicateTasks.test(one.type) && (one.guestId === id || one.guestId === ''));
  if (task !== undefined) reasons.push(task.guestId === '' ? `may be touched by a running task (${task.type})` : `is being worked on by a running task (${task.type})`);
  reasons.push(...carriedBy(guest, roles?.needed ?? []));
  if (guest?.watchdog === true) reasons.push('has a watchdog, which would reset it');
  if ((guest?.clusterPrograms.length ?? 0) > 0) reasons.push(`is a member of a cluster (${guest?.clusterPrograms.join(', ') ?? ''} runs in it)`);
  if ((guest?.tags.length ?? 0) > 0) reasons.push(`has a tag by which others depend on it (${guest?.tags.join(', ') ?? ''})`);
  if (how === 'freeze') {
    if (config === undefined) reasons.push('has settings that could not be read');
    if (roles === undefined) reasons.push('may be needed by others, which could not be read');
    if (guest?.highlyAvailable === true) reasons.push('is highly available: the cluster would start it elsewhere');
    const passed = [...(config?.passthrough ?? []), ...(guest?.passes ?? [])];
    if (passed.length > 0) reasons.push(`has devices passed through to it (${passed.slice(0, 4).join(', ')})`);
  }
  return reasons.map((reason) => `${titleOfGuest(object)} ${reason}`);
}
