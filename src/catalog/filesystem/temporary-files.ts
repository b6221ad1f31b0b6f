/**
 * POSIX sh for experiments that need files of their own: `temporary_file FOLDER` gives the name of this run's file there, which says whose it is; `remove_old_files FOLDER` removes what runs that are
 * over have left. The name holds 64 random bits of the run's mark, so that nobody can put something else in its place beforehand.
 */
export const temporaryFiles = `temporary_file() { echo "\${1%/}/.culprit-test-\${experiment_mark%????????????????}"; }
remove_old_files() {
  alive=$(cat /dev/shm/culprit.*/mark /run/culprit.*/mark /run/user/*/culprit.*/mark 2>/dev/null)
  for old in "\${1%/}"/.culprit-test-????????????????; do
    if [ ! -f "$old" ] || [ -L "$old" ] || [ ! -O "$old" ]; then continue; fi
    case $alive in *"\${old##*-}"*) ;; *) rm -f -- "$old" ;; esac
  done
}
`;

/**
 * POSIX sh for the clean-up of the same. A file on a disk that does not answer cannot be removed, and whoever tries hangs: so that is left to a process of its own, one for each folder, and what
 * is still there after some seconds is named.
 */
export function removeFiles(folders: readonly string[]): string {
  const rows = folders.map((folder, index) => `remove_file ${folder} ${index}`);
  return `remove_file() {
  file=\${1%/}/.culprit-test-\${experiment_mark%????????????????}
  remover=
  if [ -e "$TMP/remover.$2" ]; then read -r remover <"$TMP/remover.$2"; fi
  if [ -n "$remover" ] && kill -0 "$remover"; then echo "rm $file"; return; fi
  rm -f -- "$file" &
  remover=$!
  echo "$remover" >"$TMP/remover.$2"
  waited=0
  while kill -0 "$remover" && [ "$waited" -lt 15 ]; do sleep 0.2 || sleep 1; waited=$((waited + 1)); done
  if kill -0 "$remover" || [ -e "$file" ]; then echo "rm $file"; fi
}
${rows.join('\n')}`;
}
