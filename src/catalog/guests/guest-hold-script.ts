/** Guests that can be held up: names that a shell cannot take apart. */
export const plainGuest = /^(?:qemu\/\d{1,9}|lxc\/[A-Za-z0-9][A-Za-z0-9_.-]{0,60})$/;
/** Block devices of guests as /sys/block has them. */
export const plainVolume = /^(?:zd|dm-|rbd)\d{1,6}$/;

export interface HoldScript {
  /** As `plainGuest` has it. */
  readonly object: string;
  /** Of QEMU; 0: not known, or a container. */
  readonly pid: number;
  readonly volumes: readonly string[];
  /** Of the other guests. */
  readonly otherVolumes: readonly string[];
}

/**
 * POSIX sh for experiments that hold one guest up: `$group` is its control group. `window SIDE SECONDS` prints a line `window SIDE` with two readings, each of
 * milliseconds of uptime; of the guest: microseconds of CPU, bytes through its volumes, through its ZFS datasets, of QEMU itself (proc_pid_io(5)); of the others:
 * microseconds that their tasks waited for a processor and for I/O (PSI, kernel document accounting/psi), and number of requests and milliseconds of their volumes
 * (kernel document block/stat).
 */
export function holdFunctions({ object, pid, volumes, otherVolumes }: HoldScript): string {
  const [kind, name] = [object.slice(0, object.indexOf('/')), object.slice(object.indexOf('/') + 1)];
  const folders = kind === 'qemu' ? [`/sys/fs/cgroup/qemu.slice/${name}.scope`] : [`/sys/fs/cgroup/lxc/${name}`, `/sys/fs/cgroup/lxc.payload.${name}`, `/sys/fs/cgroup/lxc.payload/${name}`];
  return `is_root || denied 'root is needed to hold up a guest'
need awk
group=
for folder in ${folders.join(' ')}; do
  if [ -z "$group" ] && [ -e "$folder/cgroup.freeze" ]; then group=$folder; fi
done
[ -n "$group" ] || absent 'the guest has no control group of version 2 any more'
objsets=$(grep -lsE 'dataset_name.*/(vm|base|subvol|basevol)-${name.replaceAll('.', '[.]')}-disk-' /proc/spl/kstat/zfs/*/objset-* | tr '\\n' ' ')
others=$(for folder in /sys/fs/cgroup/qemu.slice/*.scope /sys/fs/cgroup/lxc/* /sys/fs/cgroup/lxc.payload.* /sys/fs/cgroup/machine.slice/*.scope /sys/fs/cgroup/system.slice; do
  if [ "$folder" != "$group" ] && [ -r "$folder/io.pressure" ]; then echo "$folder"; fi
done | head -n 300 | tr '\\n' ' ')
look() { awk -v at="$(experiment_ms)" -v group="$group" -v pid=${pid} -v own='${volumes.join(' ')}' -v theirs='${otherVolumes.join(' ')}' -v objsets="$objsets" -v others="$others" '
function stalled(file,  l, f, n) { while ((getline l < file) > 0) if (l ~ /^some/) { split(l, f, "total="); n = f[2] } close(file); return n + 0 }
BEGIN {
  while ((getline l < (group "/cpu.stat")) > 0) { split(l, f, " "); if (f[1] == "usage_usec") cpu = f[2] }
  n = split(own, name, " "); for (i = 1; i <= n; i++) if ((getline l < ("/sys/block/" name[i] "/stat")) > 0) { split(l, f, " "); bytes += 512 * (f[3] + f[7]) }
  n = split(theirs, name, " "); for (i = 1; i <= n; i++) if ((getline l < ("/sys/block/" name[i] "/stat")) > 0) { split(l, f, " "); ios += f[1] + f[5]; ms += f[4] + f[8] }
  n = split(objsets, name, " "); for (i = 1; i <= n; i++) while ((getline l < name[i]) > 0) { split(l, f, " "); if (f[1] == "nread" || f[1] == "nwritten") zfs += f[3] }
  if (pid > 0) while ((getline l < ("/proc/" pid "/io")) > 0) { split(l, f, " "); if (f[1] == "read_bytes:" || f[1] == "write_bytes:") qemu += f[2] }
  n = split(others, name, " "); for (i = 1; i <= n; i++) { forCpu += stalled(name[i] "/cpu.pressure"); forIo += stalled(name[i] "/io.pressure") }
  printf "%d %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f\\n", at, cpu, bytes, zfs, qemu, forCpu, forIo, ios, ms
}'; }
window() {
  from=$(look)
  sleep "$2" || sleep 1
  echo "window $1 $from $(look)"
}
`;
}
