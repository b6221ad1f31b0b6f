/** Small packets to each target, and large ones of each size; ordinary users may send one each 0.2 s (ping(8), option -i). */
export const smallPings = 40;
const largePings = 10;
/** How often a TCP connection to each port is made, and from when on it counts as late: a lost SYN is sent again after a second (RFC 6298). */
const connections = 20;

/** Sizes of whole packets that common ways pass: Ethernet, VLAN, PPPoE, VXLAN, WireGuard, and what every way has to pass (RFC 8200, RFC 791). */
const usualMtus = [9000, 8950, 1500, 1496, 1492, 1450, 1420, 1400, 1280, 576];

/** Names and addresses as configuration files have them: nothing that a shell would take apart, and no option. */
export const plainName = /^[A-Za-z0-9][A-Za-z0-9.:-]{0,200}$/;

/**
 * POSIX sh that prints whom this host depends on in its network, `kind name port` a line: gateway, storage servers (mounted, or enabled in Proxmox VE), iSCSI portals, members of the
 * cluster (corosync.conf(5)), name servers (resolv.conf(5); behind the stub of systemd-resolved those that it asks). Ports: those of the services themselves.
 */
const targets = `targets() {
  for version in 4 6; do ip "-$version" route show default 2>/dev/null | awk '{ g = ""; for (i = 1; i < NF; i++) { if ($i == "via") g = $(i + 1); if ($i == "dev") d = $(i + 1) } if (g ~ /^fe80/) g = g "%" d; if (g != "") { print "gateway", g, 53; exit } }'; done | head -n 1
  {
    awk '{ for (i = 7; i < NF && $i != "-"; i++); type = $(i + 1); device = $(i + 2)
      if (type ~ /^nfs4?$/) { sub(/:\\/.*/, "", device); print "storage", device, 2049 }
      if (type ~ /^(cifs|smb3)$/) { split(device, part, "/"); print "storage", part[3], 445 } }' /proc/self/mountinfo
    awk 'function out() { if (server != "" && !off) print "storage", server, port }
      /^[a-z]+:/ { out(); server = ""; off = 0; type = $1; port = (type == "nfs:" ? 2049 : type == "cifs:" ? 445 : type == "pbs:" ? 8007 : type == "iscsi:" ? 3260 : "-") }
      $1 == "server" { server = $2 } $1 == "portal" { server = $2; sub(/:[0-9]+$/, "", server) } $1 == "port" && $2 ~ /^[0-9]+$/ { port = $2 } $1 == "disable" { off = 1 }
      END { out() }' /etc/pve/storage.cfg 2>/dev/null
    for folder in /sys/class/iscsi_connection/*/; do { read -r address <"\${folder}persistent_address" && read -r port <"\${folder}persistent_port" && echo "storage $address $port"; } 2>/dev/null; done
  } | awk '!seen[$2]++ && ++n <= 3'
  cat /etc/corosync/corosync.conf 2>/dev/null | awk '$1 ~ /^ring0_addr:?$/ { print "member", $2, 8006; if (++n == 6) exit }'
  resolv=/etc/resolv.conf
  grep -q '^nameserver 127\\.0\\.0\\.53' /etc/resolv.conf 2>/dev/null && [ -r /run/systemd/resolve/resolv.conf ] && resolv=/run/systemd/resolve/resolv.conf
  awk '$1 == "nameserver" { print "nameserver", $2, 53; if (++n == 2) exit }' "$resolv" 2>/dev/null
}
`;

