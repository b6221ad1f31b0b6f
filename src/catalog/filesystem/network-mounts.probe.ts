import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { countIn, numberIn } from '../../lib/host-text.ts';
import { unescapeMount } from './mounts.probe.ts';

const schema = z.object({
  mounts: z.array(
    z.object({ server: z.string(), device: z.string(), mountPoint: z.string(), type: z.string(), hard: z.boolean() }),
  ),
  servers: z.array(
    z.object({
      server: z.string(),
      /** The mount that was asked about. */
      mountPoint: z.string(),
      /**
       * `answers`; `fails` with `says`; `hangs`: no answer in five seconds, the question could be withdrawn; `stuck`: it could not;
       * `not-asked`: the kernel already says that the server does not respond.
       */
      outcome: z.enum(['answers', 'fails', 'hangs', 'stuck', 'not-asked']),
      seconds: z.number().optional(),
      says: z.string(),
    }),
  ),
  /** NFS only: requests that the transport still waits for, and requests repeated because of a timeout since the mount. */
  transports: z.array(z.object({ mountPoint: z.string(), pendingRequests: z.number(), timeouts: z.number() })),
});
export type NetworkMounts = z.infer<typeof schema>;

type Server = NetworkMounts['servers'][number];
const outcomes = ['answers', 'fails', 'hangs', 'stuck', 'not-asked'] as const;

function parseServer(fields: readonly string[]): Server | undefined {
  const [, outcome, server, mountPoint, from, to, says] = fields;
  const known = outcomes.find((one) => one === outcome);
  if (known === undefined || server === undefined || mountPoint === undefined) return undefined;
  const [start, end] = [numberIn(from), numberIn(to)];
  const timed = start === undefined || end === undefined || end < start ? {} : { seconds: Math.round((end - start) * 100) / 100 };
  return { server, mountPoint: unescapeMount(mountPoint), outcome: known, ...timed, says: says ?? '' };
}

/** Lines are separated by tabs; the first field tells what a line is. */
function parse(stdout: string): NetworkMounts | ReturnType<typeof absent> {
  const rows = stdout.split('\n').map((line) => line.split('\t'));
  const mounts = rows.flatMap(([mark, type, server, device, mountPoint, options]) => {
    if (mark !== 'mount' || type === undefined || server === undefined || device === undefined || mountPoint === undefined) return [];
    const hard = type.startsWith('nfs') && !(options ?? '').split(',').includes('soft');
    return [{ server, device: unescapeMount(device), mountPoint: unescapeMount(mountPoint), type, hard }];
  });
  const transports = rows.flatMap(([mark, mountPoint, pending, timeouts]) => {
    if (mark !== 'transport' || mountPoint === undefined) return [];
    return [{ mountPoint: unescapeMount(mountPoint), pendingRequests: countIn(pending) ?? 0, timeouts: countIn(timeouts) ?? 0 }];
  });
  if (mounts.length === 0) return absent('no network file system is mounted');
  return { mounts, servers: rows.filter(([mark]) => mark === 'server').flatMap((row) => parseServer(row) ?? []), transports };
}

/**
 * One `stat -f` for each server, which always asks the server and never the cache; all at once, five seconds at most. NFS waits can be
 * killed (TASK_KILLABLE), those of other file systems may not: so a server that the kernel reported as silent within the last hour is not asked at all.
 * The counters are of /proc/self/mountstats: sends and receives of `xprt:`, timeouts of each operation.
 */
