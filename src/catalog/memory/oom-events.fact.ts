import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { guestOfControlGroup } from '../guests/guest-names.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { denied, logOf } from '../kernel/kernel-log.samples.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';

const killSchema = z.object({
  /** `host`: the host as a whole had no memory left. `group`: a control group, such as a container, was at its own limit. */
  scope: z.enum(['host', 'group']),
  process: z.string(),
  pid: z.number().int(),
  /** The guest that the process belonged to, or whose limit it was. */
  guest: z.string().optional(),
  secondsAgo: z.number().optional(),
});
export type OomKill = z.infer<typeof killSchema>;

const summary = /^oom-kill:constraint=([A-Z_]{1,40}),/;
const killed = /^(Memory cgroup out|Out) of memory: Killed process (\d{1,9}) \((.{1,30}?)\)/;

function field(line: string, name: string): string | undefined {
  const at = line.indexOf(`,${name}=`);
  if (at < 0) return undefined;
  const from = at + name.length + 2;
  const end = line.indexOf(',', from);
  return line.slice(from, end < 0 ? from + 500 : end);
}

/** What the kernel's log says about processes killed for want of memory (mm/oom_kill.c: `oom-kill:` since Linux 4.19, `Killed process`). */
export default defineFact({
  id: 'oom-events',
  title: 'Processes killed for want of memory',
  needs: { log: kernelLog, system: operatingSystem },
  schema: z.object({ kills: z.array(killSchema), coversBoot: z.boolean() }),
  derive: ({ log, system }) => {
    const kills = new Map<string, OomKill>();
    for (const { text, secondsSinceBoot } of log.lines) {
      if (!text.includes('oom-kill:') && !text.includes('ut of memory: ')) continue;
      const line = text.slice(0, 1000);
      const secondsAgo = secondsSinceBoot === undefined ? undefined : Math.max(0, system.uptimeSeconds - secondsSinceBoot);
      const constraint = summary.exec(line)?.[1];
      const [, which, pidText, name] = killed.exec(line) ?? [];
      const pid = Number(constraint === undefined ? pidText : field(line, 'pid'));
      if (!Number.isInteger(pid)) continue;
      const key = String(pid);
      const known = kills.get(key);
      const group = constraint === 'CONSTRAINT_MEMCG' ? field(line, 'oom_memcg') : field(line, 'task_memcg');
      const guest = group === undefined ? known?.guest : guestOfControlGroup(group)?.object;
      const scope = constraint === 'CONSTRAINT_MEMCG' || which?.startsWith('Memory') ? 'group' : 'host';
      kills.set(key, {
        scope: known?.scope ?? scope,
        process: known?.process ?? name ?? field(line, 'task') ?? '',
        pid,
        ...(guest !== undefined && { guest }),
        ...(secondsAgo !== undefined && { secondsAgo }),
      });
    }
    return { kills: [...kills.values()].slice(-200), coversBoot: log.coversBoot };
  },
  examples: [
    {
      name: 'a VM killed by the host, and a process killed in a container at its limit',
      given: {
        system: proxmoxHost,
        log: logOf(
          [863_000, 'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/qemu.slice/100.scope,task=kvm,pid=2211,uid=0'],
          [863_000, 'Out of memory: Killed process 2211 (kvm) total-vm:9437184kB, anon-rss:8388608kB, file-rss:2048kB, shmem-rss:0kB, UID:0 pgtables:17000kB oom_score_adj:0'],
          [863_990, 'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=ns,mems_allowed=0,oom_memcg=/lxc/101,task_memcg=/lxc/101/ns/system.slice/mysql.service,task=mysqld,pid=4000,uid=100110'],
          [863_990, 'Memory cgroup out of memory: Killed process 4000 (mysqld) total-vm:1048576kB, anon-rss:900000kB, file-rss:0kB, shmem-rss:0kB, UID:100110'],
        ),
      },
      expect: {
        kills: [
          { scope: 'host', process: 'kvm', pid: 2211, guest: 'qemu/100', secondsAgo: 1000 },
          { scope: 'group', process: 'mysqld', pid: 4000, guest: 'lxc/101', secondsAgo: 10 },
        ],
      },
    },
    { name: 'nothing was killed', given: { system: proxmoxHost, log: logOf([5, 'Memory: 1474364K/1572328K available']) }, expect: { kills: [], coversBoot: true } },
    { name: 'not permitted', given: { system: proxmoxHost, log: denied }, expect: 'not-permitted' },
  ],
});
