/** Local file systems, whose numbers need no other machine. FUSE is left out: a daemon that hangs would hold up the asker. */
const localTypes = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'jfs', 'bcachefs', 'vfat', 'exfat', 'ntfs3', 'tmpfs'];

/**
 * The loop that runs on the host, as POSIX sh for dash, bash and busybox. It reads with the shell's own words alone: a tick costs no process but `sleep`. What may block
 * (statfs, sensors behind firmware or a disk) runs beside it, now and then, and never a second time while the first hangs. It writes nothing to the host, and ends with its connection,
 * at the latest at the tick after.
 *
 * A frame is a line `@<nonce> <kind> <uptime in s> <bytes>`, exactly so many bytes, and a line end. A body has sections: a line `=<name>`, then lines as the kernel gives them.
 */
export function samplerScript(nonce: string, intervalSeconds: number, slowIntervalSeconds: number): string {
  const slowEvery = Math.max(1, Math.round(slowIntervalSeconds / intervalSeconds));
  return `LC_ALL=C
PATH=\${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
export LC_ALL PATH
unset LANGUAGE ENV CDPATH
umask 077
exec 2>/dev/null
n='
'
frame() {
  IFS=' ' read -r up x </proc/uptime
  printf '@${nonce} %s %s %s\\n%s\\n' "$1" "$up" "\${#body}" "$body" || exit 0
}
# Appends a section with the lines of a file.
section() {
  if [ ! -r "$2" ]; then return; fi
  body="$body=$1$n"
  while IFS= read -r line; do body="$body$line$n"; done <"$2"
}
# Appends a line with a name and the first line of a file.
value() {
  line=
  if [ -r "$2" ]; then read -r line <"$2"; fi
  if [ -n "$line" ]; then body="$body$1 $line$n"; fi
}
hello() {
  body="=uname$n"
  for key in s r v m n; do body="$body$(uname -$key)$n"; done
  body="$body$(cat /proc/sys/kernel/domainname)$n"
  frame hello
}
tick() {
  body="=stat$n"
  while read -r key first rest; do
    case $key in
      cpu) ;;
      cpu* | ctxt | btime | processes | procs_*) body="$body$key $first $rest$n" ;;
      intr) body="$body$key $first$n" ;;
    esac
  done </proc/stat
  body="$body=vmstat$n"
  while read -r key rest; do
    case $key in pgpg* | pswp* | pg*fault* | oom_kill*) body="$body$key $rest$n" ;; esac
  done </proc/vmstat
  section loadavg /proc/loadavg
  section meminfo /proc/meminfo
  body="$body=diskstats$n"
  while read -r major minor key rest; do
    case $key in
      ram* | loop* | fd[0-9]* | [hsv]d[a-z][0-9]* | xvd[a-z][0-9]* | nvme*n*p[0-9]*) ;;
      *) body="$body$major $minor $key $rest$n" ;;
    esac
  done </proc/diskstats
  section net/dev /proc/net/dev
  for key in cpu io memory; do section "pressure/$key" "/proc/pressure/$key"; done
  body="$body=net/state$n"
  for file in /sys/class/net/*/operstate; do
    x=\${file%/operstate} x=\${x##*/}
    case $x in '*' | veth* | tap* | fw*) continue ;; esac
    value "$x operstate" "$file"
    value "$x carrier_changes" "/sys/class/net/$x/carrier_changes"
  done
  if [ -r /proc/spl/kstat/zfs/arcstats ]; then
    body="$body=arcstats$n"
    while read -r key x rest; do
      case $key in
        size | c | c_min | c_max | hits | misses | demand_*_hits | demand_*_misses | memory_throttle_count | arc_no_grow | arc_meta_used | l2_size | l2_hits | l2_misses | l2_io_error | l2_cksum_bad) body="$body$key $x $rest$n" ;;
      esac
    done </proc/spl/kstat/zfs/arcstats
    body="$body=pools$n"
    suspended=
    for file in /proc/spl/kstat/zfs/*/state; do
      x=\${file%/state}
      value "\${x##*/}" "$file"
      case $line in SUSPENDED) suspended=yes ;; esac
    done
  fi
  frame tick
}
statistics() {
  if [ "$#" -eq 0 ]; then return; fi
  x=$(stat -f -c '%S %b %f %a %c %d %n' -- "$@")
  body="$body=statfs$n$x$n"
}
# Space: what is not ZFS first, so that a pool that hangs hides only its own.
spaces() {
  mounts= plain= zfs= count=0
  while read -r device mount type options rest; do
    case $type in ${localTypes.join(' | ')}) ;; *) continue ;; esac
    case $mount in *\\\\* | /dev | /dev/* | /proc/* | /sys | /sys/* | /run/credentials/* | /var/lib/docker/* | /var/lib/containers/storage/*) continue ;; esac
    count=$((count + 1))
    if [ "$count" -gt 300 ]; then break; fi
    mounts="$mounts$device $mount $type $options$n"
    if [ "$type" = zfs ]; then zfs="$zfs$mount$n"; else plain="$plain$mount$n"; fi
  done </proc/mounts
  IFS=$n
  set -f
  body="=mounts$n$mounts"
  statistics $plain
  frame spaces
  body=
  if [ -z "$suspended" ] && [ -n "$zfs" ]; then statistics $zfs; frame spaces; fi
}
# Appends readings below a folder of hwmon. Disks are not asked that could be asleep (drivetemp).
hwmon() {
  x=
  read -r x <"$1/name"
  if [ "$x" = drivetemp ]; then return; fi
  cd -P "$1/device" || cd -P "$1" || return
  for file in "$1"/temp*_input; do
    key=\${file##*/}
    x=
    if [ -r "$file" ]; then read -r x <"$file"; fi
    if [ -n "$x" ]; then body="$body\${1##*/} \${key%_input} $x $PWD$n"; fi
  done
}
sensors() {
  body="=clock$n$(date '+%s.%N')$n"
  body="$body=numbers$n"
  for key in fs/file-nr net/netfilter/nf_conntrack_count net/netfilter/nf_conntrack_max; do
    if [ -r "/proc/sys/$key" ]; then body="$body$key $(cat "/proc/sys/$key")$n"; fi
  done
  body="$body=throttle$n"
  for file in /sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/core_throttle_count; do
    x=\${file%/core_throttle_count} key=\${x%/thermal_throttle}
    core= package=
    if [ -r "$file" ]; then
      read -r core <"$key/topology/core_id"
      read -r package <"$key/topology/physical_package_id"
      value "core $package $core" "$file"
      value "package $package $core" "$x/package_throttle_count"
    fi
  done
  frame sensors
  body="=thermal$n"
  for file in /sys/class/thermal/thermal_zone*/temp; do
    x=\${file%/temp} type=
    if [ -r "$file" ]; then read -r type <"$x/type"; fi
    value "\${x##*/thermal_zone} $type" "$file"
  done
  body="$body=hwmon$n"
  for folder in /sys/class/hwmon/hwmon*; do if [ -r "$folder/name" ]; then hwmon "$folder"; fi; done
  frame sensors
}
# Starts a word beside the loop unless the one before still runs.
beside() {
  eval "x=\\\${pid_$1:-}"
  if [ -n "$x" ] && kill -0 "$x"; then
    body="=stuck$n$1$n"
    frame stuck
    return
  fi
  "$1" </dev/null &
  eval "pid_$1=$!"
}
main() {
  hello
  suspended= turn=0
  while :; do
    tick
    if [ "$turn" -eq 0 ]; then
      beside spaces
      beside sensors
    fi
    turn=$(((turn + 1) % ${slowEvery}))
    sleep ${intervalSeconds} </dev/null || exit 0
  done
}
main
exit 0
`;
}
