import { defineHypothesis } from '../../define/hypothesis.ts';
import { denied } from '../kernel/kernel-log.samples.ts';
import { agoText } from '../../lib/duration-text.ts';
import giveGuestsLessMemory from './give-guests-less-memory.mitigation.ts';
import limitArc from './limit-arc.mitigation.ts';
import { swapActivityOf } from './memory.samples.ts';
import oomEvents, { type OomKill } from './oom-events.fact.ts';
import raiseContainerMemory from './raise-container-memory.mitigation.ts';
import swapActivity from './swap-activity.fact.ts';

const recentSeconds = 86_400;

/** A kill by the host is its own trouble, one at the limit of a guest's group is that guest's. */
function objectOf(kill: OomKill): string {
  return kill.scope === 'group' && kill.guest !== undefined ? kill.guest : 'host';
}

function recentOf(kills: readonly OomKill[], object: string): OomKill[] {
  return kills.filter((kill) => objectOf(kill) === object && kill.secondsAgo !== undefined && kill.secondsAgo <= recentSeconds);
}

function describe(kills: readonly OomKill[]): string {
  const last = kills.toSorted((a, b) => (a.secondsAgo ?? 0) - (b.secondsAgo ?? 0))[0];
  if (last === undefined) return '';
  const whose = last.guest === undefined ? '' : ` of ${last.guest}`;
  const why = last.scope === 'host' ? 'since the host had no memory left' : 'since its control group was at its memory limit (the host itself had memory left)';
  const times = kills.length === 1 ? 'The kernel killed a process' : `The kernel killed ${kills.length} processes`;
  return `${times} for want of memory in the last 24 hours, the last one ${agoText(last.secondsAgo ?? 0)} ago: "${last.process}"${whose}, ${why}.`;
}

const killedVm: OomKill = { scope: 'host', process: 'kvm', pid: 2211, guest: 'qemu/100', secondsAgo: 1_800 };
const killedInside: OomKill = { scope: 'group', process: 'mysqld', pid: 4000, guest: 'lxc/101', secondsAgo: 300 };

export default defineHypothesis({
  id: 'oom-kills',
  subject: 'memory',
  proven: 'documentation',
  title: 'The kernel kills processes for want of memory',
  about: `When nothing more can be taken back, the kernel kills a process. There are two kinds. "Out of memory: Killed process" means that the host itself had none left, and often
hits the largest process, a VM, which then "stops by itself". "Memory cgroup out of memory" means that a container or service was at its own limit, while the host had
plenty: then only that container is too small. A kill of last month explains nothing of today.

To be sure by hand: \`dmesg -T | grep -i -e 'out of memory' -e oom-kill\`, \`grep oom_kill /proc/vmstat\`, and \`/sys/fs/cgroup/lxc/<id>/memory.events\`.`,
  needs: { oom: oomEvents, activity: swapActivity },
  objects: (facts) => {
    if (facts.activity.oomKillsSinceBoot === 0) return [];
    const objects = [...new Set(facts.oom.kills.map(objectOf))];
    if (objects.length === 0) objects.push('host');
    return objects.map((object) => ({ object }));
  },
  noObjects: 'the kernel has killed nothing for want of memory since it booted',
  prior: 1 / 200,
  explains: { 'memory-pressure': 0.4, 'guest-down': 0.4, 'guest-slow': 0.3, 'errors-logged': 0.6, 'target-missing': 0.4 },
  evidence: [
    {
      when: ({ oom }, { object }) => recentOf(oom.kills, object).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.95, otherwise: 0.0001 },
      says: ({ oom }, { object }) => describe(recentOf(oom.kills, object)),
      saysNot: ({ activity }) => `No kill is in the log of the last 24 hours; the counter since boot says ${activity.oomKillsSinceBoot}.`,
      excerpt: ({ oom }, { object }) =>
        recentOf(oom.kills, object)
          .slice(-3)
          .map((kill) => `${kill.scope === 'host' ? 'Out of memory' : 'Memory cgroup out of memory'}: Killed process ${kill.pid} (${kill.process})`)
          .join('; '),
    },
    {
      when: ({ activity }) => activity.oomKillsInWindow > 0,
      likelihood: { ifCause: 0.3, otherwise: 0.001 },
      says: ({ activity }) => `${activity.oomKillsInWindow} more within the sampling window of some seconds.`,
    },
  ],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Where the host itself had no memory left: stop or move the guest that is needed least before the next one is killed. Where a container was at its own limit: raise that limit.'],
  mitigations: [raiseContainerMemory, giveGuestsLessMemory, limitArc],
  references: ['Linux Documentation/admin-guide/cgroup-v2.rst (memory.events)', 'openzfs/zfs #14686', 'openzfs/zfs #10255'],
  examples: {
    supporting: [
      {
        name: 'the host killed a VM half an hour ago',
        given: { oom: { kills: [killedVm], coversBoot: true }, activity: swapActivityOf({ oomKillsSinceBoot: 1 }) },
        object: 'host',
        expect: 'identified',
      },
      {
        name: 'a container at its limit, over and over',
        given: { oom: { kills: [killedInside, { ...killedInside, pid: 4001, secondsAgo: 20 }], coversBoot: true }, activity: swapActivityOf({ oomKillsSinceBoot: 2, oomKillsInWindow: 1 }) },
        object: 'lxc/101',
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'an ordinary user, who may not read the log, but the counter since boot is 0', given: { oom: denied, activity: swapActivityOf() }, symptoms: ['errors-logged'], expect: 'ruled-out' },
      { name: 'an ordinary user, and the counter says that something was killed', given: { oom: denied, activity: swapActivityOf({ oomKillsSinceBoot: 2 }) }, expect: 'cannot-tell' },
      { name: 'nothing was killed', given: { oom: { kills: [], coversBoot: true }, activity: swapActivityOf() }, expect: 'ruled-out' },
      {
        name: 'a kill of last month',
        given: { oom: { kills: [{ ...killedVm, secondsAgo: 30 * 86_400 }], coversBoot: true }, activity: swapActivityOf({ oomKillsSinceBoot: 1 }) },
        symptoms: ['guest-slow', 'errors-logged'],
      },
      {
        name: 'the counter says that something was killed, but the log does not reach back so far',
        given: { oom: { kills: [], coversBoot: false }, activity: swapActivityOf({ oomKillsSinceBoot: 3 }) },
        symptoms: ['guest-slow'],
      },
    ],
  },
});
