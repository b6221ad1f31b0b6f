/**
 * The process that makes sure that nothing of an experiment stays behind, as POSIX sh. It lives in a session of its own, so that neither a
 * hang-up nor the death of the measuring shell ends it. Every half a second it looks whether that shell and the life line (standard input of
 * the connection) are still there, whether time is left, and whether the host got worse; in the end it ends what measures, and cleans up
 * until nothing is left or ten minutes are over. Arguments: pid of the measuring shell, the folder in memory, the uptime in seconds at which all ends.
 *
 * Files in the folder: `ready` (the keeper is there), `abort` (why it ended the experiment), `left` (what could not be removed, one a line),
 * `over` (all is cleaned up).
 */
export const keeper = `main=$1 TMP=$2 end=$3
trap '' HUP INT PIPE
trap 'asked=1' TERM
asked= reader=
{ while read -r line; do :; done; echo 'the connection ended' >"$TMP/hangup"; } <&3 &
reader=$!
exec 3<&-
# All that the measuring shell started, and not itself: it has to tell how it ended.
kill_measuring() {
  for file in /proc/[0-9]*/stat; do
    IFS= read -r stat <"$file" || continue
    set -- "\${stat%% *}" \${stat##*\\) }
    if [ "$4" = "$main" ] && [ "$1" != "$main" ]; then kill "-$signal" "$1"; fi
  done 2>/dev/null
}
stop_measuring() {
  [ -s "$TMP/abort" ] || printf '%s\\n' "$1" >"$TMP/abort"
  for signal in TERM KILL KILL; do
    kill_measuring
    sleep 0.3 || sleep 1
  done
}
experiment_note_start
: >"$TMP/ready"
while [ -z "$asked" ]; do
  sleep 0.5 || sleep 1
  kill -0 "$main" || break
  if [ -s "$TMP/hangup" ]; then stop_measuring 'the connection ended'; break; fi
  read -r up rest </proc/uptime
  if [ "\${up%.*}" -ge "$end" ]; then stop_measuring 'its time was over'; break; fi
  worse=$(experiment_worse)
  if [ -n "$worse" ] && [ ! -s "$TMP/abort" ]; then stop_measuring "$worse"; fi
done
kill -KILL "$reader"
if [ -z "$asked" ]; then stop_measuring 'the measuring shell ended'; else signal=KILL; kill_measuring; fi
tries=0
while [ "$tries" -lt 300 ]; do
  experiment_clean >"$TMP/left" 2>/dev/null
  [ -s "$TMP/left" ] || break
  tries=$((tries + 1))
  # Whoever measures waits for the answer, but not for long.
  if [ "$tries" -eq 15 ]; then : >"$TMP/over"; fi
  sleep 2
done
: >"$TMP/over"
tries=0
while kill -0 "$main" && [ "$tries" -lt 20 ]; do sleep 0.5 || sleep 1; tries=$((tries + 1)); done
rm -rf -- "$TMP"
`;
