import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, dumpedFiles, keyAndValue, words } from '../../lib/host-text.ts';
import { upidOf } from './proxmox-task.ts';

const jobSchema = z.object({
  id: z.string(),
  enabled: z.boolean(),
  /** A calendar event as systemd writes it, such as `21:00` or `sat 02:00`. */
  schedule: z.string(),
  storage: z.string().optional(),
  /** All guests, or these. */
  all: z.boolean(),
  guestIds: z.array(z.string()),
  pool: z.string().optional(),
  mode: z.string().optional(),
  /** Only on this node. */
  node: z.string().optional(),
  bandwidthLimitKibPerSecond: z.number().optional(),
  fleecing: z.boolean().optional(),
});

const schema = z.object({
  /** Backup jobs of Proxmox VE for the whole cluster. */
  jobs: z.array(jobSchema),
  /** Backup tasks that this node has finished, newest last; those of one guest have its id. */
  results: z.array(
    z.object({
      guestId: z.string(),
      startedAt: z.number(),
      endedAt: z.number(),
      ok: z.boolean(),
      /** `OK`, `WARNINGS: 1`, or the error. */
      says: z.string(),
    }),
  ),
  /** The oldest finished task of any kind in the log: how far back it tells. */
  oldestTaskAt: z.number().optional(),
  /** The host's clock, in seconds since 1970. */
  now: z.number(),
});
export type BackupJobs = z.infer<typeof schema>;
export type BackupJob = z.infer<typeof jobSchema>;

const jobKeys = ['enabled', 'schedule', 'starttime', 'dow', 'storage', 'all', 'vmid', 'exclude', 'pool', 'mode', 'node', 'bwlimit', 'fleecing'];

function jobOf(id: string, values: ReadonlyMap<string, string>): BackupJob {
  const storage = values.get('storage');
  const pool = values.get('pool');
  const mode = values.get('mode');
  const node = values.get('node');
  const limit = countIn(values.get('bwlimit'));
  const fleecing = values.get('fleecing');
  return {
    id,
    enabled: values.get('enabled') !== '0',
    schedule: values.get('schedule') ?? `${values.get('dow') ?? ''} ${values.get('starttime') ?? ''}`.trim(),
    all: values.get('all') === '1',
    guestIds: (values.get('vmid') ?? '').split(',', 1000).filter((word) => word !== ''),
    ...(storage !== undefined && { storage }),
    ...(pool !== undefined && { pool }),
    ...(mode !== undefined && { mode }),
    ...(node !== undefined && { node }),
    ...(limit !== undefined && limit > 0 && { bandwidthLimitKibPerSecond: limit }),
    ...(fleecing !== undefined && { fleecing: /(^|,)(enabled=)?1(,|$)/.test(fleecing) }),
  };
}

function jobsOf(text: string): BackupJob[] {
  const sections: { id: string; values: Map<string, string> }[] = [];
  let section: Map<string, string> | undefined;
  for (const line of text.split('\n', 5000)) {
    if (/^\S/.test(line)) {
      const [kind, id] = keyAndValue(line, ':') ?? [];
      section = kind === 'vzdump' && id !== undefined ? new Map<string, string>() : undefined;
      if (section && id !== undefined) sections.push({ id: id.slice(0, 100), values: section });
    } else {
      const [key = '', ...value] = words(line);
      section?.set(key, value.join(' ').slice(0, 4000));
    }
  }
  return sections.slice(0, 200).map(({ id, values }) => jobOf(id, values));
}

/** `/var/log/pve/tasks/index`: the id of a task without its user, the time of its end in hex, and how it ended. */
function resultOf(line: string): BackupJobs['results'][number] | undefined {
  const [id = '', ended = '', ...rest] = words(line);
  const upid = upidOf(id);
  if (upid?.type !== 'vzdump' || !/^[0-9A-Fa-f]{8}$/.test(ended)) return undefined;
  const says = rest.join(' ').slice(0, 300);
  return {
    guestId: upid.guestId,
    startedAt: upid.startedAt,
    endedAt: Number.parseInt(ended, 16),
    ok: says === 'OK' || says.startsWith('WARNINGS'),
    says,
  };
}

