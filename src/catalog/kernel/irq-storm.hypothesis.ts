import { defineHypothesis } from '../../define/hypothesis.ts';
import interruptRates from '../cpu/interrupt-rates.fact.ts';
import silenceInterrupt from '../cpu/silence-interrupt.mitigation.ts';
import clockCost from './clock-cost.experiment.ts';
import kernelLogEvents, { type LogEvents } from './kernel-log-events.fact.ts';
import { eventsOf } from './kernel-log.samples.ts';
import taskUsage, { type TaskUsage } from './task-usage.fact.ts';
import { taskUsageOf } from './task-usage.samples.ts';

/** Events of the firmware come some times an hour; a thousand a second are a storm. */
const firmwareLimit = 1_000;
/** Interrupts of devices that nobody uses are switched off while the drivers are loaded. */
const bootSeconds = 300;

interface Rates {
  readonly devices: readonly { name: string; device: string; perSecond: number }[];
  readonly firmwareEvents: readonly { name: string; perSecond: number }[];
}

const storm = (rates: Rates): Rates['firmwareEvents'][number] | undefined => rates.firmwareEvents.find((event) => event.perSecond >= firmwareLimit);
const switchedOff = (log: { readonly events: readonly LogEvents[] } ): LogEvents | undefined => log.events.find((events) => events.kind === 'irq-nobody-cared');

function switchedOffWhen(log: { readonly events: readonly LogEvents[]; readonly uptimeSeconds: number }): 'lately' | 'long ago' | 'never' {
  const events = switchedOff(log);
  if (events === undefined) return 'never';
  return events.recentCount > 0 && (events.lastSecondsAgo ?? 0) < log.uptimeSeconds - bootSeconds ? 'lately' : 'long ago';
}
const handlers = (usage: TaskUsage) => usage.tasks.filter((task) => /kacpid|kacpi_notify|^irq\/9-acpi/.test(task.name));
const handlerPercent = (usage: TaskUsage): number => handlers(usage).reduce((sum, task) => sum + task.cpuPercent, 0);

const ratesOf = (gpe: number, nvme = 4_000) => ({ devices: [{ name: '44', device: 'PCI-MSIX-0000:01:00.0 3-edge nvme0q3', perSecond: nvme }], firmwareEvents: [{ name: 'gpe17', perSecond: gpe }] });

