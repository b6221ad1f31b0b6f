import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { failed, unparsable } from '../../define/result.ts';
import { parseGuestCgroups } from './guest-cgroups-text.ts';
import { guestCgroupsSamples } from './guest-cgroups.samples.ts';

const count = z.number().nonnegative();
const stallSchema = z.object({
  /** Share of the time stalled over the last 10 and 60 seconds, in percent. */
  someAvg10: z.number(),
  someAvg60: z.number(),
  someTotalMicroseconds: count,
  fullAvg10: z.number(),
  fullAvg60: z.number(),
  fullTotalMicroseconds: count,
});
const ioSchema = z.object({ readBytes: count, writtenBytes: count, reads: count, writes: count });

/** What the kernel accounts to each guest's control group (kernel document admin-guide/cgroup-v2). */
export const guestCgroupSchema = z.object({
  /** `qemu/100`, `lxc/101`, `libvirt/web`, `nspawn/build`. */
  object: z.string(),
  kind: z.enum(['qemu', 'lxc', 'libvirt', 'nspawn']),
  name: z.string(),
  cpu: z.object({
    usageMicroseconds: count,
    /** Periods of the CPU limit, and those in which it stopped the guest. */
    periods: count,
    throttledPeriods: count,
    throttledMicroseconds: count,
    /** The limit in CPUs. Without a limit: left out. */
    limitCpus: z.number().optional(),
    weight: count.optional(),
  }),
  memory: z
    .object({
      /** With the page cache of the guest's files. */
      currentBytes: count,
      maxBytes: count.optional(),
      highBytes: count.optional(),
      /** What it would give back under pressure: file pages and reclaimable kernel objects. */
      reclaimableBytes: count,
      anonBytes: count,
      swapBytes: count,
      swapMaxBytes: count.optional(),
      /** How often it ran into memory.high and memory.max, and the out-of-memory kills that followed. */
      events: z.object({ high: count, max: count, oom: count, oomKills: count }),
    })
    .optional(),
  /**
   * Through disks, and through zvols; files on ZFS datasets and network file systems are in neither. Layers above a disk
   * (device mapper, md, loop) are left out where a disk below them shows the same.
   */
  io: z.object({ disks: ioSchema, zvols: ioSchema }).optional(),
  /** The tightest of the limits in `io.max` over all devices. Limits that QEMU keeps itself are in the guest's settings. */
  ioLimits: z
    .object({
      readBytesPerSecond: count.optional(),
      writeBytesPerSecond: count.optional(),
      readsPerSecond: count.optional(),
      writesPerSecond: count.optional(),
    })
    .optional(),
  /** All its tasks are stopped by the freezer of control groups. */
  frozen: z.literal(true).optional(),
  pids: z.object({ current: count, max: count.optional() }).optional(),
  pressure: z.object({ cpu: stallSchema, io: stallSchema, memory: stallSchema }).optional(),
});
export type GuestCgroup = z.infer<typeof guestCgroupSchema>;
export type Stall = z.infer<typeof stallSchema>;

const schema = z.object({
  guests: z.array(guestCgroupSchema),
  /** More guests than are taken in. */
  truncated: z.boolean(),
});

