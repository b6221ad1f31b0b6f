import type { Change, Component } from '../../define/change.ts';
import type { Logins } from './logins.probe.ts';
import type { ServiceStarts } from './service-starts.probe.ts';
import type { TaskHistory } from './task-history.probe.ts';

interface TaskKind {
  readonly says: string;
  readonly component: Component;
}

/** What the tasks of Proxmox VE do, by the end of their type: `qmstart`, `vzstart` (pve-manager, the list of task types in the API viewer). Others change nothing. */
const guestTasks: Readonly<Record<string, TaskKind>> = {
  start: { says: 'was started', component: 'guest' },
  stop: { says: 'was stopped', component: 'guest' },
  shutdown: { says: 'was shut down', component: 'guest' },
  reboot: { says: 'was rebooted', component: 'guest' },
  reset: { says: 'was reset', component: 'guest' },
  suspend: { says: 'was suspended', component: 'guest' },
  resume: { says: 'was resumed', component: 'guest' },
  create: { says: 'was created', component: 'guest' },
  restore: { says: 'was restored', component: 'guest' },
  clone: { says: 'was cloned', component: 'guest' },
  destroy: { says: 'was destroyed', component: 'guest' },
  migrate: { says: 'was migrated', component: 'guest' },
  igrate: { says: 'was migrated', component: 'guest' },
  move: { says: 'had a disk moved', component: 'guest' },
  resize: { says: 'had a disk resized', component: 'guest-settings' },
  config: { says: 'got other settings', component: 'guest-settings' },
  rollback: { says: 'was rolled back to a snapshot', component: 'guest' },
  dump: { says: 'was backed up', component: 'guest' },
};
const nodeTasks: Readonly<Record<string, TaskKind>> = {
  vzdump: { says: 'a backup job ran', component: 'guest' },
  srvrestart: { says: 'a service was restarted', component: 'services' },
  srvreload: { says: 'a service was reloaded', component: 'services' },
  srvstart: { says: 'a service was started', component: 'services' },
  srvstop: { says: 'a service was stopped', component: 'services' },
  zfscreate: { says: 'a pool was created', component: 'pool' },
  zfsremove: { says: 'a pool was removed', component: 'pool' },
  lvmcreate: { says: 'a volume group was created', component: 'storage-settings' },
  lvmthincreate: { says: 'a thin pool was created', component: 'storage-settings' },
  diskinit: { says: 'a disk was initialised', component: 'disk' },
  wipedisk: { says: 'a disk was wiped', component: 'disk' },
  cephcreateosd: { says: 'an OSD was created', component: 'storage-settings' },
  cephdestroyosd: { says: 'an OSD was destroyed', component: 'storage-settings' },
};

export function taskChanges({ tasks }: TaskHistory): Change[] {
  return tasks.flatMap(({ type, id, startedSeconds, endedSeconds, ok }): Change[] => {
    const [, kind, rest = ''] = /^(qm|vz)(.*)$/.exec(type) ?? [];
    const guestKind = kind === undefined ? undefined : guestTasks[rest];
    const isGuest = guestKind !== undefined && /^\d{1,9}$/.test(id);
    const told = isGuest ? guestKind : nodeTasks[type];
    if (told === undefined) return [];
    // A backup of Proxmox VE carries the kind of no guest.
    const what = isGuest ? (type === 'vzdump' ? `guest ${id}` : `${kind === 'vz' ? 'lxc' : 'qemu'}/${id}`) : id || 'host';
    const says = isGuest ? `${what} ${told.says}` : `${told.says}${id === '' ? '' : `: ${id}`}`;
    return [{ atMs: startedSeconds * 1_000, precisionMs: 1_000, durationMs: Math.max(0, endedSeconds - startedSeconds) * 1_000, kind: 'task', what, components: [told.component], says: ok ? says : `${says}; this failed`, source: 'task-history' }];
  });
}

/** Starts within this time after boot belong to the boot. */
const bootSeconds = 900;

export function serviceChanges({ uptimeSeconds, nowSeconds, services }: ServiceStarts): Change[] {
  const bootedMs = (nowSeconds - uptimeSeconds) * 1_000;
  return services.flatMap(({ name, startedSeconds, failedSeconds, result }): Change[] => {
    const at = failedSeconds ?? startedSeconds ?? 0;
    if (at < bootSeconds) return [];
    const says = failedSeconds === undefined ? `the service ${name} was started` : `the service ${name} failed (${result ?? 'unknown'})`;
    return [{ atMs: bootedMs + at * 1_000, precisionMs: 1_000, kind: 'service', what: name, components: ['services'], says, source: 'service-starts' }];
  });
}

/** Of a unit's failures so many are told, the last ones: one that fails again and again would hide all else. */
const mostOfUnit = 3;
const sameFailureMs = 5_000;
const sessions = /^(session-|user@|user-|run-)/;

/** Units that failed, as the journal noted it; without what `services` tells already. A guest’s unit is its own: it ended without being asked to. */
export function failureChanges({ failures = [] }: ServiceStarts, told: readonly Change[]): Change[] {
  const counts = new Map<string, number>();
  return failures.toReversed().flatMap(({ unit, result, atSeconds }): Change[] => {
    const count = (counts.get(unit) ?? 0) + 1;
    counts.set(unit, count);
    const [, qemu, lxc] = /^(?:(\d{1,9})\.scope|pve-container(?:-debug)?@(\d{1,9})\.service)$/.exec(unit) ?? [];
    const guest = qemu === undefined ? (lxc === undefined ? undefined : `lxc/${lxc}`) : `qemu/${qemu}`;
    const name = unit.replace(/\.service$/, '');
    const atMs = atSeconds * 1_000;
    if (count > mostOfUnit || sessions.test(unit) || told.some((one) => one.what === name && one.says.includes(' failed ') && Math.abs(one.atMs - atMs) < sameFailureMs)) return [];
    const says = guest === undefined ? `the service ${name} failed (${result})` : `${guest} broke off (${result})`;
    return [{ atMs, precisionMs: 1_000, kind: 'service', what: guest ?? name, components: [guest === undefined ? 'services' : 'guest'], says, source: 'service-starts' }];
  });
}

export function loginChanges({ logins }: Logins): Change[] {
  return logins.flatMap(({ user, terminal, at }): Change[] => {
    const atMs = Date.parse(at);
    return Number.isFinite(atMs) ? [{ atMs, precisionMs: 1_000, kind: 'login', what: user, components: ['people'], says: `${user} logged in (${terminal})`, source: 'logins' }] : [];
  });
}
