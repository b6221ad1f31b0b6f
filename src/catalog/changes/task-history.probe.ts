import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles, words } from '../../lib/host-text.ts';
import { upidOf } from '../guests/proxmox-task.ts';

const mostTasks = 800;

const schema = z.object({
  /** Finished tasks, in the order of their end. */
  tasks: z.array(
    z.object({
      /** `qmstart`, `vzdump`, `aptupdate`, `qmmigrate`, … */
      type: z.string(),
      /** Of a guest, a service or a storage; empty where it is about the node. */
      id: z.string(),
      startedSeconds: z.number(),
      endedSeconds: z.number(),
      ok: z.boolean(),
    }),
  ),
  truncated: z.boolean(),
});
export type TaskHistory = z.infer<typeof schema>;

/** Consoles and logins change nothing. */
const idle = ['vncproxy', 'vncshell', 'spiceproxy', 'spiceshell', 'termproxy', 'auth-realm-sync'];

/**
 * The index of finished tasks, `UPID end status` a line, times in hex seconds (pve-common, PVE::RESTEnvironment). Users are cut out, and so is the status but for whether it was well.
 */
export default defineProbe({
  id: 'task-history',
  title: 'Tasks of Proxmox VE',
  subject: 'guests',
  timeoutMs: 4_000,
  maxBytes: 100_000,
  root: { need: 'needed', adds: 'backups, migrations, upgrades and starts of guests that Proxmox VE ran' },
  sudo: ['/usr/bin/tail ^-q -c 1200000 /var/log/pve/tasks/index\\.1 /var/log/pve/tasks/index$'],
  sh: `[ -d /var/log/pve/tasks ] || absent 'this is not a Proxmox VE host'
is_root || denied 'the task log is for root only'
need awk
echo '==> tasks <=='
as_root tail -q -c 1200000 /var/log/pve/tasks/index.1 /var/log/pve/tasks/index 2>/dev/null | awk -F: '
$1 == "UPID" && $6 !~ /^(${idle.join('|')})$/ {
  tail = $NF; n = split($0, word, " ")
  for (i = 2; i <= n; i++) if (word[i] ~ /^[0-9A-Fa-f]+$/ && length(word[i]) == 8) { print $5, word[i], $6, ($7 == "" ? "-" : substr($7, 1, 60)), (word[i + 1] == "OK" || word[i + 1] == "WARNINGS:" ? "ok" : "failed"); break }
}' | tail -n ${mostTasks}
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    if (!files.has('end')) return unparsable('the answer does not reach its end');
    const tasks = (files.get('tasks') ?? '').split('\n', mostTasks + 10).flatMap((line) => {
      const [started = '', ended = '', type = '', id = '', how] = words(line.slice(0, 300));
      if (!/^[0-9A-Fa-f]{8}$/.test(ended) || upidOf(`UPID:n:00000000:00000000:${started}:${type}:${id}:`) === undefined || (how !== 'ok' && how !== 'failed')) return [];
      return [{ type, id: id === '-' ? '' : id, startedSeconds: Number.parseInt(started, 16), endedSeconds: Number.parseInt(ended, 16), ok: how === 'ok' }];
    });
    return { tasks, truncated: tasks.length >= mostTasks };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: the index of finished tasks, as the awk of this probe leaves it',
      stdout: '==> tasks <==\n65400000 65400100 aptupdate - ok\n65550000 65550003 qmstart 100 failed\n65550010 65560020 vzdump 101 ok\n==> end <==\n',
      expect: { tasks: [{ type: 'aptupdate', id: '', ok: true }, { type: 'qmstart', id: '100', ok: false, startedSeconds: 0x65550000 }, { type: 'vzdump', id: '101' }], truncated: false },
    },
    { from: 'documented', where: 'nothing was ever done', stdout: '==> tasks <==\n==> end <==\n', expect: { tasks: [] } },
    { from: 'documented', where: 'foreign lines between', stdout: '==> tasks <==\nhello\n65550000 655 qmstart 100 ok\n==> end <==\n', expect: { tasks: [] } },
    { from: 'documented', where: 'cut off', stdout: '==> tasks <==\n65550000 65550003 qmst', expect: 'unparsable' },
  ],
});