export default defineHypothesis({
  id: 'irq-storm',
  subject: 'kernel',
  proven: 'documentation',
  title: 'One interrupt comes without end',
  about: `A device or the firmware raises the same interrupt thousands of times a second with nothing to do. One processor is then busy in \`kworker…kacpid\` or \`irq/9-acpi\`, on a
small host a quarter of it, also with all guests stopped. Or the kernel gives up ("nobody cared", "Disabling IRQ"), and the device behind the interrupt
gets slow or dead. Many interrupts alone are no storm: fast disks and network cards under load have a hundred thousand a second.

To be sure by hand: \`grep . /sys/firmware/acpi/interrupts/gpe* | grep -v ' 0 '\` twice, and \`dmesg | grep -E 'nobody cared|Disabling IRQ'\`.`,
  needs: { rates: interruptRates, usage: taskUsage, log: kernelLogEvents },
  prior: 1 / 600,
  explains: { 'high-load': 0.4, 'cpu-pressure': 0.3, 'guest-slow': 0.3, 'errors-logged': 0.35, 'disk-latency': 0.1, 'network-errors': 0.1 },
  evidence: [
    {
      outcome: ({ rates, log }) => (storm(rates) === undefined ? `switched off ${switchedOffWhen(log)}` : 'firmware'),
      table: {
        firmware: {
          ifCause: 0.55,
          otherwise: 0.0002,
          decisive: true,
          says: ({ rates }) => `The firmware raises the event ${storm(rates)?.name ?? ''} ${Math.round(storm(rates)?.perSecond ?? 0)} times a second.`,
        },
        'switched off lately': {
          ifCause: 0.35,
          otherwise: 0.0001,
          decisive: true,
          says: 'Within the last 24 hours the kernel switched an interrupt off that came a hundred thousand times with no driver answering to it; the device behind it is slow or dead since.',
        },
        'switched off long ago': { ifCause: 0.04, otherwise: 0.01, says: 'The kernel switched an interrupt off at its boot or days ago. Often it belongs to a device that nobody uses.' },
        'switched off never': { ifCause: 0.06, otherwise: 0.9897, says: 'No event of the firmware comes in masses, and no interrupt was switched off.' },
      },
      excerpt: ({ rates, log }) => (storm(rates) === undefined ? (switchedOff(log)?.samples.at(-1) ?? '') : ''),
    },
    {
      // An interrupt that was switched off keeps nobody busy any more.
      outcome: ({ usage, rates, log }) => {
        if (handlerPercent(usage) >= 30) return 'busy';
        return storm(rates) === undefined && switchedOffWhen(log) === 'lately' ? 'says nothing' : 'idle';
      },
      table: {
        busy: { ifCause: 0.6, otherwise: 0.002, says: ({ usage }) => `Handling events of the firmware takes ${Math.round(handlerPercent(usage))} % of a processor.` },
        idle: { ifCause: 0.4, otherwise: 0.998, says: 'Handling events of the firmware takes hardly any time.' },
      },
      excerpt: ({ usage }) => handlers(usage).map((task) => task.name).join(', '),
    },
  ],
  tested: [{ experiment: clockCost, table: { 'an interrupt storms': { ifCause: 0.6, otherwise: 0.0005, decisive: true } } }],
  ruledOut: [
    {
      when: ({ rates, usage, log }) => log.coversBoot && switchedOff(log) === undefined && storm(rates) === undefined && handlerPercent(usage) < 5 && rates.devices.every((device) => device.perSecond < 20_000),
      says: 'no interrupt comes in masses, and none was switched off',
    },
  ],
  broughtBy: ['kernel', 'network-card', 'disk'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [silenceInterrupt],
  references: ['Linux Documentation/ABI/testing/sysfs-firmware-acpi', 'Linux kernel/irq/spurious.c', 'Linux Documentation/admin-guide/kernel-parameters.txt: acpi_mask_gpe'],
  examples: {
    supporting: [
      { name: 'an event of the firmware, one core of four', given: { rates: ratesOf(41_000), usage: taskUsageOf({ name: 'kworker/0:1-kacpid', kernelThread: true, cpuPercent: 98 }), log: eventsOf() }, expect: 'identified' },
      {
        name: 'a line that most often nobody answers to, before the kernel gives it up',
        given: { rates: ratesOf(0, 22_000), usage: taskUsageOf(), log: eventsOf() },
        found: [{ experiment: clockCost, findings: [{ object: 'host', outcome: 'an interrupt storms', says: 'The interrupt 16 (IO-APIC 16-fasteoi ehci_hcd:usb1) came 50000 times a second, and no driver took most of them for its own.' }] }],
        expect: 'identified',
      },
      { name: 'an interrupt that was switched off', given: { rates: ratesOf(0), usage: taskUsageOf(), log: eventsOf({ kind: 'irq-nobody-cared', samples: ['irq 16: nobody cared (try booting with the "irqpoll" option)'] }) } },
      {
        name: 'a network card shares its line with a device that shouts, and nothing else is seen',
        given: { rates: ratesOf(0, 20), usage: taskUsageOf(), log: eventsOf({ kind: 'irq-nobody-cared', count: 2, recentCount: 2, lastSecondsAgo: 50, samples: ['Disabling IRQ #20'] }) },
        symptoms: ['errors-logged'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'disks and network at full speed', given: { rates: ratesOf(0, 180_000), usage: taskUsageOf({ name: 'ksoftirqd/3', kernelThread: true, cpuPercent: 80 }), log: eventsOf() }, expect: 'not-a-cause' },
      { name: 'a quiet host', given: { rates: ratesOf(0, 300), usage: taskUsageOf(), log: eventsOf() }, expect: 'ruled-out' },
      {
        name: 'an interrupt of an unused device was switched off at the boot a year ago, and today the host is busy',
        given: { rates: ratesOf(0, 30_000), usage: taskUsageOf(), log: { ...eventsOf({ kind: 'irq-nobody-cared', recentCount: 0, lastSecondsAgo: 863_990, samples: ['irq 16: nobody cared (try booting with the "irqpoll" option)'] }) } },
        symptoms: ['high-load', 'cpu-pressure', 'guest-slow'],
        expect: 'not-a-cause',
      },
      { name: 'a lid that was opened', given: { rates: ratesOf(0.2), usage: taskUsageOf(), log: eventsOf() }, expect: 'ruled-out' },
    ],
  },
});
