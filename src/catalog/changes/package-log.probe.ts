import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, dumpedFiles, words } from '../../lib/host-text.ts';
import { mostLines, packageLogScript, packageLogSudo } from './package-log-script.ts';

const schema = z.object({
  /** What dpkg did, oldest first. Times are local. */
  entries: z.array(z.object({ at: z.string(), action: z.enum(['install', 'upgrade', 'remove', 'purge']), name: z.string(), from: z.string().optional(), to: z.string().optional() })),
  /** Runs of apt with the command that started them, oldest first. Times are local. */
  runs: z.array(z.object({ at: z.string(), command: z.string().optional() })),
  /** Packages of rpm by the time of their installation, oldest first. */
  rpm: z.array(z.object({ atSeconds: z.number(), name: z.string(), version: z.string() })),
  /** What could not be set up, from the log of what apt printed, oldest first. Times are local. */
  failures: z.array(z.object({ at: z.string(), name: z.string().optional(), says: z.string() })).optional(),
  /** Older entries were left out. */
  truncated: z.boolean(),
  /** Files that were read in part only: too large, damaged, or packed by what is not installed. */
  cut: z.array(z.string()).optional(),
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
 * `dpkg: error processing package zfs-dkms (--configure):`, in the language of whoever ran apt: only the package's name and the step are the same in all. The name is the last word that can be one.
 */
function failuresOf(lines: readonly string[]): NonNullable<PackageLog['failures']> {
  return lines.flatMap((line) => {
    const [, at = '', text = ''] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\|(.{1,240})$/.exec(line) ?? [];
    if (text.startsWith('Error! ')) return [{ at, says: text.slice(7, 160).trim() }];
    const [, before = '', step] = /^dpkg: (.{1,200}?) {0,2}\(--(configure|unpack|install|remove|purge)\)/.exec(text) ?? [];
    const word = words(before).findLast((one) => /^(?:\/\S{1,160}\/)?[a-z0-9][a-z0-9+.-]{1,60}(?::[a-z0-9-]{1,20}|_\S{1,120}\.deb)?$/.test(one));
    const name = word?.replace(/^.*\//, '').replace(/[:_].*$/, '');
    return step === undefined || name === undefined ? [] : [{ at, name, says: step }];
  });
}

/**
 * dpkg.log (dpkg(1)): `date time action package old new`, here without the states between; apt's history.log tells which command it was. term.log has what the packages' scripts printed, of
 * which only failures are taken. Words of commands that hold a value or an address are left out on the host already.
 */
export default defineProbe({
  id: 'package-log',
  title: 'Packages that were installed, upgraded and removed',
  subject: 'kernel',
  family: 'packages',
  timeoutMs: 9_000,
  maxBytes: 240_000,
  root: { need: 'helps', adds: 'which packages could not be set up' },
  sudo: packageLogSudo,
  sh: packageLogScript,
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
    const cut = [...new Set(['dpkg', 'apt', 'term'].flatMap((name) => lines(name).flatMap((line) => /^#cut ([\w.-]{1,60})$/.exec(line)?.[1] ?? [])))].slice(0, 20);
    return { entries: dpkg.flatMap(entryOf), runs: runsOf(lines('apt')), rpm, failures: failuresOf(lines('term')), truncated: total > mostLines || rpm.length >= mostLines || !files.has('end'), cut };
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
==> term <==
2026-11-02 08:12:31|Error! Bad return status for module build on kernel: 6.1.0-18-amd64 (x86_64)
2026-11-02 08:12:31|dpkg: error processing package zfs-dkms (--configure):
2026-11-02 08:12:31|dpkg: Fehler beim Bearbeiten des Archivs /var/cache/apt/archives/nano_7.2-1_amd64.deb (--unpack):
2026-11-02 08:12:31|dpkg: パッケージ libc6:amd64 の処理中にエラーが発生しました (--configure):
#cut term.log.1.gz
==> end <==
`,
      expect: {
        failures: [
          { says: 'Bad return status for module build on kernel: 6.1.0-18-amd64 (x86_64)' },
          { at: '2026-11-02 08:12:31', name: 'zfs-dkms', says: 'configure' },
          { name: 'nano', says: 'unpack' },
          { name: 'libc6', says: 'configure' },
        ],
        cut: ['term.log.1.gz'],
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
