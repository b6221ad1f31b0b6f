import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { secondsToCron, type LocalTime } from './cron-schedule.ts';

const schema = z.object({
  /** Whether commands can be run as root here. */
  asRoot: z.boolean(),
  /** Tools that run now, daemons among them. */
  running: z.array(z.string()),
  /** Tools that timers or cron start, and in how many seconds; undefined where that could not be told. A day means a day or more. */
  due: z.array(z.object({ tool: z.string(), inSeconds: z.number().optional() })),
  /** Pools that a tool is told to go through as a whole, by its configuration; what is not among the tools goes through all. `*` means all pools. */
  covers: z.array(z.object({ tool: z.string(), pools: z.array(z.string()) })),
});
export type SnapshotTools = z.infer<typeof schema>;

/** Commands as they are installed. The kernel keeps the first 15 characters of a process's name. */
const tools = ['sanoid', 'syncoid', 'zfs-auto-snapshot', 'znapzend', 'zrepl', 'pve-zsync', 'zfs-autobackup', 'pyznap', 'zfsnap', 'simplesnap'];
const pattern = [...tools, 'zfs +snap(shot)?'].join('|');

/** systemctl show --timestamp=unix: `NextElapseUSecRealtime=@1795402157`. */
function timersIn(rows: readonly string[], now: number): SnapshotTools['due'] {
  const timers: { id: string; active: boolean; next?: number; relative: boolean }[] = [];
  for (const row of rows) {
    const [key, value = ''] = row.split('=', 2);
    if (key === 'Id') timers.push({ id: value.slice(0, 100), active: false, relative: false });
    const timer = timers.at(-1);
    if (timer === undefined) continue;
    if (key === 'ActiveState') timer.active = value === 'active';
    if (key === 'NextElapseUSecMonotonic') timer.relative = value !== '' && value !== 'infinity';
    const at = key === 'NextElapseUSecRealtime' ? countIn(value.replace('@', '')) : undefined;
    if (at !== undefined) timer.next = Math.max(0, at - now);
  }
  return timers.filter(({ active }) => active).map(({ id, next, relative }) => ({ tool: id, ...(next !== undefined && !relative && { inSeconds: next }) }));
}

function cronIn(row: string, local: LocalTime): SnapshotTools['due'][number] {
  const [, ...rest] = words(row);
  const isNamed = rest[0]?.startsWith('@') === true;
  const inSeconds = rest[0] === '@reboot' ? 86_400 : secondsToCron(rest.slice(0, isNamed ? 1 : 5).join(' '), local);
  return { tool: rest.slice(isNamed ? 1 : 5).join(' ').slice(0, 60) || 'a command of cron', ...(inSeconds !== undefined && { inSeconds }) };
}

/**
 * What makes snapshots of ZFS by itself: a snapshot of a temporary dataset would keep it from being removed. Of command lines only the time and the name of the tool leave the host.
 */
