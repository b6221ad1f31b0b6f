/** Every dataset that an experiment makes carries this property, whose value is the run's own random mark. */
export const markProperty = 'org.culprit:mark';

/**
 * POSIX sh for experiments that need datasets of their own. `temporary_name POOL SIDE` gives a name that says whose it is; `temporary_volume POOL SIDE MIB [zfs options]` makes a sparse volume (a key
 * for it comes on stdin) and prints its device; `remove_leftovers POOL` removes what runs that are over have left. Snapshot tools are told to leave them alone; nothing is compressed or deduplicated.
 */
export const temporaryDatasets = `temporary_name() { echo "$1/culprit-test-\${experiment_mark%????????????????}-$2"; }
temporary_volume() {
  temporary=$(temporary_name "$1" "$2") size=$3
  shift 3
  as_root zfs create -s -V "\${size}M" -o volblocksize=16k -o compression=off -o dedup=off -o com.sun:auto-snapshot=false -o ${markProperty}="$experiment_mark" "$@" "$temporary" || return 1
  as_root zfs get -Hp -o value guid "$temporary" >"$TMP/guid.\${temporary##*-}"
  tries=0
  while [ ! -e "/dev/zvol/$temporary" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "/dev/zvol/$temporary did not appear" >&2; return 1; }
    sleep 0.2 || sleep 1
  done
  echo "/dev/zvol/$temporary"
}
remove_leftovers() {
  alive=$(cat /dev/shm/culprit.*/mark /run/culprit.*/mark /run/user/*/culprit.*/mark 2>/dev/null)
  timeout 20 zfs list -H -d 1 -t filesystem,volume -o name,${markProperty} "$1" 2>/dev/null | while read -r name mark; do
    case $name in "$1"/culprit-test-*) ;; *) continue ;; esac
    case $mark in -|"$experiment_mark") continue ;; esac
    case $alive in *"$mark"*) ;; *) as_root timeout 60 zfs destroy "$name" && echo "removed $name" ;; esac
  done
}
`;

/** POSIX sh for the clean-up of the same: removes the temporary datasets of a pool's sides by name, mark and guid, never with what is below them. */
export function removeTemporaries(pool: string, sides: readonly string[]): string {
  return `for side in ${sides.join(' ')}; do
  name=${pool}/culprit-test-\${experiment_mark%????????????????}-$side
  mark=$(timeout 20 zfs get -H -o value ${markProperty} "$name" 2>&1)
  case $? in 0) ;; 124) echo "zfs destroy $name"; continue ;; *) continue ;; esac
  if [ "$mark" != "$experiment_mark" ]; then continue; fi
  if [ -s "$TMP/guid.$side" ]; then
    read -r guid <"$TMP/guid.$side"
    [ "$(timeout 20 zfs get -Hp -o value guid "$name")" = "$guid" ] || continue
  fi
  as_root timeout 60 zfs destroy "$name" || echo "zfs destroy $name"
done`;
}

/** Pool names as ZFS allows them, without blanks: anything else is not tried. */
export const plainPoolName = /^[A-Za-z][\w.:-]{0,200}$/;
