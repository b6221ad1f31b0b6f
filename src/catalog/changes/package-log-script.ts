export const mostLines = 1_500;
const mostBytes = 8_000_000;

/** What `as_root` runs here, for sudoers. */
export const packageLogSudo = [`/usr/bin/tail -c ${mostBytes} /var/log/apt/term.log`];

/**
 * POSIX sh. Plain files are read from their end, packed ones from their beginning for a second each, and no further one when four seconds are over; a line `#cut <file>` marks what was not read whole, be it too
 * large, too slow, damaged or packed by what is not installed.
 */
export const packageLogScript = `read -r up rest </proc/uptime || exit 1
until=$((\${up%%.*} + 4))
cut_mark() { printf '\\n#cut %s\\n' "\${1##*/}"; }
part() {
  [ -f "$1" ] && [ -r "$1" ] || return 0
  case $1 in
    *.gz | *.xz | *.zst | *.bz2)
      read -r up rest </proc/uptime
      if [ "\${up%%.*}" -ge "$until" ]; then cut_mark "$1"; return 0; fi ;;
  esac
  case $1 in
    *.gz) timeout 1 gzip -dc "$1" || cut_mark "$1" ;;
    *.xz) timeout 1 xz -dc "$1" || cut_mark "$1" ;;
    *.zst) timeout 1 zstd -dcq "$1" || cut_mark "$1" ;;
    *.bz2) timeout 1 bzip2 -dc "$1" || cut_mark "$1" ;;
    *) [ -z "$(find "$1" -size +${Math.floor(mostBytes / 1024)}k)" ] || cut_mark "$1"
      tail -c ${mostBytes} "$1" ;;
  esac
  echo
}
rotated() { for number in $2; do for file in "$1.$number" "$1.$number".gz "$1.$number".xz "$1.$number".zst "$1.$number".bz2; do part "$file"; done; done; }
dated() { set -- "$1"-20[0-9][0-9]*; [ $# -le 4 ] || shift $(($# - 4)); for file do part "$file"; done; }
marks='/^#cut / { cuts = cuts $0 "\\n"; next }'
if [ -r /var/log/dpkg.log ] || [ -r /var/log/dpkg.log.1 ] || [ -r /var/log/dpkg.log.1.gz ]; then
  echo '==> dpkg <=='
  { rotated /var/log/dpkg.log '4 3 2 1'; dated /var/log/dpkg.log; part /var/log/dpkg.log; } 2>/dev/null | awk "$marks"'
  $3 == "install" || $3 == "upgrade" || $3 == "remove" || $3 == "purge" { kept[++n % ${mostLines}] = substr($0, 1, 300) }
  END { for (i = n > ${mostLines} ? n - ${mostLines} + 1 : 1; i <= n; i++) print kept[i % ${mostLines}]; print "lines " n + 0; printf "%s", cuts }'
  echo '==> apt <=='
  { rotated /var/log/apt/history.log '2 1'; dated /var/log/apt/history.log; part /var/log/apt/history.log; } 2>/dev/null | awk "$marks"'
  /^Start-Date: / { kept[++n % 400] = substr($0, 1, 60) }
  /^Commandline: / { line = $1; for (i = 2; i <= NF && i <= 12; i++) line = line " " ($i ~ /[=@]|:\\/\\// ? "…" : substr($i, 1, 60)); kept[++n % 400] = line }
  END { for (i = n > 400 ? n - 399 : 1; i <= n; i++) print kept[i % 400]; printf "%s", cuts }'
  echo '==> term <=='
  { rotated /var/log/apt/term.log '1'; if [ -r /var/log/apt/term.log ]; then part /var/log/apt/term.log; else as_root tail -c ${mostBytes} /var/log/apt/term.log; fi; } 2>/dev/null | awk "$marks"'
  { sub(/\\r$/, "") }
  length($0) < 80 && /[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]  ?[0-9][0-9]:[0-9][0-9]:[0-9][0-9]$/ { at = $(NF - 1) " " $NF; next }
  /^dpkg: .*[(]--(configure|unpack|install|remove|purge)[)]/ || /^Error! [A-Z]/ { kept[++n % 100] = at "|" substr($0, 1, 240) }
  END { for (i = n > 100 ? n - 99 : 1; i <= n; i++) print kept[i % 100]; printf "%s", cuts }'
elif have rpm; then
  echo '==> rpm <=='
  rpm -qa --qf '%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n' 2>/dev/null | sort -n | tail -n ${mostLines}
else
  absent 'neither dpkg nor rpm keeps a log here'
fi
echo '==> end <=='`;
