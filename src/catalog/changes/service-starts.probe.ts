import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn } from '../../lib/host-text.ts';

const mostServices = 300;
const mostFailures = 80;
/** SD_MESSAGE_UNIT_FAILURE_RESULT of sd-messages.h: a unit failed, and how. The journal has an index of it. */
const unitFailed = 'd9b373ed55a64feb8242e02dbe79a49c';

const schema = z.object({
  uptimeSeconds: z.number(),
  nowSeconds: z.number(),
  services: z.array(
    z.object({
      name: z.string(),
      /** Seconds after boot: when the oldest of its processes started, or when it failed. */
      startedSeconds: z.number().optional(),
      failedSeconds: z.number().optional(),
      /** How it failed: `exit-code`, `oom-kill`, `watchdog`, … */
      result: z.string().optional(),
    }),
  ),
  /** Units that failed, from the journal, oldest first: also those that run again, and guests, whose units are `<id>.scope`. */
  failures: z.array(z.object({ unit: z.string(), result: z.string(), atSeconds: z.number() })).optional(),
});
export type ServiceStarts = z.infer<typeof schema>;

/**
 * Services by the start of their oldest process: /sys/fs/cgroup and /proc/<pid>/stat (proc(5)), in clock ticks after boot. Asking systemd for each service would take seconds of processor
 * time on a large host; it is asked for those that failed only (systemctl(1) `show`, microseconds after boot).
 */
export default defineProbe({
  id: 'service-starts',
  title: 'When services were started',
  subject: 'kernel',
  timeoutMs: 8_000,
  maxBytes: 60_000,
  root: { need: 'helps', adds: 'which services failed before' },
  sudo: [`/usr/bin/timeout ^3 journalctl -q --no-pager -n ${mostFailures} -o export --output-fields=UNIT,UNIT_RESULT MESSAGE_ID=${unitFailed}$`],
  sh: `[ -d /sys/fs/cgroup/system.slice ] || absent 'systemd does not run services here'
read -r up rest </proc/uptime || exit 1
echo "up=$up"
echo "now=$(date +%s)"
echo "hertz=$(getconf CLK_TCK 2>/dev/null || echo 100)"
count=0
for dir in /sys/fs/cgroup/system.slice/*.service /sys/fs/cgroup/system.slice/*/*.service; do
  [ "$count" -lt ${mostServices} ] || break
  oldest= read=0
  while [ "$read" -lt 6 ] && read -r pid; do
    read=$((read + 1))
    { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
    set -- \${stat##*) }
    shift 19 || continue
    if [ -z "$oldest" ] || [ "$1" -lt "$oldest" ]; then oldest=$1; fi
  done 2>/dev/null <"$dir/cgroup.procs"
  [ -n "$oldest" ] || continue
  echo "service=\${dir##*/}|$oldest"
  count=$((count + 1))
done 2>/dev/null
if have journalctl; then
  as_root timeout 3 journalctl -q --no-pager -n ${mostFailures} -o export --output-fields=UNIT,UNIT_RESULT MESSAGE_ID=${unitFailed} 2>/dev/null | awk -F= '
  function tell() { if (unit != "") print "noted=" substr(unit, 1, 200) "|" substr(result, 1, 40) "|" at; unit = result = at = "" }
  $1 == "__REALTIME_TIMESTAMP" { at = $2 } $1 == "UNIT" { unit = $2 } $1 == "UNIT_RESULT" { result = $2 } $0 == "" { tell() } END { tell() }'
fi
have systemctl || exit 0
failed=$(systemctl list-units --failed --plain --no-legend --no-pager --type=service 2>/dev/null | awk '{ print $1 }' | head -n 20)
[ -z "$failed" ] || systemctl show --no-pager -p Id -p Result -p InactiveEnterTimestampMonotonic $failed 2>/dev/null | awk -F= '
$1 == "Id" { id = $2 } $1 == "Result" { result = $2 } $1 == "InactiveEnterTimestampMonotonic" { at = $2 }
$0 == "" { if (id != "") print "failed=" id "|" result "|" at; id = "" } END { if (id != "") print "failed=" id "|" result "|" at }'
:`,
  schema,
  parse: (stdout) => {
    const pairs = stdout.split('\n', mostServices + mostFailures + 40).map((line) => keyAndValue(line.slice(0, 400), '=') ?? ['', '']);
    const of = (name: string): string | undefined => pairs.find(([key]) => key === name)?.[1];
    const [uptimeSeconds, nowSeconds, hertz] = [numberIn(of('up')), countIn(of('now')), countIn(of('hertz')) || 100];
    if (uptimeSeconds === undefined || nowSeconds === undefined) return unparsable('uptime or time is not there');
    const services = pairs.flatMap(([key, value]): ServiceStarts['services'] => {
      const [unit = '', second, third] = value.split('|');
      if (!/^[\w@:.\\-]{1,200}\.service$/.test(unit)) return [];
      const name = unit.replace(/\.service$/, '');
      const [ticks, microseconds] = [countIn(second), countIn(third)];
      if (key === 'service' && ticks !== undefined) return [{ name, startedSeconds: ticks / hertz }];
      if (key === 'failed' && microseconds !== undefined && microseconds > 0) return [{ name, failedSeconds: microseconds / 1e6, result: second ?? '' }];
      return [];
    });
    const failures = pairs.flatMap(([key, value]): NonNullable<ServiceStarts['failures']> => {
      const [unit = '', result = '', at] = value.split('|');
      const microseconds = countIn(at);
      return key !== 'noted' || microseconds === undefined || !/^[\w@:.\\-]{1,200}$/.test(unit) ? [] : [{ unit, result: result || 'unknown', atSeconds: microseconds / 1e6 }];
    });
    return { uptimeSeconds, nowSeconds, services, failures };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12; the failed one documented',
      stdout: 'up=86400.5\nnow=1795444000\nhertz=100\nservice=ssh.service|421\nservice=pvestatd.service|8000000\nfailed=backup@tank.service|exit-code|50000000000\nnoted=100.scope|oom-kill|1795400000000000\n',
      expect: { uptimeSeconds: 86_400.5, services: [{ name: 'ssh', startedSeconds: 4.21 }, { name: 'pvestatd', startedSeconds: 80_000 }, { name: 'backup@tank', failedSeconds: 50_000, result: 'exit-code' }], failures: [{ unit: '100.scope', result: 'oom-kill', atSeconds: 1_795_400_000 }] },
    },
    { from: 'documented', where: 'no services of systemd', stdout: 'up=86400.5\nnow=1795444000\n', expect: { services: [] } },
    { from: 'documented', where: 'no uptime', stdout: '', expect: 'unparsable' },
  ],
});
