import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const nicSchema = z.object({
  name: z.string(),
  driver: z.string(),
  firmware: z.string().optional(),
  carrier: z.boolean(),
  /** How often the carrier came or went since the driver was loaded. */
  carrierChanges: z.number(),
  /** Left out where the NIC does not tell, as virtual ones do. */
  speedMbps: z.number().optional(),
  duplex: z.enum(['full', 'half', 'unknown']),
  autonegotiation: z.boolean().optional(),
  /** Fastest link mode that the NIC can do, that it offers, and that the other side offers. */
  supportedMbps: z.number().optional(),
  advertisedMbps: z.number().optional(),
  partnerMbps: z.number().optional(),
  /** Since the driver was loaded. */
  crcErrors: z.number(),
  missedErrors: z.number(),
  transmitTimeouts: z.number(),
});
export type Nic = z.infer<typeof nicSchema>;
const schema = z.object({ nics: z.array(nicSchema) });

/** The fastest of link modes such as `1000baseT/Full`, in Mbit/s. */
function fastest(modes: readonly string[] | undefined): number | undefined {
  const speeds = (modes ?? []).flatMap((mode) => numberIn(/^(\d{2,7})base/.exec(mode)?.[1]) ?? []);
  return speeds.length === 0 ? undefined : Math.max(...speeds);
}

/** `Key: words`, with further words of the same key on lines without a colon (ethtool(8)). */
function parseSettings(lines: readonly string[]): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) last?.push(...words(line));
    else {
      last = words(line.slice(colon + 1));
      settings.set(line.slice(0, colon).trim(), last);
    }
  }
  return settings;
}

function parseNic(block: string): Nic | undefined {
  const [head = '', ...lines] = block.split('\n');
  const [, name, driver, carrier, changes, speed, duplex, crc, missed, timeouts] = words(head);
  if (name === undefined || driver === undefined || timeouts === undefined) return undefined;
  const settings = parseSettings(lines);
  const speedMbps = numberIn(speed);
  const negotiates = settings.get('Auto-negotiation')?.[0];
  const firmware = settings.get('firmware-version')?.join(' ');
  const modes = {
    supportedMbps: fastest(settings.get('Supported link modes')),
    advertisedMbps: fastest(settings.get('Advertised link modes')),
    partnerMbps: fastest(settings.get('Link partner advertised link modes')),
  };
  return {
    name,
    driver,
    ...(firmware ? { firmware } : {}),
    carrier: carrier === '1',
    carrierChanges: countIn(changes) ?? 0,
    ...(speedMbps !== undefined && speedMbps > 0 && speedMbps < 4_000_000 ? { speedMbps } : {}),
    duplex: duplex === 'full' || duplex === 'half' ? duplex : 'unknown',
    ...(negotiates === undefined ? {} : { autonegotiation: negotiates === 'on' }),
    ...Object.fromEntries(Object.entries(modes).filter(([, value]) => value !== undefined)),
    crcErrors: countIn(crc) ?? 0,
    missedErrors: countIn(missed) ?? 0,
    transmitTimeouts: countIn(timeouts) ?? 0,
  };
}

/** Interfaces with a device behind them, without virtual functions. The kernel's own files, and ethtool(8) for link modes where installed. */
export default defineProbe({
  id: 'nic-settings',
  title: 'Network cards: driver, link, speed and what the link could do',
  subject: 'network',
  family: 'network',
  timeoutMs: 5_000,
  maxBytes: 100_000,
  sh: `count=0
for dir in /sys/class/net/*/; do
  [ -e "\${dir}device" ] && [ ! -e "\${dir}device/physfn" ] || continue
  name=\${dir#/sys/class/net/} name=\${name%/} driver=- carrier=- changes=- speed=- duplex=- crc=- missed=- timeouts=0
  while IFS='=' read -r key value; do [ "$key" = DRIVER ] && driver=$value; done < "\${dir}device/uevent"
  { read -r carrier < "\${dir}carrier"; read -r changes < "\${dir}carrier_changes"; } 2>/dev/null
  { read -r speed < "\${dir}speed"; } 2>/dev/null
  { read -r duplex < "\${dir}duplex"; } 2>/dev/null
  { read -r crc < "\${dir}statistics/rx_crc_errors"; read -r missed < "\${dir}statistics/rx_missed_errors"; } 2>/dev/null
  for file in "\${dir}"queues/tx-*/tx_timeout; do { read -r one < "$file"; } 2>/dev/null && timeouts=$((timeouts + one)); done
  echo "nic $name $driver \${carrier:--} \${changes:--} \${speed:--} \${duplex:--} \${crc:--} \${missed:--} $timeouts"
  if have ethtool; then
    ethtool "$name" 2>/dev/null | grep -vE '^[[:space:]]*(Settings for|Supports|Current message|Wake|drv probe)'
    ethtool -i "$name" 2>/dev/null | grep '^firmware'
  fi
  count=$((count + 1)); [ "$count" -lt 32 ] || break
done
true`,
  schema,
  parse: (stdout) => {
    const nics = `\n${stdout}`.split(/\n(?=nic )/).flatMap((block) => (block.startsWith('nic ') ? (parseNic(block) ?? []) : []));
    return nics.length === 0 ? absent('this host has no network card of its own') : { nics };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1, ethtool 6.1: a virtio NIC',
      stdout: `nic eth0 virtio_net 1 2 -1 unknown 0 0 0
	Supported ports: [  ]
	Supported link modes:   Not reported
	Advertised link modes:  Not reported
	Speed: Unknown!
	Duplex: Unknown! (255)
	Auto-negotiation: off
	Link detected: yes
firmware-version:${' '}
`,
      expect: { nics: [{ name: 'eth0', driver: 'virtio_net', carrier: true, carrierChanges: 2, duplex: 'unknown' }] },
    },
    {
      from: 'documented',
      where: 'ethtool(8): a gigabit NIC that came up with 100 Mbit/s, and a port without cable',
      stdout: `nic eno1 e1000e 1 8 100 full 214 0 3
	Supported link modes:   10baseT/Half 10baseT/Full
	                        100baseT/Half 100baseT/Full
	                        1000baseT/Full
	Advertised link modes:  10baseT/Half 10baseT/Full
	                        100baseT/Half 100baseT/Full
	                        1000baseT/Full
	Link partner advertised link modes:  10baseT/Half 10baseT/Full
	                                     100baseT/Half 100baseT/Full
	                                     1000baseT/Full
	Speed: 100Mb/s
	Duplex: Full
	Auto-negotiation: on
firmware-version: 0.13-4
nic eno2 igb 0 1 -1 unknown 0 0 0
`,
      expect: {
        nics: [
          {
            speedMbps: 100,
            supportedMbps: 1000,
            advertisedMbps: 1000,
            partnerMbps: 1000,
            autonegotiation: true,
            duplex: 'full',
            firmware: '0.13-4',
            crcErrors: 214,
            transmitTimeouts: 3,
          },
          { name: 'eno2', carrier: false },
        ],
      },
    },
    { from: 'documented', where: 'a container without NIC', stdout: '', expect: absent('this host has no network card of its own') },
  ],
});
