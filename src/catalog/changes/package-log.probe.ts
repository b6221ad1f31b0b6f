import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, dumpedFiles, words } from '../../lib/host-text.ts';

const mostLines = 1_500;

const schema = z.object({
  /** What dpkg did, oldest first. Times are local. */
  entries: z.array(z.object({ at: z.string(), action: z.enum(['install', 'upgrade', 'remove', 'purge']), name: z.string(), from: z.string().optional(), to: z.string().optional() })),
  /** Runs of apt with the command that started them, oldest first. Times are local. */
  runs: z.array(z.object({ at: z.string(), command: z.string().optional() })),
  /** Packages of rpm by the time of their installation, oldest first. */
  rpm: z.array(z.object({ atSeconds: z.number(), name: z.string(), version: z.string() })),
  /** Older entries were left out. */
  truncated: z.boolean(),
});
export type PackageLog = z.infer<typeof schema>;

const localTime = /^\d{4}-\d\d-\d\d {1,2}\d\d:\d\d:\d\d$/;
const version = (text: string | undefined): string | undefined => (text === undefined || text === '<none>' ? undefined : text.slice(0, 100));

function entryOf(line: string): PackageLog['entries'][number][] {
  const [date = '', time = '', action, name, from, to] = words(line.slice(0, 400));
  const at = `${date} ${time}`;
  if (name === undefined || !localTime.test(at) || (action !== 'install' && action !== 'upgrade' && action !== 'remove' && action !== 'purge')) return [];
  const [before, after] = [version(from), version(to)];
  return [{ at, action, name: name.replace(/:[a-z0-9-]{1,20}$/, '').slice(0, 100), ...(before && { from: before }), ...(after && action !== 'remove' && action !== 'purge' && { to: after }) }];
}

function runsOf(lines: readonly string[]): PackageLog['runs'] {
  const runs: { at: string; command?: string }[] = [];
  for (const line of lines) {
    const [, key, value = ''] = /^(Start-Date|Commandline): (.{1,200})/.exec(line) ?? [];
    if (key === 'Start-Date' && localTime.test(value.trim())) runs.push({ at: value.trim() });
    const last = runs.at(-1);
    if (key === 'Commandline' && last !== undefined) last.command = value.trim();
  }
  return runs;
}

/**
 * dpkg.log (dpkg(1)): `date time action package old new`, here without the states between; apt's history.log tells which command it was. Logs are read from their end, and rotated
 * ones up to 8 MB. Words of commands that hold a value or an address are left out on the host already.
 */
export default defineProbe({
  id: 'package-log',
  title: 'Packages that were installed, upgraded and removed',
  subject: 'kernel',
  family: 'packages',
  timeoutMs: 6_000,
  maxBytes: 200_000,
  sh: `found=
for f in /var/log/dpkg.log /var/log/dpkg.log.1 /var/log/dpkg.log.1.gz; do [ -r "$f" ] && found=1; done
if [ -n "$found" ]; then
  echo '==> dpkg <=='
  {
    for f in /var/log/dpkg.log.3.gz /var/log/dpkg.log.2.gz /var/log/dpkg.log.1.gz; do [ -r "$f" ] && gzip -dc "$f" 2>/dev/null | head -c 8000000; done
    for f in /var/log/dpkg.log.1 /var/log/dpkg.log; do [ -r "$f" ] && tail -c 8000000 "$f"; done
  } | awk '$3 == "install" || $3 == "upgrade" || $3 == "remove" || $3 == "purge" { kept[++n % ${mostLines}] = substr($0, 1, 300) }
  END { for (i = n > ${mostLines} ? n - ${mostLines} + 1 : 1; i <= n; i++) print kept[i % ${mostLines}]; print "lines " n + 0 }'
  echo '==> apt <=='
  for f in /var/log/apt/history.log.1.gz /var/log/apt/history.log; do
    case $f in *.gz) [ -r "$f" ] && gzip -dc "$f" 2>/dev/null | tail -c 2000000 ;; *) [ -r "$f" ] && tail -c 2000000 "$f" ;; esac
  done | awk '/^Start-Date: / { print substr($0, 1, 60) }
  /^Commandline: / { line = $1; for (i = 2; i <= NF && i <= 12; i++) line = line " " ($i ~ /[=@]|:\\/\\// ? "…" : substr($i, 1, 60)); print line }' | tail -n 400
elif have rpm; then
  echo '==> rpm <=='
  rpm -qa --qf '%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n' 2>/dev/null | sort -n | tail -n ${mostLines}
else
  absent 'neither dpkg nor rpm keeps a log here'
fi
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const lines = (name: string): string[] => (files.get(name) ?? '').split('\n', mostLines + 10);
    const dpkg = lines('dpkg');
    const total = countIn(/^lines +(\d{1,9})$/m.exec(files.get('dpkg') ?? '')?.[1]) ?? 0;
    const rpm = lines('rpm').flatMap((line) => {
      const [seconds, name, release] = words(line.slice(0, 300));
      const atSeconds = countIn(seconds);
      return atSeconds === undefined || name === undefined || release === undefined ? [] : [{ atSeconds, name, version: release }];
    });
    return { entries: dpkg.flatMap(entryOf), runs: runsOf(lines('apt')), rpm, truncated: total > mostLines || rpm.length >= mostLines || !files.has('end') };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, dpkg 1.21, apt 2.6',
      stdout: `==> dpkg <==
2026-11-02 08:12:33 install zfs-dkms:all <none> 2.1.11-1+deb12u1
2026-11-02 08:12:40 upgrade base-files:amd64 12.4+deb12u10 12.4+deb12u11
2026-11-02 08:12:41 remove nano:amd64 7.2-1 <none>
lines 3
==> apt <==
Start-Date: 2026-11-02  08:12:31
Commandline: apt-get -y -o … dist-upgrade
==> end <==
`,
      expect: {
        entries: [
          { at: '2026-11-02 08:12:33', action: 'install', name: 'zfs-dkms', to: '2.1.11-1+deb12u1' },
          { action: 'upgrade', name: 'base-files', from: '12.4+deb12u10', to: '12.4+deb12u11' },
          { action: 'remove', name: 'nano', from: '7.2-1' },
        ],
        runs: [{ at: '2026-11-02  08:12:31', command: 'apt-get -y -o … dist-upgrade' }],
        rpm: [],
        truncated: false,
      },
    },
    {
      from: 'documented',
      where: 'rpm(8), query format INSTALLTIME',
      stdout: '==> rpm <==\n1795400001 kernel-core 5.14.0-427.el9\n1795400002 zfs-dkms 2.2.7-1.el9\n==> end <==\n',
      expect: { entries: [], rpm: [{ atSeconds: 1_795_400_001, name: 'kernel-core', version: '5.14.0-427.el9' }, { name: 'zfs-dkms' }] },
    },
    {
      from: 'documented',
      where: 'a log cut in the middle of a line, with foreign lines in it',
      stdout: '==> dpkg <==\n2026-11-02 08:1\nupgrade\n2026-11-02 08:12:40 trigproc man-db:amd64 2.11 <none>\n2026-11-02 08:12:40 upgrade libc6:amd64',
      expect: { entries: [{ name: 'libc6', action: 'upgrade' }], truncated: true },
    },
  ],
});
