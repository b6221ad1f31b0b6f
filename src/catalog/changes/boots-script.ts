export const mostJournalBoots = 8;
const mostKernelLines = 6_000;
const mostSteps = 60;
/** SD_MESSAGE_TIME_CHANGE of sd-messages.h: systemd noticed that the clock was set. The journal has an index of it. */
const timeChange = 'c7a787079b354eaaa9e77b371893cd27';

/** What `as_root` runs here, for sudoers. */
export const bootsSudo = [
  '/usr/bin/timeout ^3 journalctl -q --no-pager --list-boots$',
  '/usr/bin/timeout ^3 journalctl -q --no-pager -k -b 0 -o short-unix$',
  `/usr/bin/timeout ^3 journalctl -q --no-pager -k -b -[1-${mostJournalBoots}] -o short-unix$`,
  `/usr/bin/timeout ^3 journalctl -q --no-pager -b -[1-${mostJournalBoots}] -n 1 -o export --output-fields=_BOOT_ID$`,
  `/usr/bin/timeout ^3 journalctl -q --no-pager -n ${mostSteps} -o export --output-fields=_BOOT_ID MESSAGE_ID=${timeChange}$`,
];

/** What the kernel says of itself and of the machine, and what else both ways of reading it share: `line` becomes a tag and its value. */
const tellBoot = `
function secretless(text, parts, n, i, word, kept) {
  n = split(text, parts, " ")
  for (i = 1; i <= n; i++) { word = parts[i]; if (tolower(word) ~ /(pass|secret|token|chap)[^=]*=/) sub(/=.*/, "=(left out)", word); kept = kept " " word }
  return substr(kept, 2, 1000)
}
function behind(text, mark) { return match(text, mark) ? substr(text, RSTART + RLENGTH) : "" }
function microcode(text) {
  if (text !~ /microcode: / || !match(text, /([Cc]urrent revision: ?|to revision ?|revision=|patch_level=| -> )0x[0-9a-f]+/)) return ""
  text = substr(text, RSTART, RLENGTH); sub(/.*0x/, "", text); sub(/^0+/, "", text)
  return "0x" text
}`;

/**
 * Devices of a boot, each kind with its model and firmware: `scsi …: Direct-Access` (scsi_scan.c: vendor in 8, model in 16, revision in 4 characters), NVMe controllers and network cards by their place, adapters by
 * what their drivers say. Virtual media of management controllers come and go.
 */
const tellDevices = `
function device(kind, name, firmware, key) {
  gsub(/[|]/, "/", name); sub(/ +$/, "", name); sub(/ +$/, "", firmware)
  key = kind "|" substr(name, 1, 80) "|" substr(firmware, 1, 40)
  if (!(key in count) && ++kinds > 150) { cut = 1; return }
  count[key]++
}
match($0, /scsi [0-9]+:[0-9]+:[0-9]+:[0-9]+: Direct-Access     /) {
  rest = substr($0, RSTART + RLENGTH); vendor = substr(rest, 1, 8); sub(/ +$/, "", vendor)
  if (vendor !~ /^(AMI|ATEN|iDRAC|IPMI|HP iLO|Linux)/) device("disk", vendor " " substr(rest, 10, 16), substr(rest, 27, 4))
}
match($0, /nvme nvme[0-9]+: pci function [0-9a-f:.]+/) { device("nvme", behind(substr($0, RSTART, RLENGTH), "function "), "") }
/ [^ ]+ [^ ]+ [a-z][^ ]*: renamed from [a-z]/ { rest = $0; sub(/: renamed from .*/, "", rest); n = split(rest, parts, " "); if (parts[n - 1] ~ /[0-9]/ && parts[n - 2] !~ /:$/) device("nic", parts[n], "") }
match($0, /mpt[23]sas_cm[0-9]+: [A-Za-z0-9]+: FWVersion[(][0-9.]+/) { rest = substr($0, RSTART, RLENGTH); name = rest; sub(/: FWV.*/, "", name); sub(/.*[(]/, "", rest); device("adapter", name, rest) }
match($0, /[a-z][a-z0-9_]+ [0-9a-f]+:[0-9a-f]+:[0-9a-f]+[.][0-9]( [a-z][^ ]*)?: (fw|FW|firmware|Firmware)( version)?:? [0-9][^ ,;]*/) {
  rest = substr($0, RSTART, RLENGTH); split(rest, parts, " "); n = split(rest, parts, " "); name = parts[2]; sub(/:$/, "", name); device("adapter", parts[1] " " name, parts[n])
}`;

