import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { countIn, numberIn, words } from '../../lib/host-text.ts';

const schema = z.object({
  /** Services of node_exporter that this host has, under the names that packages and manuals give it. */
  units: z.array(
    z.object({
      unit: z.string(),
      /** `active`, `inactive`, `failed`, `activating`. */
      active: z.string(),
      /** It is to run: started at boot, or by somebody. */
      enabled: z.boolean(),
      restarts: z.number(),
    }),
  ),
  /** Something listens on port 9100. */
  listening: z.boolean(),
  /** GET /metrics on this host itself; left out where neither curl nor wget is installed, or nothing listens. */
  answer: z.object({ ok: z.boolean(), seconds: z.number() }).optional(),
});
export type Exporter = z.infer<typeof schema>;

/** `Key=value` blocks of systemctl show, one for each unit, with an empty line in between. */
function parseUnits(lines: readonly string[]): Exporter['units'] {
  const units: Map<string, string>[] = [];
  for (const line of ['', ...lines]) {
    const equals = line.indexOf('=');
    if (line === '' || units.length === 0) units.push(new Map());
    else if (equals > 0) units.at(-1)?.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return units.flatMap((unit) => {
    const id = unit.get('Id');
    if (id === undefined || unit.get('LoadState') !== 'loaded') return [];
    const restarts = countIn(unit.get('NRestarts')) ?? 0;
    return [{ unit: id, active: unit.get('ActiveState') ?? '', enabled: unit.get('UnitFileState') === 'enabled', restarts }];
  });
}

/** A no that comes so soon is one to us, not to Prometheus. */
const soonSeconds = 9;

/**
 * `answer EXIT FROM TO [HTTP]`. Undefined: the exporter wants TLS or a password (HTTP 4xx), or listens at another address only, so
 * that nothing is known of what Prometheus gets.
 */
function answerOf([, status, from, to, http]: readonly string[]): Exporter['answer'] {
  const [code, start, end, said] = [countIn(status), numberIn(from), numberIn(to), countIn(http)];
  if (code === undefined || start === undefined || end === undefined) return undefined;
  const seconds = Math.max(0, Math.round((end - start) * 100) / 100);
  if (code === 0) return said !== undefined && said >= 400 && said < 500 ? undefined : { ok: said === undefined || said < 400, seconds };
  return seconds >= soonSeconds ? { ok: false, seconds } : undefined;
}

/**
 * Is node_exporter meant to run here, and does it? Its port is looked up by ss, else in /proc/net/tcp (0x238C is 9100, state 0A is
 * LISTEN), and asked once as Prometheus would, for ten seconds at most, which is Prometheus' default patience.
 */
export default defineProbe({
  id: 'metrics-exporter',
  title: 'The exporter of metrics (node_exporter)',
  subject: 'reach',
  timeoutMs: 14_000,
  maxBytes: 16_384,
  sh: `if [ -d /run/systemd/system ] && have systemctl; then
  systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -p NRestarts prometheus-node-exporter.service node_exporter.service node-exporter.service prometheus-node_exporter.service 2>/dev/null
fi
echo
if have ss; then listening=$(ss -ltn 'sport = :9100' 2>/dev/null | awk '/^LISTEN/ { print 1; exit }')
else listening=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$2 ~ /:238C$/ && $4 == "0A" { print 1; exit }'); fi
echo "listening \${listening:-0}"
[ "$listening" = 1 ] || exit 0
read -r from _ < /proc/uptime
http=
if have curl; then http=$(curl -s -m 10 --noproxy '*' -o /dev/null -w '%{http_code}' http://127.0.0.1:9100/metrics)
elif have wget; then wget -q -T 10 -t 1 -O /dev/null http://127.0.0.1:9100/metrics
else exit 0; fi 2>/dev/null
status=$?
read -r to _ < /proc/uptime
echo "answer $status $from $to $http"`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n');
    const units = parseUnits(lines.filter((line) => line === '' || /^[A-Za-z]{1,20}=/.test(line)));
    const listening = lines.includes('listening 1');
    if (units.length === 0 && !listening) return absent('node_exporter is not installed');
    const answer = answerOf(words(lines.find((line) => line.startsWith('answer ')) ?? ''));
    return { units, listening, ...(answer && { answer }) };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, systemd 252, and Debian 13, systemd 257: none of the services exists',
      stdout: `NRestarts=0
Id=prometheus-node-exporter.service
LoadState=not-found
ActiveState=inactive
UnitFileState=

NRestarts=0
Id=node_exporter.service
LoadState=not-found
ActiveState=inactive
UnitFileState=

listening 0
`,
      expect: absent('node_exporter is not installed'),
    },
    {
      from: 'documented',
      where: 'systemctl(1): a service that failed; another that answers slowly',
      stdout: `NRestarts=5
Id=prometheus-node-exporter.service
LoadState=loaded
ActiveState=failed
UnitFileState=enabled

listening 1
answer 0 100.00 107.25
`,
      expect: {
        units: [{ unit: 'prometheus-node-exporter.service', active: 'failed', enabled: true, restarts: 5 }],
        listening: true,
        answer: { ok: true, seconds: 7.25 },
      },
    },
    {
      from: 'documented',
      where: 'curl(1): an exporter that fails, as node_exporter says with HTTP 500',
      stdout: '\nlistening 1\nanswer 0 10.00 10.20 500\n',
      expect: { listening: true, answer: { ok: false, seconds: 0.2 } },
    },
    {
      from: 'documented',
      where: 'curl(1), exit status 28: no answer in ten seconds',
      stdout: '\nlistening 1\nanswer 28 10.00 20.01 000\n',
      expect: { listening: true, answer: { ok: false, seconds: 10.01 } },
    },
    {
      from: 'documented',
      where: 'a host without systemd whose exporter runs in a container',
      stdout: '\nlistening 1\nanswer 0 10.00 10.03\n',
      expect: { units: [], listening: true, answer: { ok: true } },
    },
  ],
});
