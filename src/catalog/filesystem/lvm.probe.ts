import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { numberIn } from '../../lib/host-text.ts';

const volumeSchema = z.object({
  volumeGroup: z.string(),
  name: z.string(),
  /** The ten letters of lvs(8): the first is the type (`t` thin pool, `V` thin volume), the ninth the health. */
  attributes: z.string(),
  sizeBytes: z.number(),
  /** The thin pool that a thin volume lives in. */
  pool: z.string().optional(),
  dataPercent: z.number().optional(),
  metadataPercent: z.number().optional(),
  /** Empty when all is well; else `out_of_data`, `metadata_read_only`, `failed`, `partial`, … (lvmreport(7), lv_health_status). */
  health: z.string(),
});
const schema = z.object({
  volumes: z.array(volumeSchema),
  groups: z.array(z.object({ name: z.string(), sizeBytes: z.number(), freeBytes: z.number(), missingDevices: z.number() })),
});
export type LogicalVolume = z.infer<typeof volumeSchema>;

const textRow = z.record(z.string(), z.string());
const reportSchema = z.object({
  report: z.array(z.object({ lv: z.array(textRow).optional(), vg: z.array(textRow).optional() })),
});

/** The JSON documents that `lvs` and `vgs` print one after the other. */
function documents(stdout: string): z.infer<typeof reportSchema>[] | undefined {
  const found: z.infer<typeof reportSchema>[] = [];
  for (const text of stdout.split('==> next <==')) {
    try {
      const parsed = reportSchema.safeParse(JSON.parse(text));
      if (!parsed.success) return undefined;
      found.push(parsed.data);
    } catch {
      return undefined;
    }
  }
  return found;
}

function volume(row: Readonly<Record<string, string>>): LogicalVolume {
  const dataPercent = numberIn(row['data_percent']);
  const metadataPercent = numberIn(row['metadata_percent']);
  return {
    volumeGroup: row['vg_name'] ?? '',
    name: row['lv_name'] ?? '',
    attributes: row['lv_attr'] ?? '',
    sizeBytes: numberIn(row['lv_size']) ?? 0,
    ...(row['pool_lv'] ? { pool: row['pool_lv'] } : {}),
    ...(dataPercent === undefined ? {} : { dataPercent }),
    ...(metadataPercent === undefined ? {} : { metadataPercent }),
    health: row['lv_health_status'] ?? '',
  };
}

const volumeColumns = 'vg_name,lv_name,lv_attr,lv_size,pool_lv,data_percent,metadata_percent,lv_health_status';
const groupColumns = 'vg_name,vg_size,vg_free,vg_missing_pv_count';
const options = '--reportformat json --units b --nosuffix';
const escaped = (columns: string): string => columns.replaceAll(',', '\\,');

export default defineProbe({
  id: 'lvm',
  title: 'LVM volume groups, thin pools and volumes',
  subject: 'filesystem',
  family: 'lvm',
  timeoutMs: 6_000,
  maxBytes: 400_000,
  root: { need: 'needed', adds: 'how full LVM thin pools are' },
  sudo: [`/usr/sbin/lvs ${options} -o ${escaped(volumeColumns)}`, `/usr/sbin/vgs ${options} -o ${escaped(groupColumns)}`],
  sh: `have lvs || absent 'LVM is not installed'
[ -e /sys/module/dm_mod ] || absent 'the device mapper is not loaded, so no LVM volume is active'
is_root || denied 'lvs needs root'
as_root lvs ${options} -o ${volumeColumns} 2>/dev/null
echo '==> next <=='
as_root vgs ${options} -o ${groupColumns} 2>/dev/null`,
  schema,
  parse: (stdout) => {
    const found = documents(stdout);
    if (found === undefined) return unparsable('not the JSON reports of lvs and vgs');
    const parts = found.flatMap((document) => document.report);
    const groups = parts.flatMap((part) => part.vg ?? []).map((row) => ({
      name: row['vg_name'] ?? '',
      sizeBytes: numberIn(row['vg_size']) ?? 0,
      freeBytes: numberIn(row['vg_free']) ?? 0,
      missingDevices: numberIn(row['vg_missing_pv_count']) ?? 0,
    }));
    if (groups.length === 0) return absent('there is no LVM volume group');
    return { volumes: parts.flatMap((part) => part.lv ?? []).map(volume), groups };
  },
  examples: [
    {
      from: 'documented',
      where: 'lvmreport(7), LVM 2.03.16 with the layout of the Proxmox VE installer',
      stdout: `  {
      "report": [
          {
              "lv": [
                  {"vg_name":"pve", "lv_name":"data", "lv_attr":"twi-aotz--", "lv_size":"365760086016", "pool_lv":"", "data_percent":"96.42", "metadata_percent":"3.71", "lv_health_status":""},
                  {"vg_name":"pve", "lv_name":"root", "lv_attr":"-wi-ao----", "lv_size":"103079215104", "pool_lv":"", "data_percent":"", "metadata_percent":"", "lv_health_status":""},
                  {"vg_name":"pve", "lv_name":"vm-100-disk-0", "lv_attr":"Vwi-aotz--", "lv_size":"34359738368", "pool_lv":"data", "data_percent":"71.20", "metadata_percent":"", "lv_health_status":""}
              ]
          }
      ]
  }
==> next <==
  {
      "report": [
          {
              "vg": [
                  {"vg_name":"pve", "vg_size":"499570966528", "vg_free":"17175674880", "vg_missing_pv_count":"0"}
              ]
          }
      ]
  }
`,
      expect: {
        volumes: [
          { name: 'data', attributes: 'twi-aotz--', dataPercent: 96.42, metadataPercent: 3.71, health: '' },
          { name: 'root' },
          { name: 'vm-100-disk-0', pool: 'data' },
        ],
        groups: [{ name: 'pve', freeBytes: 17175674880 }],
      },
    },
    {
      from: 'documented',
      where: 'LVM 2.03.31: another layout of the same JSON, and a pool without free data blocks',
      stdout: `{"report":[{"lv":[{"vg_name":"pve","lv_name":"data","lv_attr":"twi-aotzD-","lv_size":"10737418240","pool_lv":"","data_percent":"100.00","metadata_percent":"12.01","lv_health_status":"out_of_data"}]}]}
==> next <==
{"report":[{"vg":[{"vg_name":"pve","vg_size":"21474836480","vg_free":"0","vg_missing_pv_count":"0"}]}]}
`,
      expect: { volumes: [{ health: 'out_of_data', dataPercent: 100 }], groups: [{ freeBytes: 0 }] },
    },
    {
      from: 'documented',
      where: 'LVM without any volume group',
      stdout: '{"report":[{"lv":[]}]}\n==> next <==\n{"report":[{"vg":[]}]}\n',
      expect: absent('there is no LVM volume group'),
    },
    { from: 'documented', where: 'a message instead of JSON', stdout: '  WARNING: running as a non-root user\n', expect: 'unparsable' },
  ],
});