export default defineProbe({
  id: 'snapshot-tools',
  title: 'Tools that make ZFS snapshots by themselves',
  subject: 'zfs',
  maxBytes: 16_384,
  root: { need: 'helps', adds: 'snapshot tools in the crontab of root' },
  sudo: ['/usr/bin/cat /var/spool/cron/crontabs/root'],
  sh: `if is_root; then echo 'root yes'; else echo 'root no'; fi
date '+now %s %M %H %d %m %w'
cat /proc/[0-9]*/comm 2>/dev/null | grep -xE '${tools.map((tool) => tool.slice(0, 15)).join('|')}' | sort -u | head -n 20 | sed 's/^/running /'
if have systemctl; then
  set -- $(ls /etc/systemd/system /run/systemd/system /lib/systemd/system /usr/lib/systemd/system 2>/dev/null | grep -E '^(${tools.join('|')})[A-Za-z0-9_.@-]*[.]timer$' | sort -u | head -n 20)
  for file in $(grep -lsE '${pattern}' /etc/systemd/system/*.service | head -n 20); do
    file=\${file##*/}
    case $file in *[!A-Za-z0-9_.@-]*) ;; *) set -- "$@" "\${file%.service}.timer" ;; esac
  done
  if [ $# -gt 0 ]; then
    timeout 2 systemctl show --timestamp=unix -p Id,ActiveState,NextElapseUSecRealtime,NextElapseUSecMonotonic "$@" 2>/dev/null ||
      timeout 2 systemctl show -p Id,ActiveState,NextElapseUSecRealtime,NextElapseUSecMonotonic "$@" 2>/dev/null
  fi
fi | head -n 200
{ cat /etc/crontab /etc/cron.d/* 2>/dev/null; as_root cat /var/spool/cron/crontabs/root 2>/dev/null; } |
  awk '/^[ \\t]*#/ { next } match($0, /${pattern}/) { tool = substr($0, RSTART, RLENGTH); if ($1 ~ /^@/) print "cron", $1, tool; else print "cron", $1, $2, $3, $4, $5, tool }' | head -n 50
for period in hourly daily weekly monthly; do
  for file in $(grep -lsE '${pattern}' "/etc/cron.$period"/* | head -n 5); do
    awk -v period="cron.$period" -v tool="\${file##*/}" '!/^[ \\t]*#/ && index($0, period) { print "cron", $1, $2, $3, $4, $5, tool; exit }' /etc/crontab
  done
done
if [ -r /etc/sanoid/sanoid.conf ]; then
  echo 'covers sanoid'
  sed -n 's/^[[:space:]]*\\[\\([A-Za-z][A-Za-z0-9_.:-]*\\)\\].*$/covers sanoid \\1/p' /etc/sanoid/sanoid.conf | grep -v ' template_' | head -n 20
fi
for file in /etc/zrepl/zrepl.yml /usr/local/etc/zrepl/zrepl.yml; do
  [ -r "$file" ] || continue
  echo 'covers zrepl'
  sed -n "s/^[[:space:]]*[\\"']\\{0,1\\}\\([A-Za-z0-9_.:-]*\\)<[\\"']\\{0,1\\}[[:space:]]*:[[:space:]]*true.*$/covers zrepl \\1/p" "$file" | sed 's/ $/ */' | head -n 20
done
echo end`,
  schema,
  parse: (stdout) => {
    const rows = stdout.split('\n', 500);
    const [, now, minute, hour, dayOfMonth, month, dayOfWeek] = words(rows.find((row) => row.startsWith('now ')) ?? '').map(countIn);
    if (!rows.includes('end') || now === undefined || minute === undefined || hour === undefined || dayOfMonth === undefined || month === undefined || dayOfWeek === undefined) {
      return unparsable('the answer does not reach its end');
    }
    const local = { minute, hour, dayOfMonth, month, dayOfWeek };
    const covers = new Map<string, string[]>();
    for (const row of rows) {
      const [kind, tool, pool] = words(row);
      if (kind === 'covers' && tool !== undefined) covers.set(tool, [...(covers.get(tool) ?? []), ...(pool === undefined ? [] : [pool])]);
    }
    return {
      asRoot: rows.includes('root yes'),
      running: rows.filter((row) => row.startsWith('running ')).map((row) => row.slice(8, 40)),
      due: [...timersIn(rows, now), ...rows.filter((row) => row.startsWith('cron ')).slice(0, 60).map((row) => cronIn(row, local))],
      covers: [...covers].map(([tool, pools]) => ({ tool, pools })),
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, ZFS 2.1.11, without such tools',
      stdout: 'root yes\nnow 1795437574 39 12 23 11 1\nend\n',
      expect: { asRoot: true, running: [], due: [], covers: [] },
    },
    {
      from: 'documented',
      where: 'sanoid 2.2 with its timer and sanoid.conf, syncoid in cron (their documentation; systemctl(1))',
      stdout: `root yes
now 1795437574 39 12 23 11 1
running sanoid
Id=sanoid.timer
ActiveState=active
NextElapseUSecRealtime=@1795437900
NextElapseUSecMonotonic=infinity

cron */10 * * * * syncoid
cron @weekly pve-zsync
covers sanoid
covers sanoid tank
end
`,
      expect: {
        running: ['sanoid'],
        due: [{ tool: 'sanoid.timer', inSeconds: 326 }, { tool: 'syncoid', inSeconds: 60 }, { tool: 'pve-zsync', inSeconds: 86_400 }],
        covers: [{ tool: 'sanoid', pools: ['tank'] }],
      },
    },
    {
      from: 'documented',
      where: 'zrepl (its documentation), and systemd before 247, which prints times in words',
      stdout: 'root yes\nnow 1795437574 39 12 23 11 1\nrunning zrepl\nId=zfs-auto-snapshot-hourly.timer\nActiveState=active\nNextElapseUSecRealtime=Mon 2026-11-23 13:00:00 UTC\ncovers zrepl\ncovers zrepl *\nend\n',
      expect: { running: ['zrepl'], due: [{ tool: 'zfs-auto-snapshot-hourly.timer' }], covers: [{ tool: 'zrepl', pools: ['*'] }] },
    },
    { from: 'documented', where: 'an answer that was cut off', stdout: 'root yes\n', expect: 'unparsable' },
  ],
});
