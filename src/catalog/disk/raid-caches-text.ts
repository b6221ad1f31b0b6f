import { z } from 'zod';
import { keyAndValue } from '../../lib/host-text.ts';

const policySchema = z.enum(['write back', 'write through']);
type Policy = z.infer<typeof policySchema>;

const volumeSchema = z.object({
  /** `controller 0, volume 1`. */
  name: z.string(),
  /** The kernel's name of the disk that it appears as: `sda`. */
  deviceName: z.string().optional(),
  raidLevel: z.string().optional(),
  policy: policySchema,
  /** What it is set to; another policy in use means that the controller has fallen back. */
  configured: policySchema.optional(),
  media: z.enum(['hdd', 'ssd']).optional(),
});
export type RaidVolume = z.infer<typeof volumeSchema>;

export const raidCachesSchema = z.object({
  volumes: z.array(volumeSchema),
  /** What controllers say of their battery, capacitor or cache, where it is not well. */
  complaints: z.array(z.string()),
});
export type RaidCaches = z.infer<typeof raidCachesSchema>;

const maxVolumes = 256;
const well = /^(?:optimal|optl|ok|-|learning|charging|not (?:present|configured)|degraded \(charging\)|recharging)/i;

function diskName(text: string | undefined): string | undefined {
  return /^\/dev\/([\w-]{1,32})/.exec(text ?? '')?.[1];
}

const storcliSchema = z.object({
  Controllers: z.array(z.object({ 'Command Status': z.object({ Controller: z.union([z.number(), z.string()]).optional() }), 'Response Data': z.record(z.string(), z.unknown()).optional() })),
});
const rowsSchema = z.array(z.record(z.string(), z.unknown()));
const textSchema = z.string().catch('');

/** The column Cache: read policy, then WB, AWB or FWB for write back, WT for write through, then C or D for cached or direct. */
function policyOfStorcli(code: string): Policy | undefined {
  if (/WT[CD]?$/.test(code)) return 'write through';
  return /WB[CD]?$/.test(code) ? 'write back' : undefined;
}

function rowsOf(value: unknown): Record<string, unknown>[] {
  const rows = rowsSchema.safeParse(value);
  return rows.success ? rows.data.slice(0, maxVolumes) : [];
}

/** JSON of `storcli /call/vall show all J` or `/call show J` (perccli prints the same): volumes, or batteries that are not well. */
export function ofStorcli(text: string): RaidCaches | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const checked = storcliSchema.safeParse(json);
  if (!checked.success) return undefined;
  const volumes: RaidVolume[] = [];
  const complaints: string[] = [];
  for (const { 'Command Status': status, 'Response Data': data = {} } of checked.data.Controllers.slice(0, 16)) {
    for (const key of ['BBU_Info', 'Cachevault_Info']) {
      for (const row of rowsOf(data[key])) {
        const state = textSchema.parse(row['State']);
        if (state !== '' && !well.test(state)) complaints.push(`controller ${status.Controller ?? '?'}: ${key === 'BBU_Info' ? 'battery' : 'capacitor'} ${state}`.slice(0, 200));
      }
    }
    for (const [path, value] of Object.entries(data)) {
      const match = /^\/c(\d{1,3})\/v(\d{1,4})$/.exec(path);
      const row = rowsOf(value)[0];
      const policy = policyOfStorcli(textSchema.parse(row?.['Cache']));
      if (match === null || row === undefined || policy === undefined || volumes.length >= maxVolumes) continue;
      const properties = z.record(z.string(), z.unknown()).catch({}).parse(data[`VD${match[2]} Properties`]);
      const initial = textSchema.parse(properties['Write Cache(initial setting)']);
      const media = new Set(rowsOf(data[`PDs for VD ${match[2]}`]).map((disk) => textSchema.parse(disk['Med'])));
      const deviceName = diskName(textSchema.parse(properties['OS Drive Name']));
      const raidLevel = textSchema.parse(row['TYPE']);
      volumes.push({
        name: `controller ${match[1]}, volume ${match[2]}`,
        ...(deviceName !== undefined && { deviceName }),
        ...(raidLevel !== '' && { raidLevel: raidLevel.slice(0, 20) }),
        policy,
        ...(/^Write ?Back/i.test(initial) ? { configured: 'write back' as const } : /^Write ?Through/i.test(initial) ? { configured: 'write through' as const } : {}),
        ...(media.has('HDD') ? { media: 'hdd' as const } : media.has('SSD') ? { media: 'ssd' as const } : {}),
      });
    }
  }
  return { volumes, complaints };
}

