import type { KernelLog } from '../kernel/kernel-log.probe.ts';
import type { DeviceActivity } from './disk-activity.fact.ts';
import type { DiskPace } from './disk-comparison.fact.ts';
import type { DiskHealth } from './disk-health.fact.ts';
import type { DiskEventKind } from './disk-log-lines.ts';
import type { DiskLog } from './disk-log.fact.ts';
import type { Disk } from './disks.fact.ts';
import type { SmartDisk } from './smart-text.ts';
import type { NvmeHealth } from './nvme-health.ts';

/** Small hosts from which the examples of this folder are made. */
export function disk(name: string, more: Partial<Disk> = {}): Disk {
  const serial = `WD-${name.slice(-1).toUpperCase()}`;
  const stableId = `ata-WDC_WD40EFRX-68N32N0_${serial}`;
  const base = { name, object: `disk/${stableId}`, stableId, label: `WDC WD40EFRX-68N32N0, serial ${serial}, mirror-0 of tank, ${name}`, kind: 'hdd' as const, model: 'WDC WD40EFRX-68N32N0', serial };
  return { ...base, sizeBytes: 4_000_787_030_016, transport: 'sata', uses: [{ pool: 'tank', vdev: 'mirror-0', role: 'data', errors: 0 }], rebuilding: false, siblings: [], partitions: [`${name}1`], mountpoints: [], ...more };
}

export function nvmeDisk(name: string, more: Partial<Disk> = {}): Disk {
  const controller = name.slice(0, name.indexOf('n', 4));
  const stableId = `nvme-Samsung_SSD_970_EVO_1TB_S${controller.slice(4)}`;
  return { name, object: `disk/${stableId}`, stableId, label: `Samsung SSD 970 EVO 1TB, serial S${controller.slice(4)}, ${name}`, kind: 'nvme', model: 'Samsung SSD 970 EVO 1TB', serial: `S${controller.slice(4)}`, sizeBytes: 1_000_204_886_016, transport: 'nvme', nvmeController: controller, uses: [], rebuilding: false, siblings: [], partitions: [], mountpoints: ['/'], ...more };
}

export const twoDisks: Disk[] = [
  disk('sda', { ataPort: 3, scsiAddress: '2:0:0:0', siblings: ['sdb'] }),
  disk('sdb', { ataPort: 4, scsiAddress: '3:0:0:0', siblings: ['sda'] }),
];

export function activity(name: string, more: Partial<DeviceActivity> = {}): DeviceActivity {
  const idle = { readsPerSecond: 0, writesPerSecond: 0, readBytesPerSecond: 0, writeBytesPerSecond: 0, completed: 0, flushes: 0, utilisationPercent: 0, averageQueue: 0, inFlight: 0, stalled: false, countsFlushes: true };
  return { name, kind: 'disk', ...idle, ...more };
}

/** Four seconds of `perSecond` I/Os, read and written half and half. */
export function busy(name: string, perSecond: number, latencyMs: number, utilisationPercent: number, more: Partial<DeviceActivity> = {}): DeviceActivity {
  const half = perSecond / 2;
  return activity(name, { readsPerSecond: half, writesPerSecond: half, readBytesPerSecond: half * 16_384, writeBytesPerSecond: half * 16_384, completed: perSecond * 4, latencyMs, readLatencyMs: latencyMs, writeLatencyMs: latencyMs, utilisationPercent, averageQueue: (perSecond * latencyMs) / 1000, ...more });
}

export function during(...devices: DeviceActivity[]): { intervalSeconds: number; devices: DeviceActivity[] } {
  return { intervalSeconds: 4, devices };
}

export function smartOf(device: string, more: Partial<SmartDisk> = {}): SmartDisk {
  return { device, status: 'answered', exitStatus: 0, model: 'WDC WD40EFRX-68N32N0', protocol: 'ATA', rotationRate: 5400, healthPassed: true, powerOnHours: 41_230, attributes: [], errors: [], errorLogCount: 0, ...more };
}

export function attribute(id: number, name: string, raw: number, more: Partial<SmartDisk['attributes'][number]> = {}): SmartDisk['attributes'][number] {
  return { id, name, value: 100, worst: 100, threshold: 0, raw, rawText: String(raw), prefailure: false, whenFailed: '', ...more };
}

export const goodNvme: NvmeHealth = { criticalWarning: 0, availableSparePercent: 100, spareThresholdPercent: 10, percentageUsed: 12, mediaErrors: 0, errorLogEntries: 0, unsafeShutdowns: 20, powerOnHours: 9_000, dataUnitsWritten: 40_000_000, warningTemperatureMinutes: 0, criticalTemperatureMinutes: 0 };

/** Lines of the kernel's log with the seconds since boot at which they were written. */
export function log(lines: readonly (readonly [number, string])[]): KernelLog {
  return { lines: lines.map(([secondsSinceBoot, text]) => ({ secondsSinceBoot, level: 3, text })), truncated: false, source: 'ring-buffer', coversBoot: true };
}

export function hostUp(uptimeSeconds: number) {
  return {
    hostname: 'pve1',
    distribution: { id: 'debian', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
    kernelRelease: '6.8.12-4-pve',
    kernelBuild: '',
    machine: 'x86_64',
    uptimeSeconds,
    clockTicksPerSecond: 100,
    onlineCpus: '0-7',
    presentCpus: '0-7',
    hardware: { vendor: 'unknown', product: 'unknown', firmwareVersion: 'unknown', firmwareDate: 'unknown' },
  };
}

/** An idle disk beside its siblings; `more` is what the example is about. */
export function paceOfDisk(name: string, more: Partial<DiskPace> = {}): DiskPace {
  const { object, label, kind } = name.startsWith('nvme') ? nvmeDisk(name) : disk(name);
  const idle = { completed: 0, iosPerSecond: 0, bytesPerSecond: 0, utilisationPercent: 0, averageQueue: 0, stalled: false, flushPercent: 0, unlikeSiblings: (more.timesSiblings ?? 0) >= 5 && (more.latencyMs ?? 0) >= 40, timedReadErrors: 0, timedReadStuck: false };
  const work = more.latencyMs === undefined ? idle : { ...idle, completed: 400, iosPerSecond: 100, bytesPerSecond: 1_600_000, utilisationPercent: 80, averageQueue: (more.latencyMs * 100) / 1000 };
  return { name, object, label, kind, ...work, ...more };
}

/** A healthy disk as SMART sees it; `more` is what the example is about. */
export function healthOfDisk(name: string, more: Partial<DiskHealth> = {}): DiskHealth {
  const { object, label } = name.startsWith('nvme') ? nvmeDisk(name) : disk(name);
  const good = { passed: true, pendingSectors: 0, reallocatedSectors: 0, grownDefects: 0, uncorrectedErrors: 0, cableErrors: 0, failingAttributes: [], recentErrors: 0, selfTestFailed: false, criticalWarning: 0, mediaErrors: 0, silent: false, sleeping: false };
  return { name, object, label, ...good, ...more };
}

/** What the kernel logged about disks: kind, how many, how many seconds ago the last was. */
export function logged(name: string, ...events: readonly (readonly [DiskEventKind, number, number, string?])[]): DiskLog {
  const { object, label } = name.startsWith('nvme') ? nvmeDisk(name) : disk(name);
  return { name, object, label, events: events.map(([kind, count, ago, lastText = kind]) => ({ kind, count, recent: ago <= 3_600 ? count : 0, today: ago <= 86_400 ? count : 0, lastSecondsAgo: ago, lastText })) };
}

export const nothingLogged = { disks: [], complete: true };
