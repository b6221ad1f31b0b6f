/**
 * POSIX sh: the function `allowed_processors`, which prints the numbers of those that this shell may use, one a line: those that are online and not isolated for others. At most as many as
 * asked for, evenly spread. The kernel lists them as `0-3,8` (proc_pid_status(5): Cpus_allowed_list).
 */
export const allowedProcessors = `allowed_processors() {
  awk -v most="$1" '$1 == "Cpus_allowed_list:" {
    count = split($2, parts, ",")
    for (i = 1; i <= count; i++) { split(parts[i], ends, "-"); last = ends[2] == "" ? ends[1] : ends[2]; for (cpu = ends[1] + 0; cpu <= last + 0; cpu++) all[n++] = cpu }
    if (most > n) most = n
    for (i = 0; i < most; i++) print all[int(i * n / most)]
  }' /proc/self/status
}`;
