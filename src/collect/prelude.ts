import { leftBehindNote, reservedExitStatus } from '../define/case.ts';

/**
 * What every fragment finds at its disposal, as POSIX sh (ARCHITECTURE.md lists the words). Files under /proc/sys must not be read
 * with the shell's `read`: shells that read byte by byte get the first digit of a number only. `dump` knows that.
 */
export const prelude = `PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
unset LANGUAGE CDPATH ENV BASH_ENV GREP_OPTIONS
umask 077
unalias -a 2>/dev/null || :

have() { command -v "$1" >/dev/null 2>&1; }
culprit_says() { printf '%s\\n' "$*" >"$culprit_note"; printf '%s\\n' "$*"; }
absent() { culprit_says "$@"; exit ${reservedExitStatus.absent}; }
denied() { culprit_says "$@"; exit ${reservedExitStatus.denied}; }
need() { have "$1" || { culprit_says "$1 is not installed"; exit ${reservedExitStatus.notInstalled}; }; }
left_behind() {
  culprit_hung=
  for culprit_file in $(grep -sl -e "^[0-9]* ($1) D " /proc/[0-9]*/stat); do
    culprit_file=\${culprit_file%/stat}
    culprit_hung="$culprit_hung, $1 (\${culprit_file#/proc/})"
  done
  if [ -n "$culprit_hung" ]; then printf '${leftBehindNote}%s\\n' "\${culprit_hung#, }" >"$culprit_note"; fi
}
is_root() { [ "$culprit_root" != no ]; }
as_root() {
  if [ "$culprit_root" = sudo ]; then sudo -n -- "$@"; else "$@"; fi
}
dump() {
  for culprit_file do
    if [ ! -r "$culprit_file" ] || [ -d "$culprit_file" ]; then continue; fi
    case $culprit_file in
      /proc/sys/*)
        printf '==> %s <==\\n' "$culprit_file"
        culprit_line=$(cat "$culprit_file")
        printf '%s\\n' "$culprit_line"
        ;;
      *) { culprit_dump; } <"$culprit_file" ;;
    esac
  done 2>/dev/null
  return 0
}
# The first lines without a process of their own; a longer file goes on with one.
culprit_dump() {
  printf '==> %s <==\\n' "$culprit_file"
  culprit_lines=0 culprit_line=
  while IFS= read -r culprit_line; do
    printf '%s\\n' "$culprit_line"
    culprit_lines=$((culprit_lines + 1))
    if [ "$culprit_lines" -eq 12 ]; then
      if have awk; then awk 1; else cat; echo; fi
      return
    fi
    culprit_line=
  done
  if [ -n "$culprit_line" ]; then printf '%s\\n' "$culprit_line"; fi
}
`;
