/**
 * The part of the script that runs probes and sends their answers, as POSIX sh. Probes run one after the other, each in a subshell in the
 * background, its output bounded by the file size limit (no process for that). Times are in hundredths of a second of /proc/uptime.
 */
export const runner = `culprit_now() {
  read -r culprit_up culprit_x </proc/uptime
  culprit_x=1\${culprit_up#*.}
  culprit_t=$((\${culprit_up%.*} * 100 + culprit_x - 100))
}

# Waits for a process of our own that should not take long; a probe that hangs is never waited for in this way. When a tick comes at the
# wrong moment, bash forgets that a child has ended and would wait for ever: a child that is interrupted and gone has ended well.
culprit_wait() {
  culprit_status=142
  while [ "$culprit_status" -eq 142 ]; do
    wait "$1"
    culprit_status=$?
    if [ "$culprit_status" -eq 142 ]; then kill -0 "$1" || culprit_status=0; fi
  done
  return "$culprit_status"
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
  culprit_stat=$TMP/.stat$culprit_n
  { trap 'echo $? >"$culprit_stat"' EXIT; ulimit -f $(($5 / 512 + 1)); cd /; "$2"; } >"$culprit_out" 2>"$culprit_err" &
  culprit_pid=$!
  while :; do
    wait "$culprit_pid"
    culprit_status=$?
    if [ "$culprit_status" -ne 142 ]; then break; fi
    if ! kill -0 "$culprit_pid"; then
      culprit_status=0
      if [ -s "$culprit_stat" ]; then read -r culprit_status <"$culprit_stat"; fi
      break
    fi
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
  if [ "$culprit_leads" = yes ]; then kill -TERM "-$$"; fi
  if [ -n "$TMP" ]; then rm -rf -- "$TMP"; fi
  if [ -n "$culprit_watch_pid" ]; then kill -TERM "$culprit_watch_pid"; fi
  exit "$1"
}
`;
