/**
 * What is taken from the JSON of sadf(1), by kind of row: the words of its object that name the row, and the members whose values follow, in this order. Both the
 * fragment that makes rows of the JSON and the parser of the rows are made from this.
 */
export const sysstatRows = {
  cpu: ['usr', 'nice', 'sys', 'iowait', 'steal', 'irq', 'soft', 'guest', 'gnice', 'idle'],
  queue: ['runq-sz', 'ldavg-1', 'blocked'],
  memory: ['memfree', 'avail', 'dirty', 'swpfree'],
  swap: ['pswpin', 'pswpout'],
  'psi-cpu': ['some_avg'],
  'psi-io': ['some_avg', 'full_avg'],
  'psi-mem': ['some_avg', 'full_avg'],
  disk: ['rkB', 'wkB', 'await', 'aqu-sz', 'util-percent'],
  net: ['rxkB', 'txkB'],
} as const;
export type SysstatRow = keyof typeof sysstatRows;

/** Disks, arrays and block devices of the network; no partitions, no volumes on them. */
const wholeDisk = '^(sd[a-z]+|hd[a-z]|vd[a-z]+|xvd[a-z]+|dasd[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+|md[0-9]+|rbd[0-9]+|nbd[0-9]+|drbd[0-9]+)$';
/** Interfaces that carry what others carry already, or that belong to a guest. */
const notAPort = '(lo"|tap|veth|fwbr|fwpr|fwln|vnet|vmbr|docker|br-|virbr|ifb|dummy|cali|cni|flannel|lxc|lxdbr|podman|tun|wg)';

/**
 * An awk program (mawk, gawk, busybox): JSON of sadf in, rows out, the newest time first: `@<seconds since 1970>`, then `<kind> [<name>] <values>`, `-` for a value that is
 * missing. Samples are averaged over a minute in the last three hours, ten minutes in the last day and a half, half an hour before. No request has no
 * duration: an `await` of 0 is left out. `now` is given.
 */
export const sysstatAwk = `
BEGIN {
${Object.entries(sysstatRows).map(([kind, members]) => `  list["${kind}"] = "${members.join(' ')}"`).join('\n')}
  newest = 0; oldest = now; rows = 0; days = 0
}
function add(kind, name,   row, m, i, k, count) {
  row = name == "" ? kind : kind " " name
  if (!(row in known)) { if (rows >= 150) return; rows++; known[row] = kind }
  count = split(list[kind], k, " ")
  for (i = 1; i <= count; i++) if ((k[i] in v) && !(k[i] == "await" && v[k[i]] == 0)) { sum[slot, row, i] += v[k[i]]; n[slot, row, i]++; if (kind == "disk" && i == 5 || kind == "net") use[row] += v[k[i]] }
}
function text(x,   s) {
  s = x >= 1000 || x <= -1000 ? sprintf("%.0f", x) : sprintf("%.2f", x)
  if (s ~ /[.]/) { sub(/0+$/, "", s); sub(/[.]$/, "", s) }
  return s
}
function busiest(kind, most,   i, row, best) {
  for (i = 0; i < most; i++) {
    best = ""
    for (row in use) if (known[row] == kind && !(row in chosen) && (best == "" || use[row] > use[best])) best = row
    if (best == "") return
    chosen[best] = 1; order[++shown] = best
  }
}
function day(date,   d, y, m, era) {
  split(date, d, "-"); y = d[1] + 0; m = d[2] + 0
  if (m <= 2) { y--; m += 12 }
  return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d[3] - 1 - 719468
}
/"number-of-cpus"/ { if (match($0, /[0-9]+/)) cpus = substr($0, RSTART, RLENGTH); next }
/"timestamp"/ {
  slot = 0; fields = split($0, p, /[][{},: "\\t]+/)
  for (i = 2; i < fields; i++) { if (p[i] == "date") date = p[i + 1]; if (p[i] == "time") seconds = p[i + 1] * 3600 + p[i + 2] * 60 + p[i + 3]; if (p[i] == "utc") utc = p[i + 1] }
  if (utc != 1 || date !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) next
  at = day(date) * 86400 + seconds; age = now - at
  if (age < -86400 || age > 691200) next
  width = age < 10800 ? 60 : age < 129600 ? 600 : 1800
  slot = int((at + width - 1) / width) * width
  if (slot > newest) newest = slot
  if (slot < oldest) oldest = slot
  times[slot] = 1
  next
}
!slot || /"iface": "${notAPort}/ { next }
/"(cpu|pswpin|memfree|runq-sz|psi-cpu|psi-io|psi-mem|disk-device|iface)":/ {
  fields = split($0, p, /[][{},: "\\t]+/)
  if (p[2] == "disk-device" && p[3] !~ /${wholeDisk}/) next
  if (p[2] == "cpu" && p[3] != "all") next
  split("", v)
  for (i = 2; i < fields; i++) if (p[i + 1] ~ /^-?[0-9.]+$/) { v[p[i]] = p[i + 1]; i++ }
  if (("rd_sec" in v) && !("rkB" in v)) { v["rkB"] = v["rd_sec"] / 2; v["wkB"] = v["wr_sec"] / 2 }
  if (("avgqu-sz" in v) && !("aqu-sz" in v)) v["aqu-sz"] = v["avgqu-sz"]
  if (p[2] == "cpu") add("cpu", "")
  else if (p[2] == "runq-sz" || p[3] == "runq-sz") add("queue", "")
  else if (p[3] == "memfree") add("memory", "")
  else if (p[3] == "pswpin") add("swap", "")
  else if (p[2] ~ /^psi-/) add(p[2], "")
  else if (p[2] == "disk-device") add("disk", p[3])
  else if (p[2] == "iface") add("net", p[3])
}
END {
  count = split("${Object.keys(sysstatRows).join(' ')}", kinds, " ")
  for (i = 1; i <= count; i++) if (kinds[i] in known) order[++shown] = kinds[i]
  busiest("disk", 8); busiest("net", 4)
  if (cpus) print "cpus " cpus
  for (t = newest; t >= oldest; t -= 60) {
    if (!(t in times)) continue
    out = "@" t
    for (r = 1; r <= shown; r++) {
      row = order[r]; line = row; some = 0; count = split(list[known[row]], k, " ")
      for (i = 1; i <= count; i++) if ((t, row, i) in n) { line = line " " text(sum[t, row, i] / n[t, row, i]); some = 1 } else line = line " -"
      if (some) out = out "\\n" line
    }
    size += length(out) + 1
    if (size > 180000) { print "cut"; break }
    print out
  }
  print "end"
}`;
