import { countIn, keyAndValue } from '../../lib/host-text.ts';
import type { GuestConfig, GuestDisk } from './guest-configs.schema.ts';

const units: Readonly<Record<string, number>> = { B: 1, BYTES: 1, KIB: 1024, K: 1024, MIB: 1024 ** 2, M: 1024 ** 2, GIB: 1024 ** 3, G: 1024 ** 3 };

/** The value of an attribute in one line of a domain's XML: `<target dev='vda' bus='virtio'/>`. */
function attribute(line: string, name: string): string | undefined {
  for (const quote of [`'`, '"']) {
    const start = line.indexOf(` ${name}=${quote}`);
    if (start < 0) continue;
    const from = start + name.length + 3;
    const end = line.indexOf(quote, from);
    if (end > from) return line.slice(from, end);
  }
  return undefined;
}

function content(line: string): string {
  const start = line.indexOf('>');
  const end = line.indexOf('</', start);
  return start >= 0 && end > start ? line.slice(start + 1, end).trim() : '';
}

/** One guest from the selected lines of its domain XML (libvirt's formatdomain document). */
export function libvirtGuest(file: string, lines: readonly string[], startsOnBoot: boolean): GuestConfig {
  let name = file;
  let memoryBytes: number | undefined;
  let cores: number | undefined;
  let driver: string | undefined;
  const disks: GuestDisk[] = [];
  for (const raw of lines) {
    const line = raw.trim();
    if (line.startsWith('<name>')) name = content(line) || file;
    if (line.startsWith('<memory')) {
      const size = countIn(content(line));
      if (size !== undefined) memoryBytes = size * (units[(attribute(line, 'unit') ?? 'KiB').toUpperCase()] ?? 1024);
    }
    if (line.startsWith('<vcpu')) cores = countIn(content(line));
    if (line.startsWith('<driver ')) driver = line;
    const bus = line.startsWith('<target ') ? attribute(line, 'bus') : undefined;
    if (bus === undefined) continue;
    const [cache, aio, format] = ['cache', 'io', 'type'].map((key) => (driver === undefined ? undefined : attribute(driver, key)));
    disks.push({ slot: attribute(line, 'dev') ?? '', bus, ...(format && { format }), ...(cache && { cache }), ...(aio && { aio }) });
    driver = undefined;
  }
  return {
    object: `libvirt/${name}`,
    kind: 'libvirt',
    name,
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(cores !== undefined && { cores }),
    startsOnBoot,
    template: false,
    disks: disks.slice(0, 64),
    nets: [],
    passthrough: [],
  };
}

/** One container from the selected lines of /var/lib/lxc/NAME/config (lxc.container.conf(5)). */
export function plainContainer(name: string, lines: readonly string[]): GuestConfig {
  const values = new Map(lines.flatMap((line) => [keyAndValue(line, '=') ?? ['', ''] as const]));
  const limit = /^(\d{1,15})([KMG]?)B?$/i.exec(values.get('lxc.cgroup2.memory.max') ?? values.get('lxc.cgroup.memory.limit_in_bytes') ?? '');
  const memoryBytes = limit ? Number(limit[1]) * (units[(limit[2] ?? '').toUpperCase()] ?? 1) : undefined;
  const label = values.get('lxc.uts.name');
  return {
    object: `lxc/${name}`,
    kind: 'lxc',
    name,
    ...(label !== undefined && { label }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    startsOnBoot: values.get('lxc.start.auto') === '1',
    template: false,
    disks: [],
    nets: [],
    passthrough: [],
  };
}
