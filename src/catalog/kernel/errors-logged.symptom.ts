import { defineSymptom, type Detection } from '../../define/symptom.ts';
import kernelLogEvents, { type LogEvents } from './kernel-log-events.fact.ts';
import { eventsOf } from './kernel-log.samples.ts';
import type { LogKind } from './log-kinds.ts';
import { countText } from './number-text.ts';
import { agoText } from '../../lib/duration-text.ts';

/** What one line and several are called in a sentence. Kinds without a name are no trouble by themselves. */
const names: Partial<Record<LogKind, readonly [string, string]>> = {
  'io-error': ['I/O error', 'I/O errors'],
  'filesystem-error': ['file system error', 'file system errors'],
  'disk-reset': ['failed disk command or reset', 'failed disk commands or resets'],
  'machine-check': ['line about a hardware error', 'lines about hardware errors'],
  'memory-error': ['memory error', 'memory errors'],
  'corrected-memory-error': ['corrected memory error', 'corrected memory errors'],
  'corrected-hardware-error': ['line about a corrected hardware error', 'lines about corrected hardware errors'],
  'pcie-error': ['PCIe error', 'PCIe errors'],
  oops: ['error in the kernel itself (oops)', 'errors in the kernel itself (oops)'],
  'soft-lockup': ['processor that hung in the kernel', 'reports of processors that hung in the kernel'],
  'rcu-stall': ['stall of a processor (RCU)', 'stalls of processors (RCU)'],
  'hung-task': ['task that hung for minutes', 'reports of tasks that hung for minutes'],
  'out-of-memory': ['process killed for lack of memory', 'processes killed for lack of memory'],
  'irq-nobody-cared': ['interrupt that was switched off', 'interrupts that were switched off'],
  'nic-hang': ['hang of a network card', 'hangs of network cards'],
  'table-full': ['full network table', 'reports of full network tables'],
};

/** While drivers are loaded, interrupts of devices that nobody uses are switched off on many boards. */
const bootSeconds = 300;

/** What the hardware corrected is trouble only when it comes again and again. */
const enough: Partial<Record<LogKind, number>> = { 'corrected-memory-error': 10, 'corrected-hardware-error': 60 };

export default defineSymptom({
  id: 'errors-logged',
  title: 'Errors in the kernel log',
  about: `The kernel logged trouble within the last 24 hours: errors of disks, memory, processor or PCIe, an error in its own code, tasks or processors that hung, processes
killed for lack of memory, network cards that hung. Lines that are only coloured red, such as missing firmware of unused devices, empty SATA ports or corrected
PCIe errors, do not count, nor do a few errors that the hardware corrected. By hand: \`dmesg -T --level=err,crit,alert,emerg\` or \`journalctl -k -b -p err\`.`,
  leak: 0.1,
  needs: { log: kernelLogEvents },
  detect: ({ log }): readonly Detection[] => {
    const isBootNoise = ({ kind, lastSecondsAgo = 0 }: LogEvents): boolean => kind === 'irq-nobody-cared' && lastSecondsAgo >= log.uptimeSeconds - bootSeconds;
    const recent = log.events.filter((events) => !isBootNoise(events) && events.recentCount >= (enough[events.kind] ?? 1) && names[events.kind] !== undefined);
    if (recent.length === 0) return [];
    const newest = recent.reduce((a, b): LogEvents => ((b.lastSecondsAgo ?? Infinity) < (a.lastSecondsAgo ?? Infinity) ? b : a));
    const total = recent.reduce((sum, events) => sum + events.recentCount, 0);
    const list = recent.map(({ kind, recentCount }) => countText(recentCount, ...(names[kind] ?? [kind, kind]))).join(', ');
    const ago = newest.lastSecondsAgo === undefined ? '' : `, the newest line ${agoText(newest.lastSecondsAgo)} ago`;
    return [{ object: 'host', value: total, limit: 1, unit: 'lines', says: `The kernel logged in the last 24 hours: ${list}${ago}.` }];
  },
  examples: {
    present: [
      { name: 'disk errors', given: { log: eventsOf({ kind: 'io-error', recentCount: 12, lastSecondsAgo: 300, samples: ['I/O error, dev sdb, sector 2048'] }) }, objects: ['host'] },
      { name: 'corrected memory errors, one after the other', given: { log: eventsOf({ kind: 'corrected-memory-error', recentCount: 40 }) } },
      { name: 'hung tasks and an oops', given: { log: eventsOf({ kind: 'hung-task', recentCount: 1 }, { kind: 'oops', recentCount: 1 }) } },
    ],
    absent: [
      { name: 'a clean log', given: { log: eventsOf() } },
      { name: 'one corrected memory error', given: { log: eventsOf({ kind: 'corrected-memory-error', recentCount: 1 }, { kind: 'corrected-hardware-error', recentCount: 4 }) } },
      { name: 'an interrupt of an unused device, switched off an hour ago at the boot', given: { log: { ...eventsOf({ kind: 'irq-nobody-cared', count: 2, lastSecondsAgo: 3_580 }), uptimeSeconds: 3_600 } } },
      { name: 'an oops of last week', given: { log: eventsOf({ kind: 'oops', count: 1, recentCount: 0, lastSecondsAgo: 600_000 }) } },
      { name: 'the clock of a virtual machine at boot', given: { log: eventsOf({ kind: 'clock-unstable', recentCount: 1 }) } },
    ],
  },
});
