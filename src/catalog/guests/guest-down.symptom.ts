import { optional } from '../../define/source.ts';
import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import { reportsOf, stateOf } from './cluster.samples.ts';
import guestCgroups from './guest-cgroups.probe.ts';
import guestTasks from './guest-tasks.probe.ts';
import guests, { type Guest } from './guests.fact.ts';
import { cgroupOf } from './guests.samples.ts';
import managerReports from './manager-reports.probe.ts';
import runningTasks from './running-tasks.probe.ts';

const graceSeconds = 1_800;
const now = 1_700_000_000;
/** States in which QEMU has stopped a VM by itself (RunState of the QMP reference). */
const brokenStates: ReadonlySet<string> = new Set(['io-error', 'internal-error', 'guest-panicked']);

function guestOf(more: Partial<Guest> = {}): Guest {
  return { object: 'qemu/100', kind: 'qemu', name: '100', title: 'VM 100 (web)', running: false, startsOnBoot: true, template: false, ...more };
}

function startedAgo(seconds: number, more: { type?: string; ok?: boolean; says?: string } = {}) {
  return { now, oldestAt: now - 9_000_000, last: [{ object: 'qemu/100', type: 'qmstart', ok: true, says: 'OK', startedAt: now - seconds, ...more }] };
}

const frozen = { guests: [cgroupOf('lxc/101', { frozen: true })], truncated: false };
const frozenContainer = { first: frozen, second: frozen, intervalSeconds: 5 };

export default defineSymptom({
  id: 'guest-down',
  title: 'A guest is down',
  about: `A VM or container that is set to start with the host does not run, and nobody stopped it: its last start failed, or it has not been started since the host
booted, ${agoText(graceSeconds)} ago or longer. A guest that seems to run but stands still counts as well: QEMU has stopped it after an error, or all its processes are
frozen although no task is at it. A guest that was shut down by a task, or from within after a good start, is taken as meant to be down. Told on Proxmox VE only, where
the task log says what became of each guest.`,
  leak: 0.3,
  needs: {
    names: guests,
    tasks: guestTasks,
    system: operatingSystem,
    reports: optional(managerReports),
    groups: optional(guestCgroups),
    running: optional(runningTasks),
  },
  detect: ({ names, tasks, system, reports, groups, running }): readonly Detection[] => {
    const stateOfGuest = new Map((reports?.guests ?? []).map((guest) => [guest.object, guest.state]));
    const isFrozen = (guest: Guest): boolean =>
      [groups?.first, groups?.second].every((reading) => reading?.guests.some((one) => one.object === guest.object && one.frozen === true)) &&
      !(running?.tasks ?? []).some(({ guestId }) => guestId === guest.name || guestId === '');
    const still = names.guests.flatMap((guest): Detection[] => {
      const state = stateOfGuest.get(guest.object) ?? '';
      const why = brokenStates.has(state) ? `QEMU has stopped it (${state})` : isFrozen(guest) ? 'all its processes are frozen' : undefined;
      if (!guest.running || why === undefined) return [];
      return [{ object: guest.object, value: 1, limit: 0, unit: 'guests that stand still', says: `Guest ${guest.title} seems to run, but stands still: ${why}.` }];
    });
    if (system.uptimeSeconds < graceSeconds) return still;
    const lastOf = new Map(tasks.last.map((task) => [task.object, task]));
    const bootedAt = tasks.now - system.uptimeSeconds;
    const down = names.guests.flatMap((guest) => {
      if (guest.running || guest.startsOnBoot !== true || guest.template === true || guest.lock !== undefined) return [];
      const last = lastOf.get(guest.object);
      const unit = 'seconds down';
      if (last !== undefined && last.type.endsWith('start') && !last.ok) {
        const value = tasks.now - last.startedAt;
        return [{ object: guest.object, value, limit: 0, unit, says: `Guest ${guest.title} does not run: its last start, ${agoText(value)} ago, failed (${last.says}).` }];
      }
      const knowsBoot = tasks.oldestAt !== undefined && tasks.oldestAt < bootedAt;
      const ranBefore = last !== undefined && last.type.endsWith('start') && last.startedAt < bootedAt - 60;
      if (!knowsBoot || !ranBefore) return [];
      const says = `Guest ${guest.title} is set to start with the host, but has not been started since the host booted ${agoText(system.uptimeSeconds)} ago.`;
      return [{ object: guest.object, value: system.uptimeSeconds, limit: graceSeconds, unit, says }];
    });
    return [...still, ...down];
  },
  examples: {
    present: [
      {
        name: 'its last start failed',
        given: { names: { settingsKnown: true, guests: [guestOf()] }, system: proxmoxHost, tasks: startedAgo(7_000, { ok: false, says: 'start failed: QEMU exited with code 1' }) },
        objects: ['qemu/100'],
      },
      {
        name: 'not started since the reboot',
        given: { names: { settingsKnown: true, guests: [guestOf()] }, system: { ...proxmoxHost, uptimeSeconds: 7_200 }, tasks: startedAgo(900_000) },
      },
      {
        name: 'QEMU has stopped it, since its disk had no room',
        given: { names: { settingsKnown: true, guests: [guestOf({ running: true })] }, system: proxmoxHost, tasks: startedAgo(7_000), reports: reportsOf([stateOf('qemu/100', 'io-error')]) },
        objects: ['qemu/100'],
      },
      {
        name: 'a container whose processes are all frozen',
        given: { names: { settingsKnown: true, guests: [guestOf({ object: 'lxc/101', kind: 'lxc', name: '101', running: true })] }, system: proxmoxHost, tasks: startedAgo(7_000), groups: frozenContainer },
        objects: ['lxc/101'],
      },
    ],
    absent: [
      {
        name: 'an administrator has paused it',
        given: { names: { settingsKnown: true, guests: [guestOf({ running: true })] }, system: proxmoxHost, tasks: startedAgo(7_000), reports: reportsOf([stateOf('qemu/100', 'paused')]) },
      },
      {
        name: 'a backup has frozen the container for a moment',
        given: {
          names: { settingsKnown: true, guests: [guestOf({ object: 'lxc/101', kind: 'lxc', name: '101', running: true })] },
          system: proxmoxHost,
          tasks: startedAgo(7_000),
          groups: frozenContainer,
          running: { copying: [], tasks: [{ type: 'vzdump', guestId: '101', pid: 1, elapsedSeconds: 4 }] },
        },
      },
      { name: 'it runs', given: { names: { settingsKnown: true, guests: [guestOf({ running: true })] }, system: proxmoxHost, tasks: startedAgo(7_000) } },
      { name: 'it was shut down by an administrator', given: { names: { settingsKnown: true, guests: [guestOf()] }, system: proxmoxHost, tasks: startedAgo(7_000, { type: 'qmshutdown' }) } },
      { name: 'it was shut down from within', given: { names: { settingsKnown: true, guests: [guestOf()] }, system: proxmoxHost, tasks: startedAgo(7_000) } },
      { name: 'it is not set to start with the host', given: { names: { settingsKnown: true, guests: [guestOf({ startsOnBoot: false })] }, system: proxmoxHost, tasks: startedAgo(900_000) } },
      { name: 'a template', given: { names: { settingsKnown: true, guests: [guestOf({ template: true })] }, system: proxmoxHost, tasks: { now, last: [] } } },
      {
        name: 'the host booted a moment ago',
        given: { names: { settingsKnown: true, guests: [guestOf()] }, system: { ...proxmoxHost, uptimeSeconds: 90 }, tasks: startedAgo(900_000) },
      },
    ],
  },
});