export default defineProbe({
  id: 'network-mounts',
  title: 'Network file systems and whether their servers answer',
  subject: 'filesystem',
  family: 'mounts',
  timeoutMs: 12_000,
  maxBytes: 65_536,
  sh: `list=$(awk 'BEGIN { OFS = "\\t" } {
  for (i = 7; i < NF && $i != "-"; i++);
  type = $(i + 1); device = $(i + 2)
  if (type !~ /^(nfs4?|cifs|smb3|ceph|glusterfs|fuse\\.(glusterfs|sshfs|ceph))$/ || ++n > 100) next
  server = device
  if (type ~ /^(cifs|smb3)$/) { split(device, part, "/"); server = part[3] } else sub(/:\\/.*/, "", server)
  sub(/^.*@/, "", server)
  sub(/:[^@\\/]*@/, ":...@", device)
  print "mount", type, server, device, $5, $(i + 3) }' /proc/self/mountinfo)
[ -n "$list" ] || absent 'no network file system is mounted'
printf '%s\\n' "$list" | awk 'BEGIN { FS = OFS = "\\t" } { $6 = $6 ~ /(^|,)soft(,|$)/ ? "soft" : ""; print }'
[ -r /proc/self/mountstats ] && awk '$1 == "device" { point = "" ; if ($8 ~ /^nfs/) point = $5 }
point != "" && $1 == "xprt:" && ($2 == "tcp" || $2 == "rdma") { pending[point] += $8 - $9 }
point != "" && $1 == "xprt:" && $2 == "udp" { pending[point] += $5 - $6 }
point != "" && $1 ~ /^[A-Z_0-9]+:$/ && NF >= 9 { late[point] += $4 }
END { for (point in pending) printf "transport\\t%s\\t%d\\t%d\\n", point, (pending[point] > 0 ? pending[point] : 0), late[point] }' /proc/self/mountstats
read -r uptime _ < /proc/uptime
silent=$(dmesg 2>/dev/null | awk -v now="$uptime" '{ at = $0; sub(/^\\[ */, "", at); age = now - at }
/ server .* not responding/ { if (age < 3600 && match($0, / server [^ ]+ not/)) bad[substr($0, RSTART + 8, RLENGTH - 12)] = 1 }
/ server .* OK$/ { if (match($0, / server [^ ]+ OK/)) delete bad[substr($0, RSTART + 8, RLENGTH - 11)] }
END { for (one in bad) print one }')
printf '%s\\n' "$list" | awk 'BEGIN { FS = "\\t" } !seen[$3]++ && ++n <= 8 { print $3 "\\t" $5 }' > "$TMP/servers"
tab=$(printf '\\t')
count=0
while IFS="$tab" read -r server point; do
  case "
$silent
" in *"
$server
"*) printf 'server\\tnot-asked\\t%s\\t%s\\t\\t\\tthe kernel log says that it is not responding\\n' "$server" "$point"; continue ;; esac
  count=$((count + 1))
  path=$(printf '%s\\n' "$point" | sed 's/\\\\040/ /g')
  ( read -r from _ < /proc/uptime
    stat -f -c '%b' "$path" > "$TMP/out$count" 2>&1 &
    echo "$!" > "$TMP/pid$count"
    wait "$!"
    status=$?
    read -r to _ < /proc/uptime
    said=
    if [ "$status" = 0 ]; then how=answers; elif [ "$status" -gt 128 ]; then how=hangs; else how=fails; said=$(head -n 1 "$TMP/out$count" | tr '\\t' ' ' | cut -c 1-200); fi
    printf 'server\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$how" "$server" "$point" "$from" "$to" "$said" > "$TMP/new$count"
    mv "$TMP/new$count" "$TMP/done$count" ) > /dev/null 2>&1 &
  echo "$!" > "$TMP/shell$count"
  printf '%s\\t%s\\n' "$server" "$point" > "$TMP/what$count"
done < "$TMP/servers"
finished() { i=0; while [ "$i" -lt "$count" ]; do i=$((i + 1)); [ -e "$TMP/done$i" ] || return 1; done; return 0; }
waited=0
while [ "$waited" -lt 7 ] && ! finished; do
  if [ "$waited" = 5 ]; then
    i=0
    while [ "$i" -lt "$count" ]; do i=$((i + 1)); [ -e "$TMP/done$i" ] || kill -9 "$(cat "$TMP/pid$i")" 2>/dev/null; done
  fi
  sleep 1
  waited=$((waited + 1))
done
i=0
while [ "$i" -lt "$count" ]; do
  i=$((i + 1))
  if [ -e "$TMP/done$i" ]; then cat "$TMP/done$i"; else
    printf 'server\\tstuck\\t%s\\t\\t\\t\\n' "$(cat "$TMP/what$i")"
    kill -9 "$(cat "$TMP/shell$i")" 2>/dev/null
  fi
done
true`,
  schema,
  parse,
  examples: [
    {
      from: 'documented',
      where: 'nfs(5), mount.cifs(8): one server answers, one hangs, one is known to be silent',
      stdout: `mount\tnfs4\t192.0.2.10\t192.0.2.10:/export/backup\t/mnt/pve/backup\t
mount\tnfs\tnas\tnas:/iso\t/mnt/two\\040words\tsoft
mount\tcifs\t192.0.2.20\t//192.0.2.20/share\t/mnt/share\t
transport\t/mnt/pve/backup\t12\t340
server\tnot-asked\t192.0.2.10\t/mnt/pve/backup\t\t\tthe kernel log says that it is not responding
server\tanswers\tnas\t/mnt/two\\040words\t120.10\t120.14\t
server\thangs\t192.0.2.20\t/mnt/share\t120.10\t125.22\t
`,
      expect: {
        mounts: [{ server: '192.0.2.10', hard: true }, { mountPoint: '/mnt/two words', hard: false }, { type: 'cifs', hard: false }],
        servers: [
          { outcome: 'not-asked' },
          { outcome: 'answers', seconds: 0.04, mountPoint: '/mnt/two words' },
          { outcome: 'hangs', seconds: 5.12 },
        ],
        transports: [{ pendingRequests: 12, timeouts: 340 }],
      },
    },
    {
      from: 'documented',
      where: 'stat(1): a handle that the server does not know any more; a question that cannot be killed',
      stdout: `mount\tnfs\tnas\tnas:/a\t/mnt/a\t
mount\tceph\t192.0.2.31\t192.0.2.31:6789:/\t/mnt/ceph\t
server\tfails\tnas\t/mnt/a\t1.00\t1.01\tstat: cannot read file system information for '/mnt/a': Stale file handle
server\tstuck\t192.0.2.31\t/mnt/ceph\t\t\t
`,
      expect: { servers: [{ outcome: 'fails' }, { outcome: 'stuck', says: '' }] },
    },
    { from: 'documented', where: 'nothing of the kind', stdout: '', expect: absent('no network file system is mounted') },
  ],
});
