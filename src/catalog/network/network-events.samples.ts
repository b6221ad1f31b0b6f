import type { z } from 'zod';
import type { KernelLog } from '../kernel/kernel-log.probe.ts';
import type operatingSystem from '../kernel/os.probe.ts';
import type { NetworkEvent } from './network-events.fact.ts';

/** A log that goes back to the boot, of seconds after boot and texts. */
export function kernelLogOf(lines: readonly (readonly [number, string])[]): KernelLog {
  return {
    lines: lines.map(([secondsSinceBoot, text]) => ({ secondsSinceBoot, level: 4, text })),
    truncated: false,
    source: 'ring-buffer',
    coversBoot: true,
  };
}

/** A Debian host that has been up for so long. */
export function uptimeOf(uptimeSeconds: number): z.infer<typeof operatingSystem.schema> {
  return {
    hostname: 'pve1',
    distribution: { id: 'debian', prettyName: 'Debian GNU/Linux 12' },
    kernelRelease: '6.8.12-4-pve',
    kernelBuild: '#1 SMP',
    machine: 'x86_64',
    uptimeSeconds,
    clockTicksPerSecond: 100,
    onlineCpus: '0-7',
    presentCpus: '0-7',
    hardware: { vendor: '', product: '', firmwareVersion: '', firmwareDate: '' },
  };
}

/** Events of one kind, some seconds ago each, on a host that has been up for a month. */
export function eventsOf(kind: NetworkEvent['kind'], name: string, ages: readonly number[], text = ''): NetworkEvent[] {
  return ages.map((secondsAgo) => ({ kind, name, secondsAgo, secondsSinceBoot: 2_600_000 - secondsAgo, text: text || `${name}: ${kind}` }));
}
