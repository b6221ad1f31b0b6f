/** A visit that makes no headway for so long is taken for stuck: no sound disk, however busy, lets one small I/O wait like this. */
export const stuckAfterSeconds = 10;
/** So many things without an answer, and the rest is not tried: what is in D state cannot be killed, and each one adds to the load. */
const mostStuck = 2;

/**
 * POSIX sh for experiments that go over several things by turns. `$TMP/visits` has one visit a line: the name of a thing (letters, digits, `_`), and the arguments that the function `visit` gets after
 * it. `by_turns SECONDS` makes all visits in this order and prints what they print. A visit that hangs is abandoned (`stuck NAME`), and its thing left alone from then on;
 * when the time is over, `over time` is printed. `now_ms` sets `$now` to the uptime in milliseconds without a process of its own, for what is timed itself.
 */
export const visitsByTurns = `now_ms() { read -r up rest </proc/uptime; fraction=1\${up#*.}; now=$(((\${up%.*} * 100 + fraction - 100) * 10)); }
make_visits() {
  line=0
  while read -r thing rest; do
    line=$((line + 1))
    if [ "$line" -lt "$1" ] || [ -e "$TMP/stuck.$thing" ]; then continue; fi
    echo "$line $thing" >"$TMP/at"
    visit "$thing" $rest </dev/null
  done <"$TMP/visits"
  echo over >"$TMP/at"
}
by_turns() {
  from=1 stuck=0 end=$(($(experiment_ms) + $1 * 1000))
  : >"$TMP/measured"
  while [ "$from" -gt 0 ]; do
    echo 0 >"$TMP/at"
    make_visits "$from" >>"$TMP/measured" 2>/dev/null &
    worker=$! seen=0 since=$(experiment_ms) from=0
    while :; do
      sleep 0.1 || sleep 1
      at= now=$(experiment_ms)
      read -r at thing <"$TMP/at"
      if [ "$at" = over ]; then break; fi
      if [ "$now" -ge "$end" ]; then echo 'over time' >>"$TMP/measured"; break; fi
      if [ -n "$at" ] && [ "$at" != "$seen" ]; then seen=$at since=$now; fi
      if [ $((now - since)) -lt ${stuckAfterSeconds}000 ]; then kill -0 "$worker" || break; continue; fi
      : >"$TMP/stuck.$thing"
      echo "stuck $thing" >>"$TMP/measured"
      stuck=$((stuck + 1))
      if [ "$stuck" -lt ${mostStuck} ]; then from=$((seen + 1)); fi
      break
    done 2>/dev/null
    kill -KILL "$worker" 2>/dev/null
  done
  if [ "$stuck" -gt 0 ]; then left_behind dd; fi
  cat "$TMP/measured"
}
`;

/** POSIX sh: the seconds that dd says it took, in `$seconds`, from what it wrote to the file (coreutils: "…, 0.0121845 s, 336 kB/s"; busybox: "…, 0.001223 seconds, …"); the time of its start is not in it. `error` after an I/O error. */
export const secondsOfDd = `seconds_of_dd() {
  seconds=
  while read -r said; do
    case $said in
      *[Ii]nput/output\\ error*) seconds=error ;;
      0\\ bytes*) ;;
      *' copied, '*) [ -n "$seconds" ] || { seconds=\${said##* copied, }; seconds=\${seconds%% *}; } ;;
    esac
  done <"$1"
}
`;

/** A number of seconds as dd prints it: `0.0121845`, `9.1e-05`. */
export function secondsIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}(\.\d{1,9})?(e[+-]\d{2})?$/.test(text) ? Number(text) : undefined;
}
