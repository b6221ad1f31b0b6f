import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { agoText } from '../../lib/duration-text.ts';
import backupFreezes, { type BackupFreezes } from './backup-freezes.probe.ts';
import { clock } from './cluster.samples.ts';
import guestCgroups, { type GuestCgroup } from './guest-cgroups.probe.ts';
import guestProcesses from './guest-processes.probe.ts';
import guestUsage from './guest-usage.fact.ts';
import { cgroupOf, processOf, usageOf, usedBy } from './guests.samples.ts';
import runningTasks from './running-tasks.probe.ts';
import thawGuest from './thaw-guest.mitigation.ts';

type Freeze = BackupFreezes['guests'][number];

function both(...guests: GuestCgroup[]) {
  const reading = { guests, truncated: false };
  return { first: reading, second: reading, intervalSeconds: 5 };
}
function freezes(outcome?: Freeze['outcome']): BackupFreezes {
  return { now: clock, guests: outcome === undefined ? [] : [{ object: 'qemu/100', outcome, says: "INFO: issuing guest-agent 'fs-freeze' command", endedAt: clock - 3_600 }] };
}
const backupOf = (guestId: string) => ({ copying: [], tasks: [{ type: 'vzdump', guestId, pid: 1, elapsedSeconds: 5 }] });
const vm = { guests: [processOf('qemu/100')] };
const container = { guests: [processOf('lxc/101')] };
const nothingRuns = { copying: [], tasks: [] };