/** POSIX sh. Nothing new is asked when six seconds are over: `cut=` says so. */
export const bootsScript = `read -r up rest </proc/uptime || exit 1
echo "now=$(date +%s)"
echo "uptime=$up"
echo "kernel=$(uname -r)"
until=$((\${up%%.*} + 6))
in_time() { read -r up rest </proc/uptime; [ "\${up%%.*}" -lt "$until" ] || { echo "cut=$1"; return 1; }; }
if have last; then
  for f in /var/log/wtmp /var/log/wtmp.1; do
    if [ "$f" = /var/log/wtmp ]; then last -w -x --time-format iso -n 60 reboot shutdown 2>/dev/null
    elif [ -r "$f" ]; then last -w -x --time-format iso -n 30 -f "$f" reboot shutdown 2>/dev/null; fi
  done | awk '$2 == "system" && ($3 == "boot" || $3 == "down") { print "wtmp=" substr($0, 1, 200) }'
fi
known=0
if have journalctl; then
  known=$(as_root timeout 3 journalctl -q --no-pager --list-boots 2>/dev/null | awk '$1 ~ /^-?[0-9]+$/ { n++ } END { print n + 0 }')
  [ "$known" -gt 0 ] || known=1
  [ "$known" -le ${mostJournalBoots} ] || known=${mostJournalBoots}
  ids="$(tr -d '\\n-' 2>/dev/null </proc/sys/kernel/random/boot_id)=0"
fi
n=0
while [ "$n" -lt "$known" ] && in_time boots; do
  if [ "$n" = 0 ]; then boot=0; else boot=-$n; fi
  echo "boot=$boot"
  { as_root timeout 3 journalctl -q --no-pager -k -b "$boot" -o short-unix || echo '#cut'; } 2>/dev/null | awk '${tellBoot}
  $0 == "#cut" { if (NR > 1) cut = 1; next }
  !from { print "first=" substr($1, 1, 24); from = $1 }
  $1 - from > 600 { exit }
  NR >= ${mostKernelLines} { cut = 1; exit }
  !version && /Linux version / { line = behind($0, "Linux version "); split(line, parts, " "); print "version=" substr(parts[1], 1, 80); version = 1 }
  !command && /ommand line: / { print "command-line=" secretless(behind($0, "ommand line: ")); command = 1 }
  /microcode: / { line = microcode($0); if (line != "") code = line }
  !firmware && /DMI: / { print "firmware=" substr(behind($0, "DMI: "), 1, 160); firmware = 1 }${tellDevices}
  END { if (code != "") print "microcode=" code
    for (key in count) print "device=" count[key] "|" key
    if (from && (cut || !version)) print "devices-cut=1" }'
  if [ "$n" != 0 ]; then
    end=$(as_root timeout 3 journalctl -q --no-pager -b "$boot" -n 1 -o export --output-fields=_BOOT_ID 2>/dev/null | awk -F= '$1 == "__REALTIME_TIMESTAMP" { real = $2 } $1 == "__MONOTONIC_TIMESTAMP" { up = $2 } $1 == "_BOOT_ID" { id = $2 } END { if (length(real) > 6) print id, real, up }')
    set -- $end
    if [ $# = 3 ]; then ids="$ids $1=$boot"; echo "last=$2"; echo "end-uptime=$3"; fi
  fi
  n=$((n + 1))
done
if [ "$known" -gt 0 ] && in_time steps; then
  as_root timeout 3 journalctl -q --no-pager -n ${mostSteps} -o export --output-fields=_BOOT_ID MESSAGE_ID=${timeChange} 2>/dev/null | awk -F= -v ids="$ids" '
  BEGIN { n = split(ids, list, " "); for (i = 1; i <= n; i++) { split(list[i], pair, "="); index_of[pair[1]] = pair[2] } }
  function tell() { if (real != "") print "step=" (id in index_of ? index_of[id] : "?") "|" real "|" up; real = up = id = "" }
  $1 == "__REALTIME_TIMESTAMP" { real = $2 } $1 == "__MONOTONIC_TIMESTAMP" { up = $2 } $1 == "_BOOT_ID" { id = $2 } $0 == "" { tell() } END { tell() }'
fi
if [ "$known" -le 1 ] && in_time logs; then
  for base in /var/log/kern.log /var/log/messages /var/log/syslog; do
    [ -r "$base" ] || continue
    { for f in "$base.3.gz" "$base.2.gz" "$base.1.gz"; do [ -r "$f" ] && in_time logs && timeout 2 gzip -dc "$f" 2>/dev/null; done
      for f in "$base.1" "$base"; do [ -r "$f" ] && tail -c 10000000 "$f"; done
    } | awk '${tellBoot}
    $0 == "cut=logs" { print; next }
    !/kernel: / { next }
    / Linux version / { split(behind($0, "Linux version "), parts, " "); sub(/ [^ ]+ kernel: .*/, "", $0); print "log=" substr($0, 1, 40); print "log-version=" substr(parts[1], 1, 80); command = 0; next }
    !command && /ommand line: / { print "log-command-line=" secretless(behind($0, "ommand line: ")); command = 1 }
    /microcode: / { line = microcode($0); if (line != "") print "log-microcode=" line }
    / DMI: / { print "log-firmware=" substr(behind($0, "DMI: "), 1, 160) }' | tail -n 200
    break
  done
fi
:`;
