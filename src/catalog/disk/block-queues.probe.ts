import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

export const blockQueueSchema = z.object({
  name: z.string(),
  /** The one in use: none, mq-deadline, bfq, kyber. */
  scheduler: z.string().optional(),
  /** What the kernel believes; virtual disks often claim to rotate. */
  rotational: z.boolean().optional(),
  requests: z.number().optional(),
  writeCache: z.enum(['write back', 'write through']).optional(),
  physicalBlockBytes: z.number().optional(),
  logicalBlockBytes: z.number().optional(),
  discardMaxBytes: z.number().optional(),
  /** Target of the writeback throttle; 0 is off. */
  writebackThrottleMicroseconds: z.number().optional(),
  /** none, host-aware, host-managed. */
  zoned: z.string().optional(),
  /** Of a SCSI device: running, offline, blocked, … */
  state: z.string().optional(),
  queueDepth: z.number().optional(),
  /** Commands that ended in an error since boot, as the SCSI layer counts; harmless probing counts as well. */
  ioErrors: z.number().optional(),
  ioTimeouts: z.number().optional(),
  commandTimeoutSeconds: z.number().optional(),
});
export type BlockQueue = z.infer<typeof blockQueueSchema>;

/** Decimal, or hexadecimal behind 0x as the SCSI counters are. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) ? Number(text) : undefined;
}

function wordOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w -]{1,40}$/.test(text) ? text : undefined;
}

function queueOf(name: string, fields: ReadonlyMap<string, string>): BlockQueue {
  const writeCache = fields.get('write_cache');
  const rotational = fields.get('rotational');
  const value: BlockQueue = {
    name,
    scheduler: wordOf(fields.get('scheduler')?.match(/\[([\w-]{1,40})\]/)?.[1] ?? fields.get('scheduler')),
    rotational: rotational === '1' ? true : rotational === '0' ? false : undefined,
    requests: numberOf(fields.get('nr_requests')),
    writeCache: writeCache === 'write back' || writeCache === 'write through' ? writeCache : undefined,
    physicalBlockBytes: numberOf(fields.get('physical_block_size')),
    logicalBlockBytes: numberOf(fields.get('logical_block_size')),
    discardMaxBytes: numberOf(fields.get('discard_max_bytes')),
    writebackThrottleMicroseconds: numberOf(fields.get('wbt_lat_usec')),
    zoned: wordOf(fields.get('zoned')),
    state: wordOf(fields.get('state')),
    queueDepth: numberOf(fields.get('queue_depth')),
    ioErrors: numberOf(fields.get('ioerr_cnt')),
    ioTimeouts: numberOf(fields.get('iotmo_cnt')),
    commandTimeoutSeconds: numberOf(fields.get('timeout')),
  };
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as BlockQueue;
}

export default defineProbe({
  id: 'block-queues',
  title: 'Queues and caches of the disks',
  subject: 'disk',
  stage: 'early',
  timeoutMs: 4_000,
  maxBytes: 131_072,
  sh: `n=0
for d in /sys/block/*; do
  name=\${d##*/}
  case $name in zd*|loop*|ram*|dm-*|sr*|fd*|nbd*|rbd*|zram*|'*') continue ;; esac
  n=$((n + 1)); [ $n -gt 256 ] && break
  line="$name"
  for f in queue/scheduler queue/rotational queue/nr_requests queue/write_cache queue/physical_block_size queue/logical_block_size \\
    queue/discard_max_bytes queue/wbt_lat_usec queue/zoned device/state device/queue_depth device/ioerr_cnt device/iotmo_cnt device/timeout; do
    v=
    [ -r "$d/$f" ] && read -r v 2>/dev/null <"$d/$f"
    [ -n "$v" ] && line="$line|\${f##*/}=$v"
  done
  echo "$line"
done`,
  schema: z.object({ queues: z.array(blockQueueSchema) }),
  parse: (stdout) => {
    const queues: BlockQueue[] = [];
    const lines = stdout.split('\n', 300).filter((line) => line !== '');
    for (const line of lines) {
      const [name = '', ...pairs] = line.split('|', 40);
      if (!/^[\w!.-]{1,64}$/.test(name)) continue;
      const fields = new Map(pairs.map((pair) => [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
      queues.push(queueOf(name, fields));
    }
    return lines.length > 0 && queues.length === 0 ? unparsable('no line names a disk') : { queues };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1: a virtio disk and an NVMe disk',
      stdout: `nvme0n1|scheduler=[none] mq-deadline |rotational=0|nr_requests=1023|write_cache=write back|physical_block_size=512|logical_block_size=512|discard_max_bytes=2147483136|wbt_lat_usec=2000|zoned=none|state=live
vda|scheduler=[none] mq-deadline |rotational=1|nr_requests=1024|write_cache=write back|physical_block_size=512|logical_block_size=512|discard_max_bytes=2147483136|wbt_lat_usec=75000|zoned=none
`,
      expect: {
        queues: [
          { name: 'nvme0n1', scheduler: 'none', rotational: false, requests: 1023, writeCache: 'write back', writebackThrottleMicroseconds: 2000 },
          { name: 'vda', rotational: true, discardMaxBytes: 2147483136 },
        ],
      },
    },
    {
      from: 'documented',
      where: 'Linux ABI sysfs-block and scsi_sysfs: a SATA disk, counters in hexadecimal',
      stdout: 'sda|scheduler=none [mq-deadline] bfq|rotational=1|nr_requests=64|write_cache=write through|state=running|queue_depth=32|ioerr_cnt=0x1f|timeout=30\n',
      expect: { queues: [{ name: 'sda', scheduler: 'mq-deadline', writeCache: 'write through', state: 'running', queueDepth: 32, ioErrors: 31, commandTimeoutSeconds: 30 }] },
    },
    { from: 'documented', where: 'a container without /sys/block', stdout: '', expect: { queues: [] } },
    { from: 'documented', where: 'a text that is something else', stdout: '<html> </html>\n', expect: 'unparsable' },
  ],
});