function policyOfWords(text: string | undefined): Policy | undefined {
  const first = text?.split(',', 1)[0]?.trim();
  return first === 'WriteBack' ? 'write back' : first === 'WriteThrough' ? 'write through' : undefined;
}

/** `MegaCli -LDInfo -Lall -aAll`: a paragraph for each volume with its default and its current policy. */
export function ofMegacli(text: string): RaidCaches {
  const volumes: RaidVolume[] = [];
  let adapter = '0';
  let volume = '';
  let configured: Policy | undefined;
  for (const line of text.split('\n', 5_000)) {
    adapter = /^Adapter (\d{1,3}) --/.exec(line)?.[1] ?? adapter;
    volume = /^Virtual Drive: ?(\d{1,4})/.exec(line)?.[1] ?? volume;
    const [key, value] = keyAndValue(line, ':') ?? [];
    if (key === 'Default Cache Policy') configured = policyOfWords(value);
    const policy = key === 'Current Cache Policy' ? policyOfWords(value) : undefined;
    if (policy === undefined || volumes.length >= maxVolumes) continue;
    volumes.push({ name: `controller ${adapter}, volume ${volume}`, policy, ...(configured !== undefined && { configured }) });
  }
  return { volumes, complaints: [] };
}

/** `ssacli ctrl all show config detail`. With SSD Smart Path the cache is off by design; then the volume is left out. */
export function ofSsacli(text: string): RaidCaches {
  const volumes: RaidVolume[] = [];
  const complaints: string[] = [];
  let slot = '';
  let cacheStatus = '';
  let media: RaidVolume['media'];
  let inVolume: { number: string; caching?: string; smartPath?: boolean; deviceName?: string; raidLevel?: string } | undefined;
  const finish = (): void => {
    const { number, caching, smartPath, deviceName, raidLevel } = inVolume ?? {};
    inVolume = undefined;
    if (number === undefined || caching === undefined || smartPath === true || volumes.length >= maxVolumes) return;
    const isLost = /^(?:temporarily|permanently) disabled/i.test(cacheStatus);
    const configured = caching.startsWith('Enabled') ? 'write back' : 'write through';
    volumes.push({
      name: `controller in slot ${slot}, volume ${number}`,
      ...(deviceName !== undefined && { deviceName }),
      ...(raidLevel !== undefined && { raidLevel: `RAID ${raidLevel}`.slice(0, 20) }),
      policy: isLost ? 'write through' : configured,
      configured,
      ...(media !== undefined && { media }),
    });
  };
  for (const line of text.split('\n', 10_000)) {
    const inSlot = / in Slot (\w{1,6})/.exec(line)?.[1];
    const [key = '', value = ''] = keyAndValue(line, ':') ?? [];
    if (inSlot !== undefined) {
      finish();
      [slot, cacheStatus, media] = [inSlot, '', undefined];
    } else if (key === 'Logical Drive') {
      finish();
      inVolume = { number: value.slice(0, 6) };
    } else if (key === 'Array' || /^\s*physicaldrive /.test(line)) finish();
    else if (inVolume !== undefined) {
      if (key === 'Caching') inVolume.caching = value;
      else if (key === 'LD Acceleration Method') inVolume.smartPath = /Smart ?Path/i.test(value);
      else if (key === 'Fault Tolerance') inVolume.raidLevel = value;
      else if (key === 'Disk Name') {
        const deviceName = diskName(value);
        if (deviceName !== undefined) inVolume.deviceName = deviceName;
      }
    } else if (key === 'Cache Status') cacheStatus = value;
    else if (key === 'Interface Type') media = /Solid State/i.test(value) ? 'ssd' : 'hdd';
    if ((key === 'Battery/Capacitor Status' || key === 'Cache Status') && !well.test(value)) complaints.push(`controller in slot ${slot}: ${key.toLowerCase()} ${value}`.slice(0, 200));
  }
  finish();
  return { volumes, complaints };
}
