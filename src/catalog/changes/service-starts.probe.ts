import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue, numberIn } from '../../lib/host-text.ts';

const mostServices = 300;

const schema = z.object({
  uptimeSeconds: z.number(),
  nowSeconds: z.number(),
  /** Services by their last start or end since boot. */
  services: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      /** Seconds after boot. */
      startedSeconds: z.number().optional(),
      endedSeconds: z.number().optional(),
      /** `success`, `exit-code`, `oom-kill`, `watchdog`, … */
      result: z.string(),
    }),
  ),
});
export type ServiceStarts = z.infer<typeof schema>;

const microseconds = (text: string | undefined): number | undefined => {
  const count = countIn(text);
  return count === undefined || count === 0 ? undefined : count / 1e6;
};

/** When each service was last started or ended, systemctl(1) `show`: times since boot, so that no clock matters. */
export default defineProbe({
  id: 'service-starts',
  title: 'When services were started',
  subject: 'kernel',
  timeoutMs: 5_000,
  maxBytes: 200_000,
  sh: `need systemctl
read -r up rest </proc/uptime || exit 1
echo "up=$up"
echo "now=$(date +%s)"
systemctl show --no-pager -p Id -p ActiveState -p Result -p ActiveEnterTimestampMonotonic -p InactiveEnterTimestampMonotonic '*.service' 2>/dev/null | awk -F= -v limit=${mostServices} '
function flush() { if (id != "" && (start > 0 || stop > 0) && ++count <= limit) print "service=" id "|" state "|" result "|" start "|" stop; id = ""; start = 0; stop = 0; state = ""; result = "" }
$0 == "" { flush(); next }
$1 == "Id" { id = $2 } $1 == "ActiveState" { state = $2 } $1 == "Result" { result = $2 }
$1 == "ActiveEnterTimestampMonotonic" { start = $2 } $1 == "InactiveEnterTimestampMonotonic" { stop = $2 }
END { flush() }'`,
  schema,
  parse: (stdout) => {
    const pairs = stdout.split('\n', mostServices + 10).map((line) => keyAndValue(line.slice(0, 400), '=') ?? ['', '']);
    const uptimeSeconds = numberIn(pairs.find(([key]) => key === 'up')?.[1]);
    const nowSeconds = countIn(pairs.find(([key]) => key === 'now')?.[1]);
    if (uptimeSeconds === undefined || nowSeconds === undefined) return unparsable('uptime or time is not there');
    const services = pairs.flatMap(([key, value]) => {
      const [name = '', state = '', result = '', start, stop] = value.split('|');
      const [startedSeconds, endedSeconds] = [microseconds(start), microseconds(stop)];
      if (key !== 'service' || !/^[\w@:.\\-]{1,200}\.service$/.test(name) || (startedSeconds ?? endedSeconds) === undefined) return [];
      return [{ name: name.replace(/\.service$/, ''), state, result, ...(startedSeconds !== undefined && { startedSeconds }), ...(endedSeconds !== undefined && { endedSeconds }) }];
    });
    return { uptimeSeconds, nowSeconds, services };
  },
  examples: [
    {
      from: 'documented',
      where: 'systemctl(1) show, as the awk of this probe leaves it',
      stdout: 'up=86400.5\nnow=1795444000\nservice=ssh.service|active|success|4210000|0\nservice=pvestatd.service|active|success|80000000000|79990000000\nservice=backup@tank.service|failed|exit-code|0|50000000000\n',
      expect: {
        uptimeSeconds: 86_400.5,
        services: [{ name: 'ssh', startedSeconds: 4.21 }, { name: 'pvestatd', startedSeconds: 80_000, endedSeconds: 79_990 }, { name: 'backup@tank', state: 'failed', result: 'exit-code', endedSeconds: 50_000 }],
      },
    },
    { from: 'documented', where: 'systemd does not run here', stdout: 'up=86400.5\nnow=1795444000\n', expect: { services: [] } },
    { from: 'documented', where: 'no uptime', stdout: '', expect: 'unparsable' },
  ],
});
