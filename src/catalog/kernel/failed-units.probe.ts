import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { words } from '../../lib/host-text.ts';

const unitsSchema = z.array(z.object({ unit: z.string(), description: z.string() }));
const schema = z.object({ units: unitsSchema });
type Units = z.infer<typeof unitsSchema>;

function fromJson(text: string): Units | undefined {
  try {
    const list: unknown = JSON.parse(text);
    const units = z.array(z.object({ unit: z.string(), active: z.string(), description: z.string().default('') })).safeParse(list);
    return units.success ? units.data.filter((unit) => unit.active === 'failed').map(({ unit, description }) => ({ unit, description })) : undefined;
  } catch {
    return undefined;
  }
}

function fromTable(text: string): Units {
  return text.split('\n').flatMap((line) => {
    const [unit, , active, , ...description] = words(line.replace(/^\s{0,4}[●*×]/u, ''));
    return unit !== undefined && unit.includes('.') && active === 'failed' ? [{ unit, description: description.join(' ') }] : [];
  });
}

/** Services and other units of systemd that failed. */
export default defineProbe({
  id: 'failed-units',
  title: 'Failed services',
  subject: 'kernel',
  timeoutMs: 5_000,
  maxBytes: 65_536,
  sh: `[ -d /run/systemd/system ] || absent 'this host does not run systemd'
need systemctl
systemctl list-units --failed --no-pager --plain --no-legend --output=json 2>/dev/null || systemctl list-units --failed --no-pager --plain --no-legend`,
  schema,
  parse: (stdout, run) => {
    const text = stdout.trim();
    if (run.exitStatus !== 0 && text === '') return unparsable('systemctl gave no answer');
    if (!text.startsWith('[')) return { units: fromTable(text) };
    const units = fromJson(text);
    return units === undefined ? unparsable('the list is no JSON of units') : { units };
  },
  examples: [
    { from: 'recorded', where: 'Debian 12, systemd 252, and Debian 13, systemd 257', stdout: '[]\n', expect: { units: [] } },
    {
      from: 'documented',
      where: 'systemctl(1), --output=json',
      stdout: '[{"unit":"zfs-import-cache.service","load":"loaded","active":"failed","sub":"failed","description":"Import ZFS pools by cache file"}]\n',
      expect: { units: [{ unit: 'zfs-import-cache.service', description: 'Import ZFS pools by cache file' }] },
    },
    {
      from: 'documented',
      where: 'systemctl(1) of systemd before 246, which knows no JSON',
      stdout: 'pvestatd.service loaded failed failed PVE Status Daemon\n● smartd.service loaded failed failed Self Monitoring\n',
      expect: { units: [{ unit: 'pvestatd.service', description: 'PVE Status Daemon' }, { unit: 'smartd.service' }] },
    },
    { from: 'documented', where: 'a cut answer', stdout: '[{"unit":', expect: 'unparsable' },
  ],
});
