import type { AbortCondition } from '../define/experiment.ts';
import { prelude } from '../collect/prelude.ts';
import { keeper } from './keeper.ts';
import { watchFunctions } from './watch.ts';

export interface HostScript {
  /** Random, 16 to 64 hexadecimal digits: tells our lines from whatever a host prints, and marks temporary objects as ours. */
  readonly nonce: string;
  readonly id: string;
  /** Measures and prints. */
  readonly sh: string;
  /** Removes what is left, and prints what could not be removed, one a line. May run many times. */
  readonly cleanUp: string;
  readonly abortWhen: readonly AbortCondition[];
  readonly limitSeconds: number;
  readonly maxBytes: number;
  readonly sudo: boolean;
}

/** Name of the answer that tells what is left. */
export const leftAnswer = 'experiment-left';
/** Longer than any clean-up that is waited for. */
const patienceSeconds = 40;

/**
 * The script of one experiment for `sh -s`, whose standard input stays open as the life line. It prints frames as the collector's script does (src/collect/frames.ts):
 * `meta` when it starts; the answer, whose note says why it was ended early; an answer `experiment-left` with what could not be removed, one a line; and `end`. All is cleaned
 * up before the answers.
 */
export function assembleExperiment(script: HostScript): string {
  if (!/^[0-9a-f]{16,64}$/.test(script.nonce)) throw new TypeError('a nonce is 16 to 64 hexadecimal digits');
  const { nonce, id, sh, cleanUp, abortWhen, limitSeconds, maxBytes, sudo } = script;
  const shared = `${prelude}
experiment_mark=${nonce}
culprit_root=@ROOT@
experiment_clean() {
${cleanUp.trimEnd()}
}
`;
  return `# One experiment on this host. It limits itself in time and cleans up, also when the connection ends.
${shared.replace('@ROOT@', 'no')}
experiment_sh() {
${sh.trimEnd()}
}
experiment_answer() {
  printf '\\n@${nonce} probe %s 1 %s %s %s %s %s %.180s\\n' "$1" "$3" "$4" "$(($(experiment_ms) - began_ms))" "$began" "$size" "$5"
  if [ "$size" -gt 0 ]; then head -c "$size" "$TMP/$2"; fi
}
experiment_ms() {
  read -r up rest </proc/uptime
  fraction=1\${up#*.}
  echo $(((\${up%.*} * 100 + fraction - 100) * 10))
}
experiment_main() {
  exec 3<&0 </dev/null 2>/dev/null
  unset IFS
  set +e +u
  trap '' PIPE
  uid=$(id -u)
  if [ "$uid" = 0 ]; then culprit_root=direct; ${sudo ? 'elif have sudo && sudo -n -l >/dev/null; then culprit_root=sudo; ' : ''}fi
  TMP= size=0
  for folder in /dev/shm "/run/user/$uid" /run; do
    if [ -w "$folder" ] && TMP=$(mktemp -d "$folder/culprit.XXXXXX"); then break; fi
  done
  printf '\\n@${nonce} meta 1 time=%s uid=%s root=%s\\n' "$(date +%s)" "$uid" "$culprit_root"
  read -r began rest </proc/uptime
  began_ms=$(experiment_ms)
  if [ -z "$TMP" ]; then experiment_answer ${id} out skipped 0 'no folder in memory can be written'; printf '\\n@${nonce} end\\n'; exit 0; fi
  culprit_note=$TMP/note
  echo "$experiment_mark" >"$TMP/mark"
  # In a file, since the keeper must not depend on this shell. Its own copy of the words and of the clean-up.
  cat >"$TMP/keep" <<'KEEP_${nonce}'
${shared}
${watchFunctions(abortWhen)}
${keeper}
KEEP_${nonce}
  sed -i "s/^culprit_root=@ROOT@$/culprit_root=$culprit_root/" "$TMP/keep"
  read -r stat </proc/$$/stat
  set -- \${stat##*\\) }
  end=$((\${began%.*} + ${Math.ceil(limitSeconds)}))
  if ! have setsid || [ "$3" != $$ ]; then
    experiment_answer ${id} out skipped 0 'no session of its own can be made for what cleans up'; rm -rf -- "$TMP"; printf '\\n@${nonce} end\\n'; exit 0
  fi
  setsid sh "$TMP/keep" $$ "$TMP" "$end" </dev/null 3<&3 >/dev/null 2>/dev/null &
  keeper_pid=$!
  exec 3<&-
  waited=0
  while [ ! -e "$TMP/ready" ] && [ "$waited" -lt 100 ]; do sleep 0.1 || sleep 1; waited=$((waited + 1)); done
  if [ ! -e "$TMP/ready" ]; then experiment_answer ${id} out skipped 0 'what cleans up did not start'; printf '\\n@${nonce} end\\n'; exit 0; fi
  trap ':' TERM
  { trap - TERM; experiment_sh; } >"$TMP/out" 2>"$TMP/err" &
  measuring=$!
  wait "$measuring"
  status=$?
  ended=done note=
  if [ -s "$TMP/abort" ]; then
    ended=timed-out
    read -r note <"$TMP/abort"
  elif [ -s "$culprit_note" ]; then
    read -r note <"$culprit_note"
  elif [ "$status" -ne 0 ] && [ -s "$TMP/err" ]; then
    read -r note <"$TMP/err"
  fi
  kill -TERM "$keeper_pid"
  waited=0
  while [ -d "$TMP" ] && [ ! -e "$TMP/over" ] && [ "$waited" -lt ${patienceSeconds * 5} ]; do
    if ! kill -0 "$keeper_pid"; then experiment_clean >"$TMP/left"; break; fi
    sleep 0.2 || sleep 1
    waited=$((waited + 1))
  done
  size=$(wc -c <"$TMP/out")
  if [ "$size" -gt ${maxBytes} ]; then size=${maxBytes}; fi
  experiment_answer ${id} out "$ended" "$status" "$note"
  if [ -s "$TMP/left" ]; then
    size=$(head -c 4096 "$TMP/left" | wc -c)
    experiment_answer ${leftAnswer} left done 0 ''
  fi
  printf '\\n@${nonce} end\\n'
  # The keeper removes the folder when all is clean; one that was killed cannot.
  kill -0 "$keeper_pid" || rm -rf -- "$TMP"
}
experiment_main
`;
}
