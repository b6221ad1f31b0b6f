import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { words } from '../../lib/host-text.ts';
import { isoWithZone } from '../../lib/local-time.ts';

const mostLogins = 60;

const schema = z.object({
  /** Newest first. */
  logins: z.array(z.object({ user: z.string(), terminal: z.string(), at: z.string() })),
});
export type Logins = z.infer<typeof schema>;

/** Who was on the host, last(1). From where is cut off on the host already. */
export default defineProbe({
  id: 'logins',
  title: 'Logins of people',
  subject: 'kernel',
  timeoutMs: 3_000,
  maxBytes: 16_384,
  sh: `need last
for f in /var/log/wtmp /var/log/wtmp.1; do
  if [ "$f" = /var/log/wtmp ]; then last -w --time-format iso -n ${2 * mostLogins} 2>/dev/null
  elif [ -r "$f" ]; then last -w --time-format iso -n ${2 * mostLogins} -f "$f" 2>/dev/null; fi
done | awk '$1 != "reboot" && $1 != "shutdown" && $1 != "wtmp" && $1 != "runlevel" { for (i = 3; i <= NF; i++) if ($i ~ /^[0-9]+-[0-9]+-[0-9]+T/) { print substr($1, 1, 40), substr($2, 1, 20), $i; break } }' | head -n ${mostLogins}`,
  schema,
  parse: (stdout) => ({
    logins: stdout.split('\n', mostLogins + 5).flatMap((line) => {
      const [user, terminal, at] = words(line.slice(0, 120));
      return user === undefined || terminal === undefined || at === undefined || !isoWithZone.test(at) ? [] : [{ user, terminal, at }];
    }),
  }),
  examples: [
    {
      from: 'documented',
      where: 'last(1) of util-linux 2.38, as the awk of this probe leaves it',
      stdout: 'root pts/0 2026-11-23T13:30:00+01:00\nanna tty1 2026-11-20T08:00:00+01:00\n',
      expect: { logins: [{ user: 'root', terminal: 'pts/0', at: '2026-11-23T13:30:00+01:00' }, { user: 'anna', terminal: 'tty1' }] },
    },
    { from: 'documented', where: 'nobody was there', stdout: '', expect: { logins: [] } },
    { from: 'documented', where: 'a last without ISO times', stdout: 'root pts/0 Mon\n', expect: { logins: [] } },
  ],
});
