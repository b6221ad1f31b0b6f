import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { nvmeHealthOfTool, nvmeHealthSchema } from './nvme-health.ts';

const controllerSchema = z.object({
  /** nvme0 */
  name: z.string(),
  model: z.string(),
  serial: z.string(),
  firmware: z.string(),
  /** live, resetting, connecting, deleting, dead. */
  state: z.string(),
  transport: z.string(),
  pciAddress: z.string().optional(),
  temperatureCelsius: z.number().optional(),
  /** From `nvme smart-log`, asked only where smartctl is not installed. */
  health: nvmeHealthSchema.optional(),
});
export type NvmeController = z.infer<typeof controllerSchema>;

export default defineProbe({
  id: 'nvme',
  title: 'NVMe controllers',
  subject: 'disk',
  timeoutMs: 6_000,
  maxBytes: 131_072,
  family: 'smart',
  root: { need: 'helps', adds: 'the health of NVMe disks where smartctl is not installed' },
  sudo: ['/usr/sbin/nvme ^smart-log -o json /dev/nvme[0-9]+$'],
  sh: `[ -e /sys/class/nvme ] || absent 'no NVMe disk'
limit=
read -r limit 2>/dev/null </sys/module/nvme_core/parameters/default_ps_max_latency_us
echo "@apst $limit"
n=0
for c in /sys/class/nvme/nvme*; do
  [ -e "$c" ] || continue
  n=$((n + 1)); [ $n -gt 64 ] && break
  model=; serial=; firmware=; state=; transport=; address=; temperature=
  read -r model 2>/dev/null <"$c/model"
  read -r serial 2>/dev/null <"$c/serial"
  read -r firmware 2>/dev/null <"$c/firmware_rev"
  read -r state 2>/dev/null <"$c/state"
  read -r transport 2>/dev/null <"$c/transport"
  read -r address 2>/dev/null <"$c/address"
  [ "$state" = live ] && for t in "$c"/hwmon*/temp1_input "$c"/device/hwmon/hwmon*/temp1_input; do [ -r "$t" ] && read -r temperature 2>/dev/null <"$t" && break; done
  echo "@controller \${c##*/}|$model|$serial|$firmware|$state|$transport|$address|$temperature"
done
if ! have smartctl && have nvme && is_root; then
  for c in /sys/class/nvme/nvme*; do
    state=; read -r state 2>/dev/null <"$c/state"
    [ "$state" = live ] || continue
    echo "@health \${c##*/}"
    as_root nvme smart-log -o json "/dev/\${c##*/}" 2>/dev/null | tr -d '\\n'
    echo
  done
fi`,
  schema: z.object({
    /** Longest wake-up that the kernel lets a disk take; 0: power saving is off. */
    powerSavingLatencyMicroseconds: z.number().optional(),
    controllers: z.array(controllerSchema),
  }),
  parse: (stdout) => {
    const controllers: NvmeController[] = [];
    let powerSavingLatencyMicroseconds: number | undefined;
    let health: NvmeController | undefined;
    for (const line of stdout.split('\n', 1000)) {
      const [word = ''] = line.split(' ', 1);
      const rest = line.slice(word.length + 1);
      if (word === '@apst' && /^\d{1,10}$/.test(rest)) powerSavingLatencyMicroseconds = Number(rest);
      if (word === '@health') health = controllers.find((controller) => controller.name === rest);
      if (health !== undefined && line.startsWith('{')) {
        const value = nvmeHealthOfTool(line);
        if (value !== undefined) health.health = value;
      }
      if (word !== '@controller') continue;
      const [name = '', model = '', serial = '', firmware = '', state = '', transport = '', address = '', temperature = ''] = rest
        .split('|', 12)
        .map((field) => field.trim());
      if (!/^nvme\d{1,4}$/.test(name)) continue;
      controllers.push({
        name,
        model,
        serial,
        firmware,
        state,
        transport,
        ...(/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(address) && { pciAddress: address }),
        ...(/^-?\d{1,7}$/.test(temperature) && { temperatureCelsius: Number(temperature) / 1000 }),
      });
    }
    if (controllers.length === 0) return absent('no NVMe disk');
    return { ...(powerSavingLatencyMicroseconds !== undefined && { powerSavingLatencyMicroseconds }), controllers };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1',
      stdout: '@apst 100000\n@controller nvme0|QEMU NVMe Ctrl|LABNVME0|10.0.13|live|pcie|0000:00:05.0|50000\n',
      expect: {
        powerSavingLatencyMicroseconds: 100000,
        controllers: [{ name: 'nvme0', model: 'QEMU NVMe Ctrl', serial: 'LABNVME0', firmware: '10.0.13', state: 'live', transport: 'pcie', pciAddress: '0000:00:05.0', temperatureCelsius: 50 }],
      },
    },
    {
      from: 'recorded',
      where: 'Debian 12, nvme-cli 2.4: health without smartctl',
      stdout: `@apst 100000
@controller nvme0|QEMU NVMe Ctrl|LABNVME0|10.0.13|live|pcie|0000:00:05.0|50000
@health nvme0
{  "critical_warning":0,  "temperature":323,  "avail_spare":0,  "spare_thresh":0,  "percent_used":0,  "endurance_grp_critical_warning_summary":0,  "data_units_read":"3",  "data_units_written":"0",  "power_on_hours":"0",  "unsafe_shutdowns":"0",  "media_errors":"0",  "num_err_log_entries":"0",  "warning_temp_time":0,  "critical_comp_time":0}
`,
      expect: { controllers: [{ health: { criticalWarning: 0, availableSparePercent: 0, spareThresholdPercent: 0, percentageUsed: 0, mediaErrors: 0, unsafeShutdowns: 0 } }] },
    },
    {
      from: 'documented',
      where: 'drivers/nvme/host/sysfs.c: a controller that is dead',
      stdout: '@apst 0\n@controller nvme1|Samsung SSD 970 EVO 1TB|S000000000000|2B2QEXE7|dead|pcie|0000:02:00.0|\n',
      expect: { powerSavingLatencyMicroseconds: 0, controllers: [{ name: 'nvme1', state: 'dead' }] },
    },
    { from: 'documented', where: 'the driver is loaded, and there is no controller', stdout: '@apst 100000\n', expect: absent('no NVMe disk') },
  ],
});
