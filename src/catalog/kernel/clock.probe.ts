import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** The host's clock, in seconds since 1970. */
  nowSeconds: z.number().int(),
  /** The battery-backed clock of the board minus the system's, in whole seconds. */
  boardClockAheadSeconds: z.number().int().optional(),
  /** The board's clock keeps local time. */
  boardClockIsLocal: z.boolean().optional(),
  /** The kernel's own mark: something keeps its clock in time (STA_UNSYNC of adjtimex(2) is not set). */
  synchronised: z.boolean().optional(),
  /** Running services that keep the clock: `chrony`, `systemd-timesyncd`, … */
  services: z.array(z.string()),
  /** How far the clock is off, without its sign, and who measured it against a time server. */
  measured: z.object({ offsetSeconds: z.number(), by: z.enum(['chrony', 'systemd-timesyncd', 'ntpd']) }).optional(),
  /** chrony runs and has no time server that it trusts. */
  chronyLost: z.boolean(),
});
export type Clock = z.infer<typeof schema>;

const names = ['chrony', 'chronyd', 'systemd-timesyncd', 'ntpsec', 'ntp', 'ntpd', 'openntpd', 'ptp4l', 'phc2sys'];

const secondsOf: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3_600, d: 86_400 };

/** systemd writes spans as `-1.234ms`, `+2min 3.4s`. */
function spanIn(text: string): number | undefined {
  let sum = 0;
  for (const word of words(text).slice(0, 6)) {
    const [, number, unit] = /^[+-]?(\d{1,12}(?:\.\d{1,9})?)(us|ms|s|min|h|d)$/.exec(word) ?? [];
    const [value, factor] = [numberIn(number), secondsOf[unit ?? '']];
    if (value === undefined || factor === undefined) return undefined;
    sum += value * factor;
  }
  return text.trim() === '' ? undefined : sum;
}

/** `chronyc -c tracking`: the fifth field is the offset of the system's clock in seconds, the last the leap status; without a server it is "Not synchronised". */
function ofChrony(line: string | undefined): Pick<Clock, 'measured' | 'chronyLost'> {
  const fields = (line ?? '').split(',');
  if (fields.length < 14) return { chronyLost: false };
  const offset = numberIn(fields[4]);
  if (fields.at(-1)?.startsWith('Not') || fields[2] === '0') return { chronyLost: true };
  return { chronyLost: false, ...(offset === undefined ? {} : { measured: { offsetSeconds: Math.abs(offset), by: 'chrony' } }) };
}

/** The clock, who keeps it, and how far it is off as far as the host itself knows. */
export default defineProbe({
  id: 'clock',
  title: 'The clock and what keeps it in time',
  subject: 'kernel',
  timeoutMs: 6_000,
  maxBytes: 16_384,
  sh: `echo "now=$(date +%s)"
for file in /sys/class/rtc/rtc0/since_epoch; do [ -r "$file" ] && echo "board=$(cat "$file" 2>/dev/null)"; done
have timedatectl && timedatectl show -p LocalRTC -p NTPSynchronized 2>/dev/null
have systemctl && systemctl list-units --plain --no-legend --no-pager --state=active ${names.map((name) => `${name}.service`).join(' ')} 2>/dev/null | awk '{ sub(/\\.service$/, "", $1); print "service=" $1 }'
have chronyc && chronyc -n -c tracking 2>/dev/null | awk -F, 'NF >= 14 { print "chrony=" $0; exit }'
have timedatectl && timedatectl timesync-status 2>/dev/null | awk '$1 == "Offset:" { $1 = ""; print "timesyncd=" $0 }'
have ntpq && ntpq -n -c 'rv 0 offset,stratum' 2>/dev/null | tr ',' '\\n' | awk '{ gsub(/ /, "") } /^(offset|stratum)=/ { print "ntp-" $0 }'
true`,
  schema,
  parse: (stdout) => {
    const said = new Map<string, string>();
    const services = new Set<string>();
    for (const line of stdout.split('\n')) {
      const [key, value] = keyAndValue(line, '=') ?? ['', ''];
      if (key === 'service' && names.includes(value)) services.add(value);
      else if (!said.has(key)) said.set(key, value);
    }
    const nowSeconds = countIn(said.get('now'));
    if (nowSeconds === undefined) return unparsable('no time in the answer');
    const board = countIn(said.get('board'));
    const chrony = ofChrony(said.get('chrony'));
    const timesyncd = spanIn(said.get('timesyncd') ?? '');
    const ntpMs = numberIn(said.get('ntp-offset')?.replace(/^\+/, ''));
    const stratum = countIn(said.get('ntp-stratum'));
    const ntp = ntpMs === undefined || stratum === undefined || stratum >= 16 ? undefined : { offsetSeconds: Math.abs(ntpMs) / 1_000, by: 'ntpd' as const };
    const measured = chrony.measured ?? (timesyncd === undefined ? ntp : { offsetSeconds: timesyncd, by: 'systemd-timesyncd' as const });
    const flag = (key: string): boolean | undefined => (said.get(key) === 'yes' ? true : said.get(key) === 'no' ? false : undefined);
    const [local, synchronised] = [flag('LocalRTC'), flag('NTPSynchronized')];
    return {
      nowSeconds,
      ...(board === undefined || board === 0 ? {} : { boardClockAheadSeconds: board - nowSeconds }),
      ...(local === undefined ? {} : { boardClockIsLocal: local }),
      ...(synchronised === undefined ? {} : { synchronised }),
      services: [...services],
      chronyLost: chrony.chronyLost,
      ...(measured === undefined ? {} : { measured }),
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE with chrony: timedatectl(1), chronyc(1)',
      stdout: `now=1795400100
board=1795400100
LocalRTC=no
NTPSynchronized=yes
service=chrony
chrony=C0000201,192.0.2.1,3,1795399900.123456789,-0.000033210,-0.000041000,0.000052000,-12.345,-0.001,0.034,0.004512345,0.001234567,1034.5,Normal
`,
      expect: { nowSeconds: 1795400100, boardClockAheadSeconds: 0, boardClockIsLocal: false, synchronised: true, services: ['chrony'], chronyLost: false, measured: { offsetSeconds: 0.00003321, by: 'chrony' } },
    },
    {
      from: 'documented',
      where: 'chronyc(1): no server answers',
      stdout: 'now=1795400100\nboard=1795400512\nLocalRTC=no\nNTPSynchronized=no\nservice=chrony\nchrony=00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised\n',
      expect: { boardClockAheadSeconds: 412, synchronised: false, chronyLost: true },
    },
    {
      from: 'documented',
      where: 'timedatectl(1) of systemd 252, timesync-status',
      stdout: 'now=1795400100\nLocalRTC=no\nNTPSynchronized=yes\nservice=systemd-timesyncd\ntimesyncd= +2min 3.5s\n',
      expect: { synchronised: true, services: ['systemd-timesyncd'], measured: { offsetSeconds: 123.5, by: 'systemd-timesyncd' } },
    },
    { from: 'documented', where: 'ntpq(1) of ntpsec', stdout: 'now=1795400100\nNTPSynchronized=yes\nservice=ntpsec\nntp-stratum=3\nntp-offset=-1.520\n', expect: { measured: { offsetSeconds: 0.00152, by: 'ntpd' } } },
    { from: 'recorded', where: 'Debian 12 in a virtual machine without systemd', stdout: 'now=1795412436\n', expect: { nowSeconds: 1795412436, services: [], chronyLost: false } },
    { from: 'documented', where: 'an empty answer', stdout: '', expect: 'unparsable' },
  ],
});
