import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { absent, unparsable } from '../../define/result.ts';
import { countIn, dumpedFiles } from '../../lib/host-text.ts';

const count = z.number().nonnegative();

/** Error counts of the memory controllers that an EDAC driver watches (kernel document admin-guide/RAS). */
const schema = z.object({
  controllers: z.array(
    z.object({
      /** `mc0`, … */
      name: z.string(),
      /** What the driver calls the controller: `Skylake Socket#0 IMC#0`. */
      controller: z.string(),
      correctedErrors: count,
      uncorrectedErrors: count,
      /** Corrected errors that could not be placed on a module. */
      correctedWithoutPlace: count,
      uncorrectedWithoutPlace: count,
      secondsSinceReset: count.optional(),
      modules: z.array(
        z.object({
          /** The board's name of the slot where the driver knows it, else `mc0/dimm3`. */
          label: z.string(),
          location: z.string().optional(),
          correctedErrors: count,
          uncorrectedErrors: count,
        }),
      ),
    }),
  ),
  /** Loaded EDAC drivers: `skx_edac`, `amd64_edac`, `ghes_edac`, `igen6_edac`. */
  drivers: z.array(z.string()),
});
export type Edac = z.infer<typeof schema>;
type Controller = Edac['controllers'][number];

const path = /^(mc\d{1,4})\/(?:((?:dimm|rank|csrow)\d{1,4})\/)?([a-z_]{1,40})$/;
const driver = /^\/sys\/module\/([a-z0-9_]{1,40}_edac)$/;

function controllersOf(files: ReadonlyMap<string, string>): Controller[] {
  const texts = new Map<string, Map<string, Map<string, string>>>();
  for (const [name, text] of files) {
    const [, controller, module = '', file] = path.exec(name) ?? [];
    if (controller === undefined || file === undefined) continue;
    const modules = texts.get(controller) ?? new Map<string, Map<string, string>>();
    texts.set(controller, modules);
    const values = modules.get(module) ?? new Map<string, string>();
    modules.set(module, values);
    values.set(file, (text.split('\n', 1)[0] ?? '').trim().slice(0, 200));
  }
  return [...texts].map(([name, modules]) => {
    const own = modules.get('');
    const number = (values: Map<string, string> | undefined, file: string): number =>
      countIn(values?.get(file)) ?? 0;
    const since = countIn(own?.get('seconds_since_reset'));
    return {
      name,
      controller: own?.get('mc_name') ?? name,
      correctedErrors: number(own, 'ce_count'),
      uncorrectedErrors: number(own, 'ue_count'),
      correctedWithoutPlace: number(own, 'ce_noinfo_count'),
      uncorrectedWithoutPlace: number(own, 'ue_noinfo_count'),
      ...(since !== undefined && { secondsSinceReset: since }),
      modules: [...modules]
        .filter(([module]) => module !== '')
        .map(([module, values]) => {
          const label = values.get('dimm_label') ?? '';
          const location = values.get('dimm_location');
          return {
            label: label === '' ? `${name}/${module}` : label,
            ...(location !== undefined && location !== '' && { location }),
            correctedErrors: number(values, 'dimm_ce_count') + number(values, 'ce_count'),
            uncorrectedErrors: number(values, 'dimm_ue_count') + number(values, 'ue_count'),
          };
        }),
    };
  });
}

export default defineCounterProbe({
  id: 'edac',
  title: 'Error counts of the memory controllers',
  subject: 'memory',
  maxBytes: 131_072,
  sh: `cd /sys/devices/system/edac/mc 2>/dev/null || absent 'the kernel has no memory error detection (EDAC) loaded'
for m in /sys/module/*_edac; do [ -d "$m" ] && echo "==> $m <=="; done
for d in mc[0-9]*; do
  [ -d "$d" ] || continue
  dump "$d/mc_name" "$d/ce_count" "$d/ue_count" "$d/ce_noinfo_count" "$d/ue_noinfo_count" "$d/seconds_since_reset"
  found=
  for m in "$d"/dimm[0-9]* "$d"/rank[0-9]*; do
    [ -d "$m" ] || continue
    found=1
    dump "$m/dimm_label" "$m/dimm_location" "$m/dimm_ce_count" "$m/dimm_ue_count"
  done
  [ -n "$found" ] || for m in "$d"/csrow[0-9]*; do dump "$m/ce_count" "$m/ue_count"; done
done
echo '==> end <=='`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    if (!files.has('end')) return unparsable('the answer does not reach its end');
    const controllers = controllersOf(files);
    if (controllers.length === 0) {
      return absent('no EDAC driver is bound to a memory controller, so nothing counts memory errors');
    }
    const drivers = [...files.keys()].flatMap((name) => driver.exec(name)?.[1] ?? []);
    return { controllers, drivers };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12 in a virtual machine: no driver is bound',
      stdout: '==> end <==\n',
      expect: absent('no EDAC driver is bound'),
    },
    {
      from: 'documented',
      where: 'kernel document admin-guide/RAS: one module with corrected errors',
      stdout: `==> /sys/module/skx_edac <==
==> mc0/mc_name <==
Skylake Socket#0 IMC#0
==> mc0/ce_count <==
118
==> mc0/ue_count <==
0
==> mc0/ce_noinfo_count <==
0
==> mc0/ue_noinfo_count <==
0
==> mc0/seconds_since_reset <==
864211
==> mc0/dimm0/dimm_label <==
CPU_SrcID#0_MC#0_Chan#0_DIMM#0
==> mc0/dimm0/dimm_location <==
channel 0 slot 0
==> mc0/dimm0/dimm_ce_count <==
118
==> mc0/dimm0/dimm_ue_count <==
0
==> mc0/dimm3/dimm_label <==

==> mc0/dimm3/dimm_location <==
channel 1 slot 1
==> mc0/dimm3/dimm_ce_count <==
0
==> mc0/dimm3/dimm_ue_count <==
0
==> end <==
`,
      expect: {
        drivers: ['skx_edac'],
        controllers: [
          {
            name: 'mc0',
            controller: 'Skylake Socket#0 IMC#0',
            correctedErrors: 118,
            uncorrectedErrors: 0,
            secondsSinceReset: 864_211,
            modules: [
              { label: 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0', location: 'channel 0 slot 0', correctedErrors: 118 },
              { label: 'mc0/dimm3', correctedErrors: 0, uncorrectedErrors: 0 },
            ],
          },
        ],
      },
    },
    {
      from: 'documented',
      where: 'ABI sysfs-devices-edac: a controller that has counted nothing, with the older csrow folders only',
      stdout: `==> /sys/module/amd64_edac <==
==> mc0/mc_name <==
F17h
==> mc0/ce_count <==
0
==> mc0/ue_count <==
0
==> mc0/csrow0/ce_count <==
0
==> mc0/csrow0/ue_count <==
0
==> end <==
`,
      expect: { drivers: ['amd64_edac'], controllers: [{ correctedErrors: 0, modules: [{ label: 'mc0/csrow0' }] }] },
    },
    { from: 'documented', where: 'an answer that was cut', stdout: '', expect: 'unparsable' },
  ],
});
