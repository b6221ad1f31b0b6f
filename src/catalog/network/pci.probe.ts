import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { absent } from '../../define/result.ts';
import { countIn, hexadecimalIn, numberIn, words } from '../../lib/host-text.ts';

const deviceSchema = z.object({
  /** `0000:01:00.0`. */
  slot: z.string(),
  kind: z.enum(['nvme', 'storage', 'network', 'bridge', 'display', 'other']),
  /** Vendor and device number in hexadecimalIn: `8086:15b8`. */
  model: z.string(),
  /** The name that lspci has for it. */
  name: z.string().optional(),
  driver: z.string(),
  /** GT/s for each lane, and lanes. Left out where it is no PCI Express device. */
  link: z.object({ speed: z.number(), width: z.number(), maxSpeed: z.number(), maxWidth: z.number() }).optional(),
  /** What the port above it can do at most. */
  portLimit: z.object({ maxSpeed: z.number(), maxWidth: z.number() }).optional(),
  /** Sums since boot of the kernel's Advanced Error Reporting. Left out where it does not count. */
  errors: z.object({ correctable: z.number(), nonFatal: z.number(), fatal: z.number() }).optional(),
});
export type PciDevice = z.infer<typeof deviceSchema>;
const schema = z.object({ devices: z.array(deviceSchema) });

/** PCI class codes, upper 16 bits (PCI Code and ID Assignment Specification). */
function kindOf(classCode: number): PciDevice['kind'] {
  const major = Math.floor(classCode / 0x10000);
  if (Math.floor(classCode / 0x100) === 0x0108) return 'nvme';
  return ({ 1: 'storage', 2: 'network', 3: 'display', 6: 'bridge' } as const)[major as 1] ?? 'other';
}

/** sysfs writes `8.0 GT/s PCIe`, in older kernels `8 GT/s`; blanks are underlines here. */
function speedOf(text: string | undefined): number | undefined {
  return numberIn(text?.split('_')[0]);
}

function parseLine(line: string, names: ReadonlyMap<string, string>): PciDevice | undefined {
  const [, slot, code, vendor, device, driver, speed, width, maxSpeed, maxWidth, portSpeed, portWidth, ...errors] = words(line);
  const classCode = hexadecimalIn(code);
  if (slot === undefined || classCode === undefined || driver === undefined || errors.length < 3) return undefined;
  const now = { speed: speedOf(speed), width: countIn(width), maxSpeed: speedOf(maxSpeed), maxWidth: countIn(maxWidth) };
  const port = { maxSpeed: speedOf(portSpeed), maxWidth: countIn(portWidth) };
  const [correctable, nonFatal, fatal] = errors.map(countIn);
  const link = z.object({ speed: z.number(), width: z.number().min(1), maxSpeed: z.number(), maxWidth: z.number().min(1) }).safeParse(now);
  const limit = z.object({ maxSpeed: z.number(), maxWidth: z.number().min(1) }).safeParse(port);
  const name = names.get(slot);
  return {
    slot,
    kind: kindOf(classCode),
    model: `${vendor?.replace('0x', '')}:${device?.replace('0x', '')}`,
    ...(name === undefined ? {} : { name }),
    driver,
    ...(link.success ? { link: link.data } : {}),
    ...(limit.success ? { portLimit: limit.data } : {}),
    ...(correctable === undefined || nonFatal === undefined || fatal === undefined ? {} : { errors: { correctable, nonFatal, fatal } }),
  };
}

/** `0000:05:00.0 "Ethernet controller" "Vendor" "Device" …`, lspci -Dmm. */
function parseNames(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const parts = line.split('"');
      return parts[3] === undefined || parts[5] === undefined ? [] : [[parts[0]?.trim() ?? '', `${parts[3]} ${parts[5]}`] as const];
    }),
  );
}

