import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const checkSchema = z.object({
  /** As in the Ceph documentation, rados/operations/health-checks: `SLOW_OPS`, `OSD_FULL`, `OSD_DOWN`, … */
  code: z.string(),
  severity: z.string(),
  message: z.string(),
  /** Somebody has silenced it. */
  muted: z.boolean(),
  detail: z.array(z.string()),
});
const schema = z.object({
  /** False: the monitors gave no answer in time. */
  answered: z.boolean(),
  /** `HEALTH_OK`, `HEALTH_WARN`, `HEALTH_ERR`. */
  status: z.string().optional(),
  checks: z.array(checkSchema),
});
export type CephHealth = z.infer<typeof schema>;

const healthSchema = z.object({
  status: z.string(),
  checks: z
    .record(
      z.string(),
      z.object({
        severity: z.string(),
        summary: z.object({ message: z.string() }),
        detail: z.array(z.object({ message: z.string() })).default([]),
        muted: z.boolean().default(false),
      }),
    )
    .default({}),
});

export default defineProbe({
  id: 'ceph-health',
  title: 'Health of the Ceph cluster',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 8_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'what Ceph itself reports' },
  sudo: ['/usr/bin/timeout -s KILL 6 ceph --connect-timeout 4 health detail --format json'],
  sh: `have ceph || absent 'Ceph is not installed'
[ -e /etc/ceph/ceph.conf ] || absent 'this host belongs to no Ceph cluster'
is_root || denied 'the keys of Ceph are for root only'
need timeout
as_root timeout -s KILL 6 ceph --connect-timeout 4 health detail --format json 2>/dev/null
status=$?
echo
echo "status $status"`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n');
    if (!lines.some((line) => line.startsWith('status '))) return unparsable('the answer does not reach its end');
    const text = lines.find((line) => line.startsWith('{'));
    if (text === undefined) return { answered: false, checks: [] };
    try {
      const health = healthSchema.safeParse(JSON.parse(text));
      if (!health.success) return unparsable('not the health of Ceph');
      const checks = Object.entries(health.data.checks).slice(0, 60).map(([code, check]) => ({
        code: code.slice(0, 60),
        severity: check.severity,
        message: check.summary.message.slice(0, 300),
        muted: check.muted,
        detail: check.detail.slice(0, 5).map(({ message }) => message.slice(0, 200)),
      }));
      return { answered: true, status: health.data.status, checks };
    } catch {
      return unparsable('not JSON');
    }
  },
  examples: [
    {
      from: 'documented',
      where: 'Ceph 18, rados/operations/health-checks: slow operations on one OSD',
      stdout: `
{"status":"HEALTH_WARN","checks":{"SLOW_OPS":{"severity":"HEALTH_WARN","summary":{"message":"12 slow ops, oldest one blocked for 174 sec, osd.3 has slow ops","count":12},"detail":[{"message":"osd.3 has slow ops"}],"muted":false}},"mutes":[]}

status 0
`,
      expect: { answered: true, status: 'HEALTH_WARN', checks: [{ code: 'SLOW_OPS', severity: 'HEALTH_WARN', muted: false, detail: ['osd.3 has slow ops'] }] },
    },
    { from: 'documented', where: 'Ceph 17: all is well', stdout: '\n{"status":"HEALTH_OK","checks":{},"mutes":[]}\n\nstatus 0\n', expect: { answered: true, status: 'HEALTH_OK', checks: [] } },
    { from: 'documented', where: 'ceph(8), --connect-timeout: no monitor answers', stdout: '\nstatus 1\n', expect: { answered: false, checks: [] } },
    { from: 'documented', where: 'an answer that was cut', stdout: '{"status":"HEALTH_OK","che', expect: 'unparsable' },
  ],
});
