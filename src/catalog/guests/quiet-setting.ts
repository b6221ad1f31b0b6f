/**
 * POSIX sh around one setting of `$group`: `prepare_setting FILE VALUE` notes in `$TMP/held` what is to be put back, before anything is changed; `hold` and
 * `let_go` change it to and fro. Lines of the note: group, file, the value as it was, the value as it reads when it is ours.
 */
export const settingFunctions = `stopped() { echo "stopped $*"; exit 0; }
prepare_setting() {
  file=$1 ours=$2
  [ -e "$group/$file" ] || stopped "there is no $file"
  if [ "$file" = io.max ]; then
    device=$(awk 'BEGIN { while ((getline l < "/proc/devices") > 0) { split(l, f, " "); if (l ~ /^Block/) block = 1; else if (block && f[2] ~ /^(device-mapper|md|mdp|loop|bcache|zvol)$/) layer[f[1]] = 1 } }
      { split($1, p, ":"); sum = 0; for (i = 2; i <= NF; i++) { split($i, q, "="); if (q[1] == "rbytes" || q[1] == "wbytes") sum += q[2] } if (!(p[1] in layer) && sum > most) { most = sum; best = $1 } }
      END { print best }' "$group/io.stat")
    [ -n "$device" ] || stopped 'no disk is known that it uses'
    ! grep -q "^$device " "$group/io.max" || stopped 'its I/O is limited already'
    ours="$device $ours"
    before="$device rbps=max wbps=max riops=max wiops=max"
  else
    { IFS= read -r before <"$group/$file"; } 2>/dev/null || stopped "$file cannot be read"
  fi
  [ "$before" != "$ours" ] || stopped "$file is at that already"
  printf '%s\\n' "$group" "$file" "$before" "$ours" >"$TMP/held.new"
  mv "$TMP/held.new" "$TMP/held"
}
hold() {
  printf '%s\\n' "$ours" | as_root tee "$group/$file" >/dev/null 2>&1
  grep -qxF -- "$ours" "$group/$file" || stopped "the kernel did not take $file $ours"
  sleep 0.5 || sleep 1
}
let_go() {
  grep -qxF -- "$ours" "$group/$file" || stopped "somebody else changed $file meanwhile"
  experiment_clean >/dev/null
  sleep 0.5 || sleep 1
}
`;

/** POSIX sh of the clean-up: puts the setting back where it still is the one that was set. */
export const restoreSetting = `if [ -s "$TMP/held" ]; then
  { IFS= read -r held_group; IFS= read -r held_file; IFS= read -r held_before; IFS= read -r held_ours; } <"$TMP/held"
  if grep -qxF -- "$held_ours" "$held_group/$held_file" 2>/dev/null; then
    printf '%s\\n' "$held_before" | as_root tee "$held_group/$held_file" >/dev/null 2>&1
    if grep -qxF -- "$held_ours" "$held_group/$held_file" 2>/dev/null; then echo "echo '$held_before' >$held_group/$held_file"; fi
  fi
fi`;
