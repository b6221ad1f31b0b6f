import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';

const schema = z.object({
  moduleLoaded: z.boolean(),
  imported: z.array(z.string()),
  /** In the list of pools that were imported when it was last written: exported ones leave it. */
  cached: z.array(z.string()),
  /** A service of their own is enabled that imports them at boot. */
  ofUnits: z.array(z.string()),
  /** Found on disks and partitions of the host. */
  onDisks: z.array(z.string()),
});

/** systemd writes `-` in the name of an instance as `\x2d` (systemd.unit(5)). */
function unescapeUnit(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Names of pools begin with a letter (zpool-create(8)); what stands before it is the length of a long name in the cache. */
function poolName(text: string): string | undefined {
  return /^[^A-Za-z]?([A-Za-z][\w.:-]{0,254})$/.exec(text)?.[1];
}

/**
 * The cache is a packed list of names and values (XDR); the word after "name" is that of a pool (module/zfs/spa_config.c,
 * spa_config_generate). Reading the file asks neither the pools nor their disks. Volumes of ZFS itself are left out: pools on them belong to guests.
 */
export default defineProbe({
  id: 'expected-pools',
  title: 'ZFS pools that this host imports at boot',
  subject: 'zfs',
  timeoutMs: 5_000,
  maxBytes: 65_536,
  sh: `loaded=no
[ -d /sys/module/zfs ] && loaded=yes
[ $loaded = yes ] || [ -e /etc/zfs/zpool.cache ] || have zpool || absent 'ZFS is not installed on this host'
echo "loaded $loaded"
for f in /proc/spl/kstat/zfs/*/state; do
  [ -e "$f" ] || continue
  f=\${f%/state}; printf 'imported %s\\n' "\${f##*/}"
done
for f in /etc/systemd/system/*.wants/zfs-import@*.service; do
  [ -e "$f" ] || [ -L "$f" ] || continue
  f=\${f##*/zfs-import@}; printf 'unit %s\\n' "\${f%.service}"
done
[ -r /etc/zfs/zpool.cache ] && LC_ALL=C tr -cs '[:print:]' '\\n' </etc/zfs/zpool.cache | awk 'last == "name" && ++count <= 100 { print "cache " $0 } { last = $0 }'
have lsblk && lsblk -e 230 -rno FSTYPE,LABEL 2>/dev/null | awk '$1 == "zfs_member" && $2 != "" && !seen[$2]++ && ++count <= 100 { print "label " $2 }'
echo end`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n', 2_000);
    if (!lines.includes('end')) return unparsable('the answer does not reach its end');
    const named = (word: string): string[] => [...new Set(lines.filter((line) => line.startsWith(`${word} `)).flatMap((line) => poolName(unescapeUnit(line.slice(word.length + 1))) ?? []))];
    return { moduleLoaded: lines.includes('loaded yes'), imported: named('imported'), cached: named('cache'), ofUnits: named('unit'), onDisks: named('label') };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: a pool with a service of its own, and one that the cache knows, of which one is not imported',
      stdout: 'loaded yes\nimported rpool\nunit tank\nunit my\\x2dpool\ncache rpool\ncache tank\ncache +archive-of-all-the-things-that-we-keep-for-years\nlabel rpool\nlabel tank\nend\n',
      expect: { moduleLoaded: true, imported: ['rpool'], cached: ['rpool', 'tank', 'archive-of-all-the-things-that-we-keep-for-years'], ofUnits: ['tank', 'my-pool'], onDisks: ['rpool', 'tank'] },
    },
    { from: 'documented', where: 'the module is not there for this kernel', stdout: 'loaded no\ncache tank\nlabel tank\nend\n', expect: { moduleLoaded: false, imported: [], cached: ['tank'] } },
    { from: 'documented', where: 'what the fragment prints without ZFS', stdout: 'ZFS is not installed on this host\n', exitStatus: 120, expect: absent('') },
    { from: 'documented', where: 'an answer that was cut', stdout: 'loaded yes\n', expect: 'unparsable' },
  ],
});