/** POSIX sh: all that is done with one target, `path NUMBER KIND NAME PORT`; takes about 12 s at most. */
const onePath = `lookup() {
  from=$(experiment_ms)
  found=$(timeout 7 getent ahosts "$2" 2>/dev/null)
  status=$?
  echo "lookup $1 $2 $status $(($(experiment_ms) - from))"
  found=\${found%% *}
}
summary() { awk -v what="$1" '/packets transmitted/ { sent = $1; received = $4 } /message too long|Message too long/ { word = "local" } /Frag needed|Packet too big/ { word = "told" }
  { if (match($0, /mtu ?= ?[0-9]+/)) { limit = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", limit) } }
  /^(rtt|round-trip)/ { split($0, half, " = "); split(half[2], time, "/"); sub(/ .*/, "", time[3]) }
  END { if (sent != "") print what, sent, received, (time[1] == "" ? "-" : time[1]), (time[2] == "" ? "-" : time[2]), (time[3] == "" ? "-" : time[3]), (word == "" ? "-" : word), (limit == "" ? "-" : limit) }'; }
connect() {
  if [ "$connector" = bash ]; then timeout 4 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1; else timeout 4 nc -v -z -w 4 "$1" "$2" 2>&1; fi
}
connects() {
  tries=0 silent=0 line=
  while [ "$tries" -lt ${connections} ] && [ "$silent" -lt 2 ]; do
    from=$(experiment_ms)
    said=$(connect "$1" "$2")
    status=$?
    took=$(($(experiment_ms) - from))
    case $said in *refused*) status=refused ;; *) if [ "$status" = 0 ]; then status=open; else status=none silent=$((silent + 1)); fi ;; esac
    line="$line $status:$took"
    tries=$((tries + 1))
    if [ "$status" != none ] && [ "$tries" -lt ${connections} ]; then sleep 0.3 || sleep 1; fi
  done
  echo "tcp $2$line"
}
path() {
  name=$3 address=$3
  case $3 in *[!0-9.]*) case $3 in *:*) : ;; *) lookup used "$3"; address=$found ;; esac ;; esac
  route=$(ip route get "\${address%%%*}" 2>/dev/null | head -n 1)
  case $address in
    '') echo "path $2 $name - - 0 -"; return ;;
    127.*|::1) return ;;
    *%*) device=\${address#*%} way=direct ;;
    *) device=\${route#* dev } device=\${device%% *}; case $route in *' via '*) way=routed ;; *' dev '*) way=direct ;; *) way=- device=- ;; esac ;;
  esac
  case $route in local*) return ;; esac
  mtu=0
  { read -r mtu <"/sys/class/net/$device/mtu"; } 2>/dev/null
  echo "path $2 $name $address $device \${mtu:-0} $way"
  out=$TMP/ping.$1
  # Interrupted, ping still says what it counted.
  timeout -s INT 13 ping -n -q -c ${smallPings} -i 0.2 -W 1 "$address" >"$out.small" 2>&1 &
  case $address in *:*) header=48 ;; *) header=28 ;; esac
  sizes=
  if [ -n "$whole" ] && [ "$mtu" -gt 1000 ] && [ "$mtu" -le 9600 ]; then
    sizes=$mtu
    if [ "$mtu" -gt 1500 ]; then sizes="$mtu 1500"; fi
    for size in $sizes; do timeout -s INT 6 ping -n -c ${largePings} -i 0.2 -W 1 -M do -s $((size - header)) "$address" >"$out.$size" 2>&1 & done
  fi
  if [ "$4" != - ] && [ -n "$connector" ]; then connects "$address" "$4" >"$out.tcp" & fi
  wait
  summary small <"$out.small"
  for size in $sizes; do summary "large $size" <"$out.$size"; done
  [ ! -e "$out.tcp" ] || cat "$out.tcp"
  case $(summary x <"$out.small") in ''|'x '*' 0 '*) return ;; esac
  [ -n "$sizes" ] || return
  case $(summary x <"$out.$mtu") in 'x '*' 0 '*) ;; *) return ;; esac
  for size in ${usualMtus.join(' ')}; do
    if [ "$size" -lt "$mtu" ]; then { timeout -s INT 4 ping -n -q -c 3 -i 0.2 -W 1 -M do -s $((size - header)) "$address" 2>&1 | grep -q ' [1-3] received' && echo "passes $size"; } & fi
  done
  wait
}
`;

/** The whole measurement; `names` are looked up besides the host's own. */
export function networkPathsScript(names: readonly string[]): string {
  return `need ping
need ip
need awk
have timeout || absent 'timeout is not installed'
${targets}${onePath}
whole= connector=
case $(ping -V 2>&1) in *iputils*) whole=yes ;; esac
if have bash; then connector=bash; elif nc -h 2>&1 | grep -q -e '-z'; then connector=nc; fi
targets | awk '$2 ~ /^[A-Za-z0-9][A-Za-z0-9.:%-]*$/ && $2 !~ /^127\\./ && $2 != "::1" && !seen[$2]++ && ++n <= 10' >"$TMP/targets"
number=0
while read -r kind name port; do
  number=$((number + 1))
  path "$number" "$kind" "$name" "$port" >"$TMP/path.$number" &
done <"$TMP/targets"
if have getent; then
  { read -r own <"/proc/sys/kernel/hostname"; } 2>/dev/null
  look=0
  for name in "$own" ${names.join(' ')}; do
    case $name in ''|*[!A-Za-z0-9.-]*) continue ;; esac
    look=$((look + 1))
    kind=used
    if [ "$name" = "$own" ]; then kind=own; fi
    { lookup "$kind" "$name"; lookup "$kind" "$name"; } >"$TMP/lookup.$look" &
  done
fi
wait
for file in "$TMP"/path.* "$TMP"/lookup.*; do [ ! -e "$file" ] || cat "$file"; done
echo end`;
}
