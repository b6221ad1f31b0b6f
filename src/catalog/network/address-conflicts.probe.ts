import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Hardware addresses of this host's own interfaces, in small letters. */
  ownHardwareAddresses: z.array(z.string()),
  /** IPv6 addresses that the kernel does not use since another machine has them (`dadfailed`). */
  refused: z.array(z.object({ interface: z.string(), address: z.string() })),
  /** IPv4 addresses of this host that were asked for in the network. */
  asked: z.array(z.object({ interface: z.string(), address: z.string() })),
  /** Who else answered for one of them. A router that answers for others (proxy ARP) is told by `byRouter`. */
  answers: z.array(z.object({ interface: z.string(), address: z.string(), hardwareAddress: z.string(), byRouter: z.boolean() })),
  /** What systemd-networkd and NetworkManager said in this boot about addresses in use elsewhere; newest last, at most 5. */
  messages: z.array(z.object({ secondsAgo: z.number().optional(), text: z.string() })),
});
export type AddressConflicts = z.infer<typeof schema>;

/**
 * Asks the network, as a host does before it takes an address (RFC 5227), who else has the addresses of this host: two questions for each of
 * at most four addresses, with arping(8) of iputils. Besides that only reads.
 */
export default defineProbe({
  id: 'address-conflicts',
  title: 'Addresses that another machine also has',
  subject: 'network',
  family: 'network',
  timeoutMs: 7_000,
  maxBytes: 65_536,
  root: { need: 'helps', adds: 'the question to the network who else has the addresses of this host' },
  sudo: ['/usr/bin/arping ^-D -c 2 -w 2 -I [A-Za-z0-9._-]+ [0-9.]+$', '/usr/bin/journalctl -b -q --no-pager -o short-unix -n 600 -t systemd-networkd -t NetworkManager'],
  sh: `need ip
for file in /sys/class/net/*/address; do { IFS= read -r mac < "$file"; } 2>/dev/null && echo "own $mac"; done | sort -u | head -n 300
ip -o addr show 2>/dev/null | awk '/ dadfailed/ { print "refused", $2, $4; if (++n > 20) exit }'
echo "now $(date +%s)"
if have journalctl; then
  as_root journalctl -b -q --no-pager -o short-unix -n 600 -t systemd-networkd -t NetworkManager 2>/dev/null |
    grep -iE 'conflict (was )?detected|already in use (in|by)|duplicate address' | tail -n 5 | awk '{ print "said", substr($0, 1, 300) }'
fi
router=$(ip -4 route show default 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "via") { print $(i + 1); exit } }')
[ -n "$router" ] && ip neigh show "$router" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "lladdr") print "router", $(i + 1) }'
if is_root && have arping; then
  case $(arping -V 2>&1) in *iputils*)
    ip -o -4 addr show scope global up 2>/dev/null | awk '$2 !~ /^(docker|veth|br-|virbr|lxc|tun|wg|tailscale)/ { split($4, a, "/"); if (a[2] < 32) print $2, a[1]; if (++n == 4) exit }' > "$TMP/own-addresses"
    while read -r device address; do
      { as_root arping -D -c 2 -w 2 -I "$device" "$address" > "$TMP/arping-$address" 2>&1 < /dev/null; } &
    done < "$TMP/own-addresses"
    wait
    while read -r device address; do
      grep -q '^Sent' "$TMP/arping-$address" 2>/dev/null || continue
      echo "asked $device $address"
      awk -v device="$device" -v address="$address" '/reply from/ { if (match($0, /\\[[0-9A-Fa-f:]+\\]/)) print "answer", device, address, substr($0, RSTART + 1, RLENGTH - 2) }' "$TMP/arping-$address" | sort -u | head -n 8
    done < "$TMP/own-addresses" ;;
  esac
fi
true`,
  schema,
  parse: (stdout) => {
    const found: AddressConflicts = { ownHardwareAddresses: [], refused: [], asked: [], answers: [], messages: [] };
    const routers = new Set<string>();
    let now: number | undefined;
    for (const line of stdout.split('\n').slice(0, 1_000)) {
      const [mark, one, two, three] = words(line);
      if (mark === 'own' && one !== undefined) found.ownHardwareAddresses.push(one.toLowerCase());
      else if (mark === 'router' && one !== undefined) routers.add(one.toLowerCase());
      else if (mark === 'now') now = numberIn(one);
      else if (mark === 'refused' && one !== undefined && two !== undefined) found.refused.push({ interface: one, address: two.split('/')[0] ?? two });
      else if (mark === 'asked' && one !== undefined && two !== undefined) found.asked.push({ interface: one, address: two });
      else if (mark === 'answer' && one !== undefined && two !== undefined && three !== undefined) {
        found.answers.push({ interface: one, address: two, hardwareAddress: three.toLowerCase(), byRouter: false });
      } else if (mark === 'said') {
        const at = numberIn(one);
        const secondsAgo = now === undefined || at === undefined ? undefined : Math.max(0, Math.round(now - at));
        found.messages.push({ ...(secondsAgo === undefined ? {} : { secondsAgo }), text: words(line).slice(3).join(' ').slice(0, 300) });
      }
    }
    const own = new Set(found.ownHardwareAddresses);
    const answers = found.answers.filter(({ hardwareAddress }) => !own.has(hardwareAddress)).map((answer) => ({ ...answer, byRouter: routers.has(answer.hardwareAddress) }));
    return { ...found, answers };
  },
  examples: [
    {
      from: 'documented',
      where: 'arping(8) of iputils, ip-address(8), and systemd-networkd of systemd 252',
      stdout: `own 00:00:00:00:00:00
own 02:00:00:00:00:01
own 02:00:00:00:00:02
refused vmbr0 2001:db8::10/64
now 1795400100
said 1795400000.123456 pve1 systemd-networkd[812]: vmbr0: Dropping address 192.0.2.10, as an address conflict was detected.
router 02:00:00:00:00:05
asked vmbr0 192.0.2.10
answer vmbr0 192.0.2.10 02:00:00:00:00:77
asked vmbr1 198.51.100.10
answer vmbr1 198.51.100.10 02:00:00:00:00:02
answer vmbr1 198.51.100.10 02:00:00:00:00:05
`,
      expect: {
        refused: [{ interface: 'vmbr0', address: '2001:db8::10' }],
        asked: [{ address: '192.0.2.10' }, { interface: 'vmbr1' }],
        answers: [
          { interface: 'vmbr0', address: '192.0.2.10', hardwareAddress: '02:00:00:00:00:77', byRouter: false },
          { interface: 'vmbr1', hardwareAddress: '02:00:00:00:00:05', byRouter: true },
        ],
        messages: [{ secondsAgo: 100, text: 'systemd-networkd[812]: vmbr0: Dropping address 192.0.2.10, as an address conflict was detected.' }],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, iputils 20221126, kernel 6.18: another network name space with the same addresses',
      stdout: `own 00:00:00:00:00:00
own 02:00:00:00:00:01
refused v0 2001:db8::10/64
now 1795412627
asked v0 192.0.2.10
answer v0 192.0.2.10 A2:75:59:37:7E:9A
asked v0 198.51.100.10
`,
      expect: { refused: [{ interface: 'v0', address: '2001:db8::10' }], asked: [{ interface: 'v0' }, { address: '198.51.100.10' }], answers: [{ address: '192.0.2.10', hardwareAddress: 'a2:75:59:37:7e:9a', byRouter: false }] },
    },
    { from: 'recorded', where: 'Debian 12 without arping, a virtio NIC', stdout: 'own 00:00:00:00:00:00\nown 02:00:00:00:00:01\nnow 1795400100\nrouter 02:00:00:00:00:05\n', expect: { refused: [], asked: [], answers: [], messages: [] } },
  ],
});