export default defineCounterProbe({
  id: 'guest-cgroups',
  title: 'Use of CPU, memory and I/O by each guest',
  subject: 'guests',
  timeoutMs: 5_000,
  maxBytes: 524_288,
  sh: `[ -f /sys/fs/cgroup/cgroup.controllers ] || { echo '#version-1'; exit 0; }
need awk
cd /sys/fs/cgroup
printf '%s\\n' qemu.slice/*.scope lxc/* lxc.payload.* lxc.payload/* machine.slice/machine-*.scope machine.slice/systemd-nspawn@*.service machine/qemu-*.libvirt-qemu | awk '
function word(file, l) { l = ""; getline l < file; close(file); return l }
function put(key, value) { if (value != "" && value != "0" && value != "0.00" && value != "max") out = out " " key "=" value }
function fields(file, keys,  l, f, n, i, want, names) {
  n = split(keys, names, " ")
  for (i = 1; i <= n; i++) { split(names[i], f, ":"); want[f[1]] = f[2] }
  while ((getline l < file) > 0) { split(l, f, " "); if (f[1] in want) put(want[f[1]], f[2]) }
  close(file)
}
function pressure(file, key,  l, f, a, seen) {
  while ((getline l < file) > 0) {
    split(l, f, " "); a = key substr(f[1], 1, 1)
    put(a "10", substr(f[2], 7)); put(a "60", substr(f[3], 7)); put(a "t", substr(f[5], 7)); seen = 1
  }
  close(file); return seen
}
function io(file,  l, f, n, i, p, c, sum, seen) {
  while ((getline l < file) > 0) {
    n = split(l, f, " "); split(f[1], p, ":"); c = (p[1] in layer) ? layer[p[1]] : "d"; seen = 1
    for (i = 2; i <= n; i++) { split(f[i], p, "="); sum[c p[1]] += p[2] }
  }
  if ((getline l < file) >= 0 || seen) out = out " io=1"
  close(file)
  for (i in sum) if (sum[i] > 0 && i !~ /d(bytes|ios)$/) put(i, sprintf("%.0f", sum[i]))
}
function limits(file,  l, f, n, i, p, least) {
  while ((getline l < file) > 0) {
    n = split(l, f, " ")
    for (i = 2; i <= n; i++) { split(f[i], p, "="); if (p[2] != "max" && (!(p[1] in least) || p[2] + 0 < least[p[1]])) least[p[1]] = p[2] + 0 }
  }
  close(file)
  for (i in least) put("l" i, sprintf("%.0f", least[i]))
}
BEGIN {
  while ((getline line < "/proc/devices") > 0) {
    split(line, f, " ")
    if (line ~ /^Block/) block = 1
    else if (block && f[2] ~ /^(device-mapper|md|mdp|loop|bcache)$/) layer[f[1]] = "s"
    else if (block && f[2] == "zvol") layer[f[1]] = "z"
  }
}
{
  out = ""; fields($0 "/cpu.stat", "usage_usec:u nr_periods:p nr_throttled:t throttled_usec:tu")
  if (out == "") next
  if (++guests > 500) { cut = 1; exit }
  split(word($0 "/cpu.max"), q, " "); if (q[1] != "max" && q[1] != "") { put("q", q[1]); put("qp", q[2]) }
  put("w", word($0 "/cpu.weight"))
  m = word($0 "/memory.current")
  if (m != "") {
    out = out " m=" m; put("mm", word($0 "/memory.max")); put("mh", word($0 "/memory.high"))
    fields($0 "/memory.stat", "anon:an inactive_file:if active_file:af slab_reclaimable:sr")
    put("s", word($0 "/memory.swap.current")); n = word($0 "/memory.swap.max"); if (n != "max" && n != "") out = out " sm=" n
    fields($0 "/memory.events", "high:eh max:em oom:eo oom_kill:ek")
  }
  io($0 "/io.stat"); limits($0 "/io.max")
  fields($0 "/cgroup.events", "frozen:fz"); fields($0 "/ns/cgroup.events", "frozen:fz")
  n = word($0 "/pids.current"); if (n != "") { out = out " n=" n; put("nm", word($0 "/pids.max")) }
  if (pressure($0 "/cpu.pressure", "pc")) out = out " psi=1"
  pressure($0 "/io.pressure", "pi"); pressure($0 "/memory.pressure", "pm")
  print out " dir=" $0
}
END { if (cut) print "#truncated"; print "#end" }'`,
  schema,
  parse: (stdout) => {
    if (stdout.startsWith('#version-1')) return failed('not-installed', 'this host uses control groups of version 1, or both versions; only version 2 is read');
    return parseGuestCgroups(stdout) ?? unparsable('the answer does not reach its end');
  },
  examples: [
    ...guestCgroupsSamples,
    { from: 'recorded', where: 'Debian 12 with both versions of control groups', stdout: '#version-1\n', expect: 'not-installed' },
    { from: 'documented', where: 'an answer that was cut', stdout: ' u=99120 w=100 dir=lxc/101\n', expect: 'unparsable' },
  ],
});
