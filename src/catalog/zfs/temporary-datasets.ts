import type { Dataset } from './zfs-datasets.probe.ts';

/** Every dataset that an experiment makes carries this property, whose value is the run's own random mark. */
export const markProperty = 'org.culprit:mark';

/** What stays to be seen of temporary datasets. */
export const historyTrace = 'The temporary datasets were removed; that they were made and destroyed stays in `zpool history`.';

/** Pool names as ZFS allows them, without blanks: anything else is not tried. */
export const plainPoolName = /^[A-Za-z][\w.:-]{0,200}$/;

/** The properties of a dataset that experiments vary. What is left out is ZFS's default. */
export type Settings = Partial<Pick<Dataset, 'blockSizeBytes' | 'compression' | 'checksum' | 'sync' | 'dedup' | 'logBias' | 'primaryCache' | 'copies' | 'encryption'>>;

/** Defaults of zfsprops(7). A block of a volume has had 16 KiB since ZFS 2.2, 8 KiB before. */
export const defaultSettings = {
  compression: 'on',
  checksum: 'on',
  sync: 'standard',
  dedup: 'off',
  logBias: 'latency',
  primaryCache: 'all',
  copies: 1,
  encryption: 'off',
} as const;
export const defaultBlockBytes = { filesystem: 131_072, volume: 16_384 } as const;

const plainValue = /^[A-Za-z0-9,:-]{1,40}$/;

/**
 * The options of `zfs create` that fix everything in which two temporary datasets could differ, also what they would inherit. An encrypted one takes its key, 32 bytes, on standard input.
 * Undefined where a value is none that ZFS knows.
 */
export function createOptions(type: Dataset['type'], settings: Settings): string | undefined {
  const { blockSizeBytes = defaultBlockBytes[type], compression, checksum, sync, dedup, logBias, primaryCache, copies, encryption } = { ...defaultSettings, ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) } as Settings & typeof defaultSettings;
  const isBlock = Number.isInteger(Math.log2(blockSizeBytes)) && blockSizeBytes >= 512 && blockSizeBytes <= 16_777_216;
  const values = { compression, checksum, sync, dedup, logbias: logBias, primarycache: primaryCache, copies: String(copies), encryption };
  if (!isBlock || Object.values(values).some((value) => !plainValue.test(value))) return undefined;
  const key = encryption === 'off' ? {} : { keyformat: 'raw', keylocation: 'prompt' };
  const options = { [type === 'volume' ? 'volblocksize' : 'recordsize']: String(blockSizeBytes), ...values, secondarycache: 'none', readonly: 'off', ...key };
  return Object.entries(options).map(([name, value]) => `-o ${name}=${value}`).join(' ');
}

export interface Temporary {
  readonly pool: string;
  readonly side: string;
  readonly type: Dataset['type'];
  readonly options: string;
  readonly megabytes: number;
}

/**
 * Commands that make temporary datasets, and end the experiment where one cannot be made; `$TMP/path.SIDE` then has the path to write to. All at once: each of them waits for the pool to write out what is
 * under way, which takes long on a pool in trouble.
 */
export function makeTemporaries(all: readonly Temporary[]): string {
  const makes = all.map(({ pool, side, type, options, megabytes }) => {
    const key = options.includes('keylocation') ? 'head -c 32 /dev/urandom | ' : '';
    const make = type === 'volume' ? `temporary_volume ${pool} ${side} ${megabytes} ${options}` : `temporary_filesystem ${pool} ${side} ${options}`;
    return `{ ${key}${make} >"$TMP/path.${side}"; } &`;
  });
  return `${makes.join('\n')}
wait
for side in ${all.map(({ side }) => side).join(' ')}; do [ -s "$TMP/path.$side" ] || exit 1; done`;
}

/**
 * POSIX sh for experiments that need datasets of their own. `temporary_volume POOL SIDE MIB -o …` makes a sparse volume and prints its device; `temporary_filesystem POOL SIDE -o …` makes a file
 * system, mounts it in the folder in memory, where no boot finds it again, and prints the path of a file in it; `remove_leftovers POOL` removes what runs that are over have left; `no_snapshot_tool`
 * ends the experiment while a tool makes snapshots. Snapshot tools that ask are told to leave the datasets alone.
 */
