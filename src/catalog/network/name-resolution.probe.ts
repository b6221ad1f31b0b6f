import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const lookupSchema = z.object({
  name: z.string(),
  /** `no-answer`: nothing in the time that the resolver waits for a server, so servers are silent; `not-found`: a quick "no". */
  outcome: z.enum(['resolved', 'not-found', 'no-answer']),
  seconds: z.number(),
});
const schema = z.object({
  nameservers: z.array(z.string()),
  /** The host's own name; mostly answered by /etc/hosts. */
  own: lookupSchema.optional(),
  /** Names of servers that this host is configured to use. */
  lookups: z.array(lookupSchema),
});
export type NameResolution = z.infer<typeof schema>;

/** A resolver waits five seconds for a server by default (resolv.conf(5)); a "no" that took nearly as long is a silence. */
const silenceSeconds = 4;

function parseLookup(line: string): (z.infer<typeof lookupSchema> & { kind: string }) | undefined {
  const [kind, name, status, from, to] = words(line);
  const [code, start, end] = [countIn(status), numberIn(from), numberIn(to)];
  if ((kind !== 'own' && kind !== 'used') || name === undefined) return undefined;
  if (code === undefined || start === undefined || end === undefined) return undefined;
  const seconds = Math.max(0, Math.round((end - start) * 100) / 100);
  const outcome = code === 0 ? 'resolved' : seconds >= silenceSeconds ? 'no-answer' : 'not-found';
  return { kind, name, outcome, seconds };
}

/**
 * Looks up the host's own name and at most two names that its own configuration makes it look up anyway: of its storages, package mirrors
 * and time servers. Names in /etc/hosts are left out, since no server is asked for them. No other name is asked for, so nobody learns anything new.
 */
export default defineProbe({
  id: 'name-resolution',
  title: 'Name resolution',
  subject: 'network',
  family: 'network',
  timeoutMs: 10_000,
  maxBytes: 8_192,
  sh: `need getent
need timeout
[ -r /etc/resolv.conf ] && awk '$1 == "nameserver" { print $1, $2 }' /etc/resolv.conf
look() {
  read -r from _ < /proc/uptime
  timeout 7 getent ahosts "$2" > /dev/null 2>&1
  status=$?
  read -r to _ < /proc/uptime
  echo "$1 $2 $status $from $to"
}
{ read -r own < /proc/sys/kernel/hostname; } 2>/dev/null && look own "$own" &
names=$({
  sed 's/#.*//; s/^/hosts /' /etc/hosts 2>/dev/null
  {
    awk '$1 == "server" { print $2 }' /etc/pve/storage.cfg 2>/dev/null
    awk '$3 ~ /^(nfs4?|cifs|smb3)$/ { print $1 }' /etc/fstab 2>/dev/null
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -E '^(deb|URIs:)' | grep -oE 'https?://[^/[:space:]]+'
    awk '$1 == "server" || $1 == "pool" { print $2 }' /etc/chrony/chrony.conf /etc/chrony.conf /etc/ntp.conf 2>/dev/null
  } | sed 's|^.*//||; s|^.*@||; s|[:/].*$||'
} | awk '$1 == "hosts" { for (i = 3; i <= NF; i++) known[$i] = 1; next } /^[A-Za-z0-9.-]+[A-Za-z]$/ && !known[$0] && !seen[$0]++ { print; if (++n == 2) exit }')
for name in $names; do look used "$name" & done
wait
true`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n');
    const found = lines.flatMap((line) => parseLookup(line) ?? []);
    const plain = ({ name, outcome, seconds }: z.infer<typeof lookupSchema>): z.infer<typeof lookupSchema> => ({ name, outcome, seconds });
    const own = found.find(({ kind }) => kind === 'own');
    return {
      nameservers: lines.map(words).flatMap(([mark, address]) => (mark === 'nameserver' && address !== undefined ? [address] : [])),
      ...(own === undefined ? {} : { own: plain(own) }),
      lookups: found.filter(({ kind }) => kind === 'used').map(plain),
    };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 without a route to its name server: a quick no',
      stdout: 'nameserver 192.0.2.53\nown pve1 2 901.90 902.10\nused mirror.example.org 2 902.09 902.14\n',
      expect: { nameservers: ['192.0.2.53'], own: { outcome: 'not-found', seconds: 0.2 }, lookups: [{ outcome: 'not-found' }] },
    },
    {
      from: 'documented',
      where: 'timeout(1) ends with 124: a name server that does not answer',
      stdout: `nameserver 192.0.2.53
own pve1 0 1345.20 1345.21
used mirror.example.org 124 1345.20 1352.22
`,
      expect: {
        nameservers: ['192.0.2.53'],
        own: { name: 'pve1', outcome: 'resolved' },
        lookups: [{ name: 'mirror.example.org', outcome: 'no-answer', seconds: 7.02 }],
      },
    },
    {
      from: 'documented',
      where: 'getent(1): status 2 at once, a server said no',
      stdout: 'nameserver 127.0.0.53\nused mirror.example.net 2 10.00 10.03\nused time.example.net 0 10.00 10.05\n',
      expect: { lookups: [{ outcome: 'not-found' }, { outcome: 'resolved', seconds: 0.05 }] },
    },
    { from: 'documented', where: 'no configuration at all', stdout: '', expect: { nameservers: [], lookups: [] } },
  ],
});
