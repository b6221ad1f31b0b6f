/**
 * The part of the script that runs probes, as POSIX sh. Probes run one after the other, each in a subshell in the background, its output
 * bounded by the file size limit (no process for that). One watchdog for all of them lives in a session of its own: it sends ALRM to the
 * main shell twice a second, which interrupts `wait` there, so that nothing that hangs can block it; and it clears up when the main
 * shell was killed, at the end, and when the time for the whole run is over. Times are in hundredths of a second of /proc/uptime.
 */
export const runner = `culprit_now() {
  read -r culprit_up culprit_x </proc/uptime
  culprit_x=1\${culprit_up#*.}
  culprit_t=$((\${culprit_up%.*} * 100 + culprit_x - 100))
}

# Arguments: pid of the main shell, its folder, end of all times, does it lead its process group, is standard input (3) the life line.
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
if [ "$leads" = yes ]; then kill -KILL -- "-$main"; fi
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

# Waits for a process of our own that should not take long; a probe that hangs is never waited for in this way.
culprit_wait() {
  culprit_status=142
  while [ "$culprit_status" -eq 142 ]; do wait "$1"; culprit_status=$?; done
  return "$culprit_status"
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

# Arguments: probe, its function, sample, time limit, most bytes, family or -.
culprit_ask() {
  culprit_n=$((culprit_n + 1))
  culprit_out=$TMP/.out$culprit_n culprit_err=$TMP/.err$culprit_n culprit_note=$TMP/.note$culprit_n
  culprit_now
  culprit_from=$culprit_t culprit_began=$culprit_up culprit_ended=done culprit_status=0 culprit_why= culprit_limit=$4
  if [ "$culprit_from" -ge "$culprit_deadline" ]; then culprit_why='the time limit of the whole run was reached before it'; fi
  if [ -z "$culprit_why" ] && [ "$6" != - ]; then culprit_guard "$6"; fi
  if [ -n "$culprit_why" ]; then
    culprit_ended=skipped
    culprit_record "$1" "$3" "$5"
    return
  fi
  if [ $((culprit_from + culprit_limit)) -gt "$culprit_deadline" ]; then culprit_limit=$((culprit_deadline - culprit_from)); fi
  { ulimit -f $(($5 / 512 + 1)); cd /; "$2"; } >"$culprit_out" 2>"$culprit_err" &
  culprit_pid=$!
  while :; do
    wait "$culprit_pid"
    culprit_status=$?
    if [ "$culprit_status" -ne 142 ]; then break; fi
    culprit_now
    if [ $((culprit_t - culprit_from)) -ge "$culprit_limit" ]; then
      culprit_kill
      case " $culprit_left " in *" $culprit_pid "*) ;; *) wait "$culprit_pid"; culprit_status=$? ;; esac
      break
    fi
  done
  culprit_pid=
  if [ "$culprit_ended" = stuck ]; then
    culprit_why="cannot be killed: $culprit_names"
    if [ "$6" != - ]; then eval "culprit_stuck_$6=\\"not started, since an earlier command of this kind \\$culprit_why\\""; fi
  fi
  culprit_now
  culprit_record "$1" "$3" "$5"
  if [ "$culprit_t" -ge $((culprit_flushed + 100)) ] && [ "$culprit_hold_back" = no ]; then culprit_flush; fi
}

# Remembers what became of a probe until it is sent. A note is its first two lines on standard error, or what absent or denied said.
culprit_record() {
  culprit_y=$culprit_why culprit_z=
  if [ -z "$culprit_y" ]; then
    if [ ! -s "$culprit_note" ]; then culprit_note=$culprit_err; fi
    if [ -s "$culprit_note" ]; then
      { IFS= read -r culprit_y; IFS= read -r culprit_z; } <"$culprit_note"
      culprit_y=$culprit_y\${culprit_z:+; $culprit_z}
    fi
  fi
  culprit_x="$1 $2 $culprit_ended $culprit_status $(((culprit_t - culprit_from) * 10)) $culprit_began"
  eval "culprit_head_$culprit_n=\\$culprit_x culprit_says_$culprit_n=\\$culprit_y culprit_most_$culprit_n=\\$3"
  culprit_queue="$culprit_queue $culprit_n"
}

# Sends what is queued: one frame for each, all of them by two processes.
culprit_flush() {
  culprit_now
  culprit_flushed=$culprit_t
  set --
  for culprit_m in $culprit_queue; do
    if [ -s "$TMP/.out$culprit_m" ]; then set -- "$@" "$TMP/.out$culprit_m"; fi
  done
  if [ $# -gt 0 ]; then
    wc -c "$@" >"$TMP/.sizes" &
    culprit_wait $!
    while read -r culprit_x culprit_y; do
      case $culprit_y in */.out*) eval "culprit_size_\${culprit_y##*/.out}=\\$culprit_x" ;; esac
    done <"$TMP/.sizes"
  fi
  set --
  for culprit_m in $culprit_queue; do
    eval "culprit_x=\\$culprit_head_$culprit_m culprit_y=\\$culprit_says_$culprit_m culprit_z=\\$culprit_most_$culprit_m"
    eval "culprit_size=\\\${culprit_size_$culprit_m:-0}"
    culprit_out=$TMP/.out$culprit_m
    if [ "$culprit_size" -gt "$culprit_z" ]; then
      head -c "$culprit_z" "$culprit_out" >"$TMP/.cut$culprit_m"
      culprit_out=$TMP/.cut$culprit_m culprit_size=$culprit_z
      case $culprit_x in *' stuck '*) ;; *' timed-out '*) culprit_x="\${culprit_x%% timed-out *} too-large \${culprit_x#* timed-out }" ;;
        *) culprit_x="\${culprit_x%% done *} too-large \${culprit_x#* done }" ;;
      esac
    fi
    printf '\\n@%s probe %s %s %.200s\\n' "$culprit_nonce" "$culprit_x" "$culprit_size" "$culprit_y" >"$TMP/.head$culprit_m"
    set -- "$@" "$TMP/.head$culprit_m"
    if [ "$culprit_size" -gt 0 ]; then set -- "$@" "$culprit_out"; fi
  done
  culprit_queue=
  if [ $# -gt 0 ]; then
    cat "$@" &
    culprit_pid=$!
    culprit_wait "$culprit_pid" || culprit_leave 1
    culprit_pid=
    for culprit_x do : >"$culprit_x"; done
  fi
}

# Sleeps until culprit_t is the argument; the ticks of the watchdog do not shorten it.
culprit_sleep_until() {
  culprit_now
  culprit_x=$(($1 - culprit_t))
  if [ "$culprit_x" -le 0 ]; then return; fi
  culprit_y=$((culprit_x % 100 + 100))
  { sleep $((culprit_x / 100)).\${culprit_y#1} || sleep $((culprit_x / 100 + 1)); } &
  culprit_pid=$!
  culprit_wait "$culprit_pid"
  culprit_pid=
}

culprit_leave() {
  trap '' TERM HUP INT PIPE ALRM
  if [ -n "$culprit_pid" ]; then culprit_kill; fi
  if [ "$culprit_leads" = yes ]; then kill -TERM -- -$$; fi
  if [ -n "$TMP" ]; then rm -rf -- "$TMP"; fi
  if [ -n "$culprit_watch_pid" ]; then kill -TERM "$culprit_watch_pid"; fi
  exit "$1"
}
`;