/** Storage, network and display devices, and bridges that have counted errors. Virtual functions are left out. */
export default defineProbe({
  id: 'pci-devices',
  title: 'PCI devices: link speed, width and errors',
  subject: 'network',
  family: 'network',
  maxBytes: 100_000,
  sh: `get() { got=-; { IFS= read -r got < "$1"; } 2>/dev/null; [ -n "$got" ] || got=-; }
total() { got=-; [ -r "$1" ] && while read -r key value; do case $key in TOTAL*) got=$value ;; esac; done < "$1"; }
[ -d /sys/bus/pci/devices ] || absent 'this host has no PCI bus'
count=0
for dir in /sys/bus/pci/devices/*/; do
  get "\${dir}class"; class=$got
  case $class in 0x01* | 0x02* | 0x03* | 0x0604*) ;; *) continue ;; esac
  [ -e "\${dir}physfn" ] && continue
  total "\${dir}aer_dev_correctable"; correctable=$got
  total "\${dir}aer_dev_nonfatal"; nonfatal=$got
  total "\${dir}aer_dev_fatal"; fatal=$got
  case $class in 0x0604*) case $correctable$nonfatal$fatal in -* | 000) continue ;; esac ;; esac
  slot=\${dir#/sys/bus/pci/devices/} line="pci \${slot%/} $class" driver=-
  while IFS='=' read -r key value; do [ "$key" = DRIVER ] && driver=$value; done < "\${dir}uevent"
  for file in vendor device; do get "$dir$file"; line="$line $got"; done
  line="$line $driver"
  for file in current_link_speed current_link_width max_link_speed max_link_width ../max_link_speed ../max_link_width; do
    get "$dir$file"
    case $got in *' '*) got=\${got%% *}_GT/s ;; esac
    line="$line $got"
  done
  echo "$line $correctable $nonfatal $fatal"
  count=$((count + 1)); [ "$count" -lt 200 ] || break
done
have lspci && lspci -Dmm 2>/dev/null | grep -E '"[^"]*(Ethernet|Network|controller|Infiniband)[^"]*"' | head -n 200
true`,
  schema,
  parse: (stdout) => {
    const lines = stdout.split('\n');
    const names = parseNames(lines.filter((line) => line.includes(' "')));
    const devices = lines.filter((line) => line.startsWith('pci ')).flatMap((line) => parseLine(line, names) ?? []);
    return devices.length === 0 ? absent('this host has no PCI device for storage, network or display') : { devices };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, kernel 6.1, QEMU q35',
      stdout: `pci 0000:00:04.0 0x010000 0x1af4 0x1001 virtio-pci - - - - - - - - -
pci 0000:00:05.0 0x010802 0x1b36 0x0010 nvme Unknown 0 Unknown 255 - - - - -
pci 0000:00:06.0 0x020000 0x1af4 0x1000 virtio-pci - - - - - - - - -
0000:00:05.0 "Non-Volatile memory controller" "Red Hat, Inc." "QEMU NVM Express Controller" -r02 -p02 "Red Hat, Inc." "QEMU NVM Express Controller"
`,
      expect: {
        devices: [
          { slot: '0000:00:04.0', kind: 'storage', model: '1af4:1001', driver: 'virtio-pci' },
          { kind: 'nvme', name: 'Red Hat, Inc. QEMU NVM Express Controller' },
          { kind: 'network' },
        ],
      },
    },
    {
      from: 'documented',
      where: 'kernel Documentation/ABI/testing/sysfs-bus-pci and sysfs-bus-pci-devices-aer_stats',
      stdout: `pci 0000:00:1c.4 0x060400 0x8086 0xa114 pcieport 8.0_GT/s 1 8.0_GT/s 4 - - 1853 0 0
pci 0000:01:00.0 0x010802 0x144d 0xa80a nvme 8.0_GT/s 1 16.0_GT/s 4 8.0_GT/s 4 37 0 0
`,
      expect: {
        devices: [
          { kind: 'bridge', errors: { correctable: 1853, nonFatal: 0, fatal: 0 } },
          { kind: 'nvme', link: { speed: 8, width: 1, maxSpeed: 16, maxWidth: 4 }, portLimit: { maxSpeed: 8, maxWidth: 4 }, errors: { correctable: 37 } },
        ],
      },
    },
    { from: 'documented', where: 'a bus without such devices', stdout: '', expect: absent('this host has no PCI device for storage, network or display') },
  ],
});
