import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import acpiInterrupts from './acpi-interrupts.probe.ts';
import interrupts from './interrupts.probe.ts';

const line = { name: '9', total: 1_000, busiestCpu: 0, busiestCpuTotal: 1_000, device: 'IO-APIC 9-fasteoi acpi' };
const sampled = (total: number) => ({ first: { interrupts: [line] }, second: { interrupts: [{ ...line, total: 1_000 + total, busiestCpuTotal: 1_000 + total }] }, intervalSeconds: 5 });

/** Interrupts and firmware events a second within the sampling window, the most frequent first. */
export default defineFact({
  id: 'interrupt-rates',
  title: 'Interrupts a second, by device',
  needs: { interrupts, firmware: optional(acpiInterrupts) },
  schema: z.object({
    /** Interrupts of devices, not those that processors send each other; at most 12. */
    devices: z.array(z.object({ name: z.string(), device: z.string(), perSecond: z.number() })),
    /** General purpose events of the firmware (`gpe17`), at most 6. */
    firmwareEvents: z.array(z.object({ name: z.string(), perSecond: z.number() })),
  }),
  derive: ({ interrupts: { first, second, intervalSeconds }, firmware }) => {
    const before = new Map(first.interrupts.map((one) => [one.name, one.total]));
    const devices = second.interrupts
      .filter(({ name }) => /^\d{1,6}$/.test(name))
      .map(({ name, device, total }) => ({ name, device, perSecond: Math.max(0, total - (before.get(name) ?? 0)) / intervalSeconds }))
      .toSorted((a, b) => b.perSecond - a.perSecond);
    const firmwareEvents = Object.entries(firmware?.second ?? {})
      .filter(([name]) => /^gpe[0-9A-F]{2,4}$/.test(name))
      .map(([name, total]) => ({ name, perSecond: Math.max(0, total - (firmware?.first[name] ?? 0)) / (firmware?.intervalSeconds ?? 1) }))
      .toSorted((a, b) => b.perSecond - a.perSecond);
    return { devices: devices.slice(0, 12), firmwareEvents: firmwareEvents.slice(0, 6) };
  },
  examples: [
    {
      name: 'an event of the firmware that never stops',
      given: { interrupts: sampled(50_000), firmware: { first: { gpe17: 5, gpe_all: 5 }, second: { gpe17: 50_005, gpe_all: 50_005 }, intervalSeconds: 5 } },
      expect: { devices: [{ name: '9', device: 'IO-APIC 9-fasteoi acpi', perSecond: 10_000 }], firmwareEvents: [{ name: 'gpe17', perSecond: 10_000 }] },
    },
    { name: 'a machine without firmware events', given: { interrupts: sampled(0) }, expect: { devices: [{ perSecond: 0 }], firmwareEvents: [] } },
  ],
});
