/**
 * The part of the script that keeps it harmless, as POSIX sh: one watchdog for all probes, the folder in memory, ending what hangs, and
 * not starting what would hang. The watchdog lives in a session of its own. It sends ALRM to the main shell twice a second, which
 * interrupts `wait` there, so that nothing that hangs can block it; and it clears up when the main shell was killed, at the end, and when
 * the time for the whole run is over.
 */
export const guard = `# Arguments: pid of the main shell, its folder, end of all times, does it lead its process group, is standard input (3) the life line.
culprit_watchdog='
main=$1 folder=$2 end=$3 leads=$4 lifeline=$5 over= reader=
trap "" HUP INT PIPE ALRM
trap "over=1" TERM
if [ "$lifeline" = yes ]; then
  { while read -r line; do :; done; kill -TERM "$main"; } <&3 &
  reader=$!
fi
exec 3<&-
while [ -z "$over" ]; do
  sleep 0.5 || sleep 1
  kill -ALRM "$main" || break
  read -r up rest </proc/uptime
  if [ "\${up%.*}" -ge "$end" ]; then kill -TERM "$main"; sleep 3; kill -KILL "$main"; break; fi
done
if [ -n "$reader" ]; then kill -KILL "$reader"; fi
tries=0
while kill -0 "$main" && [ "$tries" -lt 10 ]; do sleep 0.1 || sleep 1; tries=$((tries + 1)); done
if [ "$leads" = yes ]; then kill -KILL "-$main"; fi
rm -rf -- "$folder"
'

# A folder in memory: nothing is written to a disk.
culprit_make_folder() {
  TMP=
  for culprit_x in /dev/shm "/run/user/$culprit_uid" /run; do
    while read -r culprit_y culprit_mount culprit_type culprit_z; do
      if [ "$culprit_mount" = "$culprit_x" ] && { [ "$culprit_type" = tmpfs ] || [ "$culprit_type" = ramfs ]; }; then
        if [ -w "$culprit_x" ]; then TMP=$(mktemp -d "$culprit_x/culprit.XXXXXX") && return 0; fi
        break
      fi
    done </proc/mounts
  done
  while read -r culprit_y culprit_mount culprit_type culprit_z; do
    case $culprit_type in tmpfs | ramfs | devtmpfs) ;; *) continue ;; esac
    if [ -w "$culprit_mount" ]; then TMP=$(mktemp -d "$culprit_mount/culprit.XXXXXX") && return 0; fi
  done </proc/mounts
  return 1
}

# Sets culprit_tree to the processes of the running probe, and culprit_names to the same in words. Reads /proc/<pid>/stat alone.
culprit_find_tree() {
  culprit_all=
  for culprit_x in /proc/[0-9]*/stat; do
    { IFS= read -r culprit_y <"$culprit_x"; } 2>/dev/null || continue
    case $culprit_y in
      *') '*) ;;
      *) culprit_y=$(tr '\\n' ' ' <"$culprit_x") ;;
    esac
    culprit_p=\${culprit_y%% *}
    culprit_z=\${culprit_y#*\\(}
    set -- \${culprit_y##*\\) }
    case $1:$2 in Z:* | X:* | *:2) continue ;; esac
    case " $$ $culprit_watch_pid $culprit_left " in *" $culprit_p "*) continue ;; esac
    if [ "$2" = "$culprit_watch_pid" ]; then continue; fi
    culprit_all="$culprit_all $culprit_p/$2/$3"
    case $3 in $$) eval "culprit_comm_$culprit_p=\\\${culprit_z%%\\\\)*}" ;; esac
  done
  culprit_tree=" " culprit_x=
  while [ "$culprit_x" != "$culprit_tree" ]; do
    culprit_x=$culprit_tree
    for culprit_y in $culprit_all; do
      culprit_p=\${culprit_y%%/*} culprit_z=\${culprit_y#*/}
      case $culprit_tree in *" $culprit_p "*) continue ;; esac
      if [ "$culprit_p" = "$culprit_pid" ]; then culprit_tree="$culprit_tree$culprit_p "; continue; fi
      if [ "$culprit_leads" = yes ] && [ "\${culprit_z#*/}" = $$ ]; then culprit_tree="$culprit_tree$culprit_p "; continue; fi
      case $culprit_tree in *" \${culprit_z%%/*} "*) culprit_tree="$culprit_tree$culprit_p " ;; esac
    done
  done
}

# Kills the running probe. Sets culprit_ended to timed-out, or to stuck when something of it cannot be killed.
culprit_kill() {
  culprit_ended=timed-out
  for culprit_signal in TERM KILL KILL KILL KILL; do
    culprit_find_tree
    if [ "$culprit_tree" = " " ]; then return; fi
    kill -$culprit_signal $culprit_tree
    sleep 0.2 || sleep 1
  done
  culprit_find_tree
  if [ "$culprit_tree" = " " ]; then return; fi
  culprit_ended=stuck culprit_names=
  for culprit_p in $culprit_tree; do
    eval "culprit_names=\\"\\$culprit_names, \\\${culprit_comm_$culprit_p:-process} ($culprit_p)\\""
  done
  culprit_names=\${culprit_names#, }
  culprit_left="$culprit_left$culprit_tree"
}

# Why the family must not be asked, in culprit_why; empty when it may.
culprit_guard() {
  eval "culprit_why=\\\${culprit_stuck_$1:-}"
  if [ -n "$culprit_why" ] || [ "$1" != zfs ] || [ -n "$culprit_zfs_seen" ]; then return; fi
  culprit_zfs_seen=yes
  for culprit_x in /proc/spl/kstat/zfs/*/state; do
    if [ ! -r "$culprit_x" ]; then continue; fi
    read -r culprit_y <"$culprit_x"
    culprit_x=\${culprit_x%/state}
    if [ "$culprit_y" = SUSPENDED ]; then culprit_why="the pool \${culprit_x##*/} is suspended: zpool and zfs would hang"; fi
  done
  if [ -z "$culprit_why" ] && [ -d /proc/spl/kstat/zfs ]; then
    culprit_x=$(culprit_hanging)
    if [ -n "$culprit_x" ]; then
      sleep 1
      for culprit_y in $(culprit_hanging); do
        case " $culprit_x " in *"$culprit_y"*) culprit_why="a zpool or zfs command hangs already (process $culprit_y)" ;; esac
      done
    fi
  fi
  culprit_stuck_zfs=$culprit_why
}
culprit_hanging() {
  for culprit_x in $(grep -sl -e '^[0-9]* (zpool) D ' -e '^[0-9]* (zfs) D ' /proc/[0-9]*/stat); do
    culprit_x=\${culprit_x%/stat}
    echo "\${culprit_x#/proc/}"
  done
}
`;
