/** The longest that a guest stands still. */
export const frozenSeconds = 3;

/**
 * POSIX sh that freezes `$group` (cgroup.freeze, kernel document admin-guide/cgroup-v2): `freeze_it` and `thaw`. Before the guest is frozen, a process in a session of its own is there that
 * thaws it after three seconds, whatever has become of everything else. `$TMP/frozen` names the group for as long as it is ours to thaw. `configs` are files in which an operation leaves its lock.
 */
export function freezeFunctions(configs: readonly string[]): string {
  return `stopped() { echo "stopped $*"; exit 0; }
thaw() {
  echo 0 | as_root tee "$group/cgroup.freeze" >/dev/null 2>&1
  read -r timer <"$TMP/timer" && as_root kill -KILL "$timer"
  rm -f "$TMP/frozen" "$TMP/timer"
}
freeze_it() {
  read -r state <"$group/cgroup.freeze" || stopped 'it is gone'
  [ "$state" = 0 ] || stopped 'somebody else has frozen it'
  ! as_root grep -qs '^lock:' /dev/null ${configs.join(' ')} || stopped 'it is locked for an operation'
  rm -f "$TMP/timer"
  as_root setsid sh -c 'trap "" HUP INT TERM; echo $$ >"$1.new"; mv "$1.new" "$1"; sleep ${frozenSeconds}; echo 0 >"$2"; rm -f "$3"' thaw "$TMP/timer" "$group/cgroup.freeze" "$TMP/frozen" </dev/null >/dev/null 2>&1 &
  waited=0
  while [ ! -s "$TMP/timer" ] && [ "$waited" -lt 10 ]; do sleep 0.1 || sleep 1; waited=$((waited + 1)); done
  [ -s "$TMP/timer" ] || stopped 'what thaws it did not start'
  echo "$group" >"$TMP/frozen.new"
  mv "$TMP/frozen.new" "$TMP/frozen"
  echo 1 | as_root tee "$group/cgroup.freeze" >/dev/null 2>&1
  waited=0
  until grep -q '^frozen 1' "$group/cgroup.events"; do
    if [ "$waited" -ge 10 ]; then thaw; stopped 'it did not stand still within a second'; fi
    sleep 0.1 || { thaw; stopped 'this host cannot wait for less than a second'; }
    waited=$((waited + 1))
  done
}
still_frozen() { [ -e "$TMP/frozen" ] && grep -q '^frozen 1' "$group/cgroup.events" || { thaw; stopped 'it was thawed before its time'; }; }
`;
}

/** POSIX sh of the clean-up: thaws what is ours to thaw. */
export const thawLeft = `if [ -s "$TMP/frozen" ]; then
  read -r held_group <"$TMP/frozen"
  if [ -e "$held_group/cgroup.freeze" ]; then
    echo 0 | as_root tee "$held_group/cgroup.freeze" >/dev/null 2>&1
    read -r state <"$held_group/cgroup.freeze"
    if [ "$state" = 0 ]; then rm -f "$TMP/frozen"; else echo "echo 0 >$held_group/cgroup.freeze"; fi
  fi
fi`;