export default defineHypothesis({
  id: 'guest-filesystem-frozen',
  subject: 'guests',
  proven: 'documentation',
  title: 'A backup or snapshot has left the guest frozen',
  about: `For a consistent backup the guest's file systems are frozen for a moment: in a VM by its agent (\`fsfreeze\`), in a container by stopping all its processes. When the thaw gets lost, since the agent hung, the backup was
killed or the host was too slow, every write in the guest waits for ever. A frozen VM still answers ping, but logins hang and its load rises; a frozen container answers nothing. Windows thaws by itself after ten
seconds, so a failed thaw there is harmless.

To be sure by hand: \`qm guest cmd <id> fsfreeze-status\` (ask nothing else of the agent first); for a container \`cgroup.events\` under \`/sys/fs/cgroup/lxc/<id>\` and \`/sys/fs/cgroup/lxc/<id>/ns\` says \`frozen 1\`. The log of the last backup is
\`/var/log/vzdump/qemu-<id>.log\`.`,
  needs: { processes: guestProcesses, freezes: backupFreezes, groups: optional(guestCgroups), usage: optional(guestUsage), running: optional(runningTasks) },
  objects: ({ processes, freezes: froze, groups }) =>
    processes.guests.flatMap((guest) => {
      const frozen = [groups?.first, groups?.second].every((reading) => reading?.guests.some((one) => one.object === guest.object && one.frozen === true));
      const last = froze.guests.find((one) => one.object === guest.object);
      const secondsAgo = last?.endedAt === undefined ? undefined : Math.max(0, froze.now - last.endedAt);
      const restarted = secondsAgo !== undefined && guest.runningSeconds < secondsAgo;
      return frozen || last !== undefined ? [{ object: guest.object, name: guest.name, frozen, last: restarted ? undefined : last, secondsAgo }] : [];
    }),
  noObjects: 'no running guest is frozen, and the last backups froze none',
  prior: 1 / 400,
  explains: { 'guest-down': 0.6, 'guest-slow': 0.5, 'target-missing': 0.6, 'backup-missed': 0.1 },
  evidence: [
    {
      outcome: ({ usage, running }, { object, name, frozen, last }) => {
        if ((running?.tasks ?? []).some(({ guestId }) => guestId === name || guestId === '')) return 'in-work';
        if (frozen) return 'stopped';
        if (last === undefined || last.outcome === 'thawed') return 'thawed';
        const used = usage?.guests.find((guest) => guest.object === object);
        if (used === undefined) return 'perhaps';
        if (used.writeBytesPerSecond > 0) return 'writes';
        return last.outcome === 'not-thawed' ? 'not-thawed' : 'perhaps';
      },
      table: {
        stopped: { ifCause: 0.4, otherwise: 0.0002, decisive: true, says: (_, { object }) => `All processes of ${object} are stopped by the freezer, and no backup or snapshot of it is running.` },
        'not-thawed': {
          ifCause: 0.3,
          otherwise: 0.0003,
          decisive: true,
          says: (_, { object, secondsAgo }) => `The last backup of ${object} had its file systems frozen${secondsAgo === undefined ? '' : `, ended ${agoText(secondsAgo)} ago`} and never had them thawed; it has written nothing within the sampling window.`,
        },
        perhaps: { ifCause: 0.25, otherwise: 0.005, says: (_, { object, last }) => `The last backup of ${object} could not have its file systems thawed (${last?.says.slice(0, 120) ?? ''}).` },
        writes: { ifCause: 0.005, otherwise: 0.05, says: (_, { object }) => `The last backup of ${object} could not have its file systems thawed, but it writes to its disks now.` },
        thawed: { ifCause: 0.01, otherwise: 0.9, says: (_, { object }) => `${object} is not frozen: its last backup ended with a thaw, or it was started afterwards.` },
        'in-work': { ifCause: 0.02, otherwise: 0.04, says: (_, { object }) => `A backup or another task that may freeze ${object} for a moment is running.` },
      },
      excerpt: (_, { last, frozen }) => (frozen ? 'cgroup.events: frozen 1' : (last?.says ?? '')),
    },
  ],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Thaw the guest; nothing is lost by that.'],
  doNot: ['Do not reset the guest before trying to thaw it: what waits to be written would be lost.'],
  mitigations: [thawGuest],
  references: ['QEMU guest agent protocol reference (guest-fsfreeze-freeze, -thaw)', 'pve-docs vzdump(1)', 'Linux Documentation/admin-guide/cgroup-v2.rst (cgroup.freeze)'],
  examples: {
    supporting: [
      { name: 'a backup that ended between freeze and thaw', given: { processes: vm, freezes: freezes('not-thawed'), usage: usageOf(usedBy('qemu/100')), running: nothingRuns }, object: 'qemu/100', symptoms: ['target-missing'], expect: 'identified' },
      { name: 'a container whose processes are all stopped', given: { processes: container, freezes: freezes(), groups: both(cgroupOf('lxc/101', { frozen: true })), running: nothingRuns }, object: 'lxc/101', symptoms: ['guest-down'], expect: 'identified' },
    ],
    refuting: [
      { name: 'the thaw failed, but the guest writes: Windows, or it came a little late', given: { processes: vm, freezes: freezes('thaw-failed'), usage: usageOf(usedBy('qemu/100', { writeBytesPerSecond: 40_000 })), running: nothingRuns }, symptoms: ['guest-slow'] },
      { name: 'it was restarted since', given: { processes: { guests: [processOf('qemu/100', { runningSeconds: 600 })] }, freezes: freezes('not-thawed'), usage: usageOf(usedBy('qemu/100')), running: nothingRuns }, symptoms: ['guest-slow'] },
      { name: 'a good backup', given: { processes: vm, freezes: freezes('thawed'), usage: usageOf(usedBy('qemu/100')) }, symptoms: ['guest-slow'] },
      { name: 'the backup is at it right now', given: { processes: container, freezes: freezes(), groups: both(cgroupOf('lxc/101', { frozen: true })), running: backupOf('101') }, symptoms: ['guest-slow'] },
      { name: 'no agent, nothing frozen', given: { processes: vm, freezes: freezes(), groups: both(cgroupOf('qemu/100')) }, expect: 'ruled-out' },
    ],
  },
});