export const temporaryDatasets = `echo $$ >"$TMP/main"
temporary_made() {
  temporary=$1/culprit-test-\${experiment_mark%????????????????}-$2 side=$2
  shift 2
  as_root zfs create -o com.sun:auto-snapshot=false -o ${markProperty}="$experiment_mark" "$@" "$temporary" || return 1
  as_root zfs get -Hp -o value guid "$temporary" >"$TMP/guid.$side"
}
temporary_volume() {
  pool=$1 side=$2 size=$3
  shift 3
  temporary_made "$pool" "$side" -s -V "\${size}M" -o volmode=dev "$@" || return 1
  tries=0
  while [ ! -e "/dev/zvol/$temporary" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "/dev/zvol/$temporary did not appear" >&2; return 1; }
    sleep 0.2 || sleep 1
  done
  echo "/dev/zvol/$temporary"
}
temporary_filesystem() {
  pool=$1 side=$2
  shift 2
  mkdir -p "$TMP/mount.$side" && temporary_made "$pool" "$side" -o mountpoint=legacy -o atime=off "$@" || return 1
  as_root mount -t zfs -o nosuid,nodev,noexec "$temporary" "$TMP/mount.$side" || return 1
  : >"$TMP/mount.$side/data" || return 1
  echo "$TMP/mount.$side/data"
}
remove_leftovers() {
  alive=
  for folder in /dev/shm/culprit.* /run/culprit.* /run/user/*/culprit.*; do
    # Where neither the measuring shell nor what cleans up is left, nobody will remove what the folder stands for.
    [ -s "$folder/mark" ] || continue
    if grep -qsF "$folder/keep" /proc/[0-9]*/cmdline || ls -l /proc/[0-9]*/fd 2>/dev/null | grep -qF "$folder/"; then alive="$alive $(cat "$folder/mark")"; fi
  done
  timeout 20 zfs list -H -d 1 -t filesystem,volume -o name,${markProperty} "$1" 2>/dev/null | while read -r name mark; do
    case $name in "$1"/culprit-test-*) ;; *) continue ;; esac
    case $mark in -|"$experiment_mark") continue ;; esac
    case $alive in *"$mark"*) ;; *) as_root timeout 60 zfs destroy "$name" && echo "removed $name" ;; esac
  done
}
no_snapshot_tool() {
  tool=$(cat /proc/[0-9]*/comm 2>/dev/null | grep -xE 'sanoid|syncoid|zfs-auto-snapsh|pve-zsync|zfs-autobackup|pyznap' | head -n 1)
  [ -z "$tool" ] || absent "$tool makes snapshots just now"
}
`;

/**
 * POSIX sh for the clean-up of the same: waits for a command of ours that is still making one, since it cannot be killed while the pool writes; then removes the temporary datasets of a pool's sides by name, mark and guid, never with what
 * is below them.
 */
export function removeTemporaries(pool: string, sides: readonly string[]): string {
  return `making=
if [ -s "$TMP/main" ]; then
  read -r main_pid <"$TMP/main"
  for file in /proc/[0-9]*/stat; do
    IFS= read -r stat <"$file" || continue
    case $stat in *' (zfs) '*) ;; *) continue ;; esac
    set -- \${stat##*\\) }
    if [ "$3" = "$main_pid" ] && [ "$1" != Z ]; then making=1; fi
  done 2>/dev/null
fi
remove_side() {
  side=$1 name=${pool}/culprit-test-\${experiment_mark%????????????????}-$1
  mark=$(timeout 20 zfs get -H -o value ${markProperty} "$name" 2>&1)
  case $?:$making in 0:*) ;; 124:*|*:1) echo "zfs destroy $name"; return ;; *) return ;; esac
  [ "$mark" = "$experiment_mark" ] || return
  if [ -s "$TMP/guid.$side" ]; then
    read -r guid <"$TMP/guid.$side"
    [ "$(timeout 20 zfs get -Hp -o value guid "$name")" = "$guid" ] || return
  fi
  while read -r device where rest; do
    [ "$device" != "$name" ] || as_root timeout 20 umount "$where"
  done </proc/mounts
  as_root timeout 60 zfs destroy "$name" || echo "zfs destroy $name"
}
(for one in ${sides.join(' ')}; do remove_side "$one" & done; wait)`;
}
