import { defineSymptom, type Detection } from '../../define/symptom.ts';
import { agoText } from '../kernel/number-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import guestTasks from './guest-tasks.probe.ts';
import guests, { type Guest } from './guests.fact.ts';

const graceSeconds = 1_800;
const now = 1_700_000_000;

function guestOf(more: Partial<Guest> = {}): Guest {
  return { object: 'qemu/100', kind: 'qemu', name: '100', title: 'VM 100 (web)', running: false, startsOnBoot: true, template: false, ...more };
}

function startedAgo(seconds: number, more: { type?: string; ok?: boolean; says?: string } = {}) {
  return { now, oldestAt: now - 9_000_000, last: [{ object: 'qemu/100', type: 'qmstart', ok: true, says: 'OK', startedAt: now - seconds, ...more }] };
}

export default defineSymptom({
  id: 'guest-down',
  title: 'A guest is down',
  about: `A VM or container that is set to start with the host does not run, and nobody stopped it: its last start failed, or it has not been started since the host
booted, ${agoText(graceSeconds)} ago or longer. A guest that was shut down by a task, or from within after a good start, is taken as meant to be down. Told on Proxmox VE only, where
the task log says what became of each guest.`,
  leak: 0.3,
  needs: { names: guests, tasks: guestTasks, system: operatingSystem },
  detect: ({ names, tasks, system }): readonly Detection[] => {
    if (system.uptimeSeconds < graceSeconds) return [];
    const lastOf = new Map(tasks.last.map((task) => [task.object, task]));
    const bootedAt = tasks.now - system.uptimeSeconds;
    return names.guests.flatMap((guest) => {
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
    ],
    absent: [
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
