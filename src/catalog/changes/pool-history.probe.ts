import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles } from '../../lib/host-text.ts';

const mostEvents = 200;
const mostPools = 8;

const schema = z.object({
  pools: z.array(
    z.object({
      pool: z.string(),
      /** Oldest first. Times are local. */
      events: z.array(z.object({ at: z.string(), command: z.string() })),
      /** Older ones were left out, or the history could not be read to its end in time. */
      truncated: z.boolean(),
    }),
  ),
});
export type PoolHistory = z.infer<typeof schema>;

const line = /^(\d{4}-\d\d-\d\d\.\d\d:\d\d:\d\d) (.{1,300})$/;
const ours = /culprit-test-/;

/**
 * What was done to pools and datasets, `zpool history -il` (zpool-history(8)): commands, and what ZFS noted itself. Snapshots, holds and streams of snapshots are left out: there are thousands, and
 * they change no setting.
 */
export default defineProbe({
  id: 'pool-history',
  title: 'History of the pools',
  subject: 'zfs',
  family: 'zfs',
  timeoutMs: 8_000,
  maxBytes: 150_000,
  root: { need: 'needed', adds: 'what was done to pools and datasets' },
  sudo: ['/usr/bin/timeout ^2 zpool list -H -o name$', '/usr/bin/timeout ^3 zpool history -il [A-Za-z0-9_.:-]+$'],
  sh: `need zpool
is_root || denied 'the history of pools is for root only'
pools=$(as_root timeout 2 zpool list -H -o name 2>/dev/null | head -n ${mostPools})
[ -n "$pools" ] || absent 'there is no pool'
for pool in $pools; do
  case $pool in *[!A-Za-z0-9_.:-]*) continue ;; esac
  echo "==> $pool <=="
  { as_root timeout 3 zpool history -il "$pool" 2>/dev/null || echo cut; } | awk '
$0 == "cut" { cut = 1; next }
!/^[0-9]+-[0-9]+-[0-9]+\\./ { next }
/ (snapshot|destroy|hold|release|receive|recv|send|bookmark|rollback|create_snaps|destroy_snaps|user_hold|finish receiving|set [^ ]+ .*(freeing|\\$hasrecvd)) / || / set feature@/ { next }
/ zfs (snap|snapshot|destroy|hold|release|receive|recv|send|bookmark) / || / -?(snapshot|destroy) [^ ]*@/ { next }
{ n++; kept[n % ${mostEvents}] = substr($0, 1, 260) }
END { if (cut || n > ${mostEvents}) print "cut"; for (i = n > ${mostEvents} ? n - ${mostEvents} + 1 : 1; i <= n; i++) print kept[i % ${mostEvents}] }'
done
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    if (!files.has('end')) return unparsable('the answer does not reach its end');
    const pools = [...files].filter(([pool]) => pool !== 'end').slice(0, mostPools);
    return {
      pools: pools.map(([pool, text]) => {
        const lines = text.split('\n', mostEvents + 10);
        const events = lines.flatMap((one) => {
          const [, at, rest] = line.exec(one.slice(0, 320)) ?? [];
          return at === undefined || rest === undefined || ours.test(rest) ? [] : [{ at, command: rest.replace(/ \[user .{0,200}$/, '').replace(/ \[on .{0,200}$/, '').trim() }];
        });
        return { pool, events, truncated: lines.includes('cut') };
      }),
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'zpool-history(8): commands and internal events, OpenZFS 2.1',
      stdout: `==> tank <==
2026-10-01.09:00:00 zpool create -o ashift=12 tank raidz1 /dev/sda /dev/sdb /dev/sdc [user 0 (root) on pve1:linux]
2026-11-02.08:12:33 zfs set compression=lz4 tank/vm [user 0 (root) on pve1:linux]
2026-11-02.08:12:33 [txg:4711] set tank/vm (68) compression=15 [on pve1]
2026-11-02.08:20:00 zpool upgrade tank [user 0 (root) on pve1:linux]
2026-11-23.14:00:00 zfs create -o encryption=off tank/culprit-test-1234-plain [user 0 (root) on pve1:linux]
==> end <==
`,
      expect: {
        pools: [
          {
            pool: 'tank',
            events: [
              { at: '2026-10-01.09:00:00', command: 'zpool create -o ashift=12 tank raidz1 /dev/sda /dev/sdb /dev/sdc' },
              { command: 'zfs set compression=lz4 tank/vm' },
              { command: '[txg:4711] set tank/vm (68) compression=15' },
              { at: '2026-11-02.08:20:00', command: 'zpool upgrade tank' },
            ],
            truncated: false,
          },
        ],
      },
    },
    { from: 'documented', where: 'the history could not be read in time', stdout: '==> tank <==\ncut\n==> end <==\n', expect: { pools: [{ pool: 'tank', events: [], truncated: true }] } },
    { from: 'documented', where: 'cut off', stdout: '==> tank <==\n2026-10-01.09', expect: 'unparsable' },
  ],
});
