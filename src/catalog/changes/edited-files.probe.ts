import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedFiles } from '../../lib/host-text.ts';

const days = 60;
const mostFiles = 400;
const mostCommits = 60;

const schema = z.object({
  nowSeconds: z.number(),
  /** Settings whose content or place changed lately: the last change only, since nothing older is kept. */
  files: z.array(z.object({ path: z.string(), modifiedSeconds: z.number(), changedSeconds: z.number() })),
  /** What etckeeper noted of /etc, newest first, with the first line of what was said to it. */
  commits: z.array(z.object({ atSeconds: z.number(), subject: z.string().optional(), paths: z.array(z.string()) })),
  truncated: z.boolean(),
});
export type EditedFiles = z.infer<typeof schema>;

const path = /^\/[\x20-\x7e]{1,200}$/;

/**
 * Files under /etc, and of guests under /etc/pve, that were written within ${days} days, with the time of their content and of their inode (stat(1)): a file that a package brought has an older content. Names
 * only, no content. Where etckeeper keeps /etc in git, its commits tell more.
 */
export default defineProbe({
  id: 'edited-files',
  title: 'Settings that were edited',
  subject: 'kernel',
  family: 'pve',
  timeoutMs: 6_000,
  maxBytes: 100_000,
  root: { need: 'helps', adds: 'settings in folders that are for root only, and the commits of etckeeper' },
  sudo: [`/usr/bin/timeout ^3 git -c safe\\.directory=/etc -C /etc log -n ${mostCommits} --format=commit %ct %f --name-only --no-renames$`],
  sh: `need find
need stat
echo '==> now <=='
date +%s
echo '==> files <=='
{ find /etc /usr/local/etc /boot/grub/grub.cfg -xdev -type f -mtime -${days} -exec stat -c '%Y %Z %n' {} + 2>/dev/null
  [ -d /etc/pve/nodes ] && find /etc/pve/storage.cfg /etc/pve/datacenter.cfg /etc/pve/jobs.cfg /etc/pve/corosync.conf /etc/pve/ha /etc/pve/sdn /etc/pve/firewall "/etc/pve/nodes/$(uname -n)/qemu-server" "/etc/pve/nodes/$(uname -n)/lxc" -type f -mtime -${days} -exec stat -c '%Y %Z %n' {} + 2>/dev/null
} | sort -n | tail -n ${mostFiles} | cut -c 1-240
echo '==> commits <=='
if [ -d /etc/.git ] && have git; then as_root timeout 3 git -c safe.directory=/etc -C /etc log -n ${mostCommits} '--format=commit %ct %f' --name-only --no-renames 2>/dev/null | head -n 600 | cut -c 1-200; fi
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const sections = dumpedFiles(stdout);
    const nowSeconds = countIn(sections.get('now')?.trim());
    if (nowSeconds === undefined || !sections.has('end')) return unparsable('the answer does not reach its end');
    const files = (sections.get('files') ?? '').split('\n', mostFiles + 10).flatMap((line) => {
      const [, modified, changed, name = ''] = /^(\d{1,12}) (\d{1,12}) (.{1,220})$/.exec(line) ?? [];
      const [modifiedSeconds, changedSeconds] = [countIn(modified), countIn(changed)];
      return modifiedSeconds === undefined || changedSeconds === undefined || !path.test(name) ? [] : [{ path: name, modifiedSeconds, changedSeconds }];
    });
    const commits: { atSeconds: number; subject?: string; paths: string[] }[] = [];
    for (const line of (sections.get('commits') ?? '').split('\n', 700)) {
      const [, seconds, subject] = /^commit (\d{1,12})(?: ([\w.-]{1,200}))?$/.exec(line) ?? [];
      const atSeconds = countIn(seconds);
      if (atSeconds !== undefined) commits.push({ atSeconds, paths: [], ...(subject !== undefined && { subject: subject.replaceAll('-', ' ').slice(0, 100) }) });
      else if (line !== '' && path.test(`/etc/${line}`)) commits.at(-1)?.paths.push(`/etc/${line}`);
    }
    return { nowSeconds, files, commits, truncated: files.length >= mostFiles };
  },
  examples: [
    {
      from: 'documented',
      where: 'stat(1) and git-log(1)',
      stdout: `==> now <==
1795444000
==> files <==
1700000000 1795440000 /etc/logrotate.d/dpkg
1795441000 1795441000 /etc/modprobe.d/zfs.conf
1795442000 1795442000 /etc/pve/nodes/pve1/qemu-server/100.conf
==> commits <==
commit 1795441100 Let-ZFS-have-less

modprobe.d/zfs.conf
commit 1795430000

hosts
apt/sources.list
==> end <==
`,
      expect: {
        files: [{ path: '/etc/logrotate.d/dpkg' }, { path: '/etc/modprobe.d/zfs.conf', modifiedSeconds: 1_795_441_000 }, { path: '/etc/pve/nodes/pve1/qemu-server/100.conf' }],
        commits: [{ atSeconds: 1_795_441_100, subject: 'Let ZFS have less', paths: ['/etc/modprobe.d/zfs.conf'] }, { paths: ['/etc/hosts', '/etc/apt/sources.list'] }],
        truncated: false,
      },
    },
    { from: 'documented', where: 'nothing was edited', stdout: '==> now <==\n1795444000\n==> files <==\n==> commits <==\n==> end <==\n', expect: { files: [], commits: [] } },
    { from: 'documented', where: 'cut off', stdout: '==> now <==\n1795444000\n==> files <==\n17954', expect: 'unparsable' },
  ],
});