export default defineProbe({
  id: 'backup-jobs',
  title: 'Backup jobs and how the last backups ended',
  subject: 'guests',
  family: 'pve',
  timeoutMs: 5_000,
  maxBytes: 131_072,
  root: { need: 'needed', adds: 'the backup jobs and the results of past backups' },
  sudo: [
    `/usr/bin/grep ^-sE \\^\\[a-z\\]\\+:\\|\\^\\[\\[:space:\\]\\]\\+\\(${jobKeys.join('\\|')}\\)\\( \\|\\$\\) /etc/pve/jobs\\.cfg$`,
    '/usr/bin/tail ^-q -n 3000 /var/log/pve/tasks/index\\.1 /var/log/pve/tasks/index$',
  ],
  sh: `[ -d /var/log/pve/tasks ] || absent 'this is not a Proxmox VE host'
is_root || denied 'the backup jobs and task logs are for root only'
echo '==> now <=='
date +%s
echo '==> jobs <=='
as_root grep -sE '^[a-z]+:|^[[:space:]]+(${jobKeys.join('|')})( |$)' /etc/pve/jobs.cfg
echo '==> results <=='
as_root tail -q -n 3000 /var/log/pve/tasks/index.1 /var/log/pve/tasks/index 2>/dev/null | sed -n -e '1p' -e '/:vzdump:/p' |
  sed -e 's/^\\(UPID:[^ ]*:\\)[^: ]*: /\\1 /' -e "s/command '.*'/command/" | cut -c 1-300 | tail -n 301
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const now = countIn(files.get('now')?.trim());
    if (!files.has('end') || now === undefined) return unparsable('the answer does not reach its end');
    const lines = (files.get('results') ?? '').split('\n', 400);
    const oldest = upidOf(words(lines[0] ?? '')[0] ?? '');
    const results = lines.flatMap((line) => resultOf(line) ?? []);
    return {
      jobs: jobsOf(files.get('jobs') ?? ''),
      results: results.sort((a, b) => a.endedAt - b.endedAt).slice(-300),
      ...(oldest && { oldestTaskAt: oldest.startedAt }),
      now,
    };
  },
  examples: [
    {
      from: 'documented',
      where: 'Proxmox VE 8: pve-docs vzdump (jobs.cfg) and the index of finished tasks (pve-common)',
      stdout: `==> now <==
1700100000
==> jobs <==
vzdump: backup-5a1c
	schedule 21:00
	all 1
	enabled 1
	fleecing enabled=1,storage=local-zfs
	mode snapshot
	storage pbs
vzdump: backup-77
	schedule sat 02:00
	enabled 0
	vmid 100,101
	node pve1
	bwlimit 51200
	storage nas
realm-sync: ad
	schedule daily
==> results <==
UPID:pve1:00000ABC:00001000:65400000:qmstart:100: 65400003 OK
UPID:pve1:0000A001:0010A001:65550000:vzdump:: 65551000 OK
UPID:pve1:0000A002:0020A001:65560000:vzdump:: 65560010 job errors
UPID:pve1:0000A003:0020B001:65560100:vzdump:101: 65560200 WARNINGS: 1
==> end <==
`,
      expect: {
        now: 1_700_100_000,
        oldestTaskAt: 0x65400000,
        jobs: [
          { id: 'backup-5a1c', enabled: true, schedule: '21:00', all: true, fleecing: true, storage: 'pbs' },
          { id: 'backup-77', enabled: false, guestIds: ['100', '101'], node: 'pve1', bandwidthLimitKibPerSecond: 51_200 },
        ],
        results: [
          { guestId: '', startedAt: 0x65550000, endedAt: 0x65551000, ok: true },
          { ok: false, says: 'job errors' },
          { guestId: '101', ok: true, says: 'WARNINGS: 1' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'Proxmox VE without jobs or finished tasks',
      stdout: '==> now <==\n1700100000\n==> jobs <==\n==> results <==\n==> end <==\n',
      expect: { jobs: [], results: [] },
    },
    { from: 'documented', where: 'an answer that was cut', stdout: '==> now <==\n1700100000\n', expect: 'unparsable' },
  ],
});
