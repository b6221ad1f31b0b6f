import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import operatingSystem from '../kernel/os.probe.ts';
import pciDevices from '../network/pci.probe.ts';
import { controllerLineOf } from './controller-log-lines.ts';
import { hostUp, log } from './disk-examples.ts';

const controllerSchema = z.object({
  object: z.string(),
  /** As its driver names it. */
  name: z.string(),
  driver: z.string(),
  /** What lspci calls it, where there is just one that uses the driver, or its address is known. */
  model: z.string().optional(),
  /** In this boot, in the last day and in the last hour. */
  faults: z.number(),
  resets: z.number(),
  today: z.number(),
  lastHour: z.number(),
  lastSecondsAgo: z.number().optional(),
  lastText: z.string().optional(),
});
export type StorageController = z.infer<typeof controllerSchema>;

/** Drivers reset their controllers when they are loaded, and show messages of before the boot then. */
const startSeconds = 300;
const drivers = ['mpt3sas', 'megaraid_sas', 'hpsa', 'smartpqi', 'aacraid', 'mpi3mr'];

/** RAID controllers and host bus adapters, and what the kernel logged about them. */
export default defineFact({
  id: 'storage-controllers',
  title: 'Storage controllers and their faults',
  needs: { kernel: kernelLog, system: operatingSystem, pci: optional(pciDevices) },
  schema: z.object({ controllers: z.array(controllerSchema), complete: z.boolean() }),
  derive: ({ kernel, system, pci }) => {
    const devices = (pci?.devices ?? []).filter((device) => device.kind !== 'network' && drivers.includes(device.driver));
    const found = new Map<string, StorageController>();
    for (const line of kernel.lines) {
      const event = controllerLineOf(line.text);
      if (event === undefined || (line.secondsSinceBoot ?? Infinity) < startSeconds) continue;
      const address = event.name.split(' ')[1];
      const alike = devices.filter((device) => (address === undefined ? device.driver === event.driver : device.slot === address));
      const model = alike.length === 1 ? alike[0]?.name : undefined;
      const entry = found.get(event.name) ?? { object: `controller/${event.name.replace(' ', '-')}`, name: event.name, driver: event.driver, ...(model !== undefined && { model }), faults: 0, resets: 0, today: 0, lastHour: 0 };
      found.set(event.name, entry);
      const ago = line.secondsSinceBoot === undefined ? undefined : Math.max(0, system.uptimeSeconds - line.secondsSinceBoot);
      if (event.kind === 'fault') entry.faults += 1;
      else entry.resets += 1;
      if (ago !== undefined && ago <= 86_400) entry.today += 1;
      if (ago !== undefined && ago <= 3_600) entry.lastHour += 1;
      Object.assign(entry, { lastText: line.text.slice(0, 200) }, ago !== undefined && { lastSecondsAgo: ago });
    }
    const quiet = devices.filter((device) => ![...found.values()].some((one) => one.driver === device.driver));
    const calm = quiet.map((device): StorageController => ({ object: `controller/${device.driver}-${device.slot}`, name: `${device.driver} ${device.slot}`, driver: device.driver, ...(device.name !== undefined && { model: device.name }), faults: 0, resets: 0, today: 0, lastHour: 0 }));
    const controllers = [...found.values(), ...calm].slice(0, 64);
    return controllers.length > 0 ? { controllers, complete: kernel.coversBoot } : absent('this host has no RAID controller or host bus adapter that is known here');
  },
  examples: [
    {
      name: 'a SAS controller whose firmware stops; its reset at boot does not count',
      given: {
        system: hostUp(90_000),
        pci: { devices: [{ slot: '0000:01:00.0', kind: 'storage', model: '1000:0097', name: 'Broadcom / LSI SAS3008', driver: 'mpt3sas' }] },
        kernel: log([
          [3, 'mpt3sas_cm0: sending diag reset !!'],
          [88_000, 'mpt3sas_cm0: fault_state(0x5854)!'],
          [88_000, 'mpt3sas_cm0: sending diag reset !!'],
          [88_001, 'mpt3sas_cm0: diag reset: SUCCESS'],
          [88_010, 'sd 0:0:3:0: Power-on or device reset occurred'],
        ]),
      },
      expect: { controllers: [{ object: 'controller/mpt3sas_cm0', model: 'Broadcom / LSI SAS3008', faults: 1, resets: 1, today: 2, lastHour: 2, lastSecondsAgo: 2_000 }], complete: true },
    },
    {
      name: 'controllers of other makes',
      given: {
        system: hostUp(900_000),
        kernel: log([
          [400_000, 'megaraid_sas 0000:18:00.0: FW in FAULT state Fault code:0xfff0000 subcode:0xff00 func:megasas_wait_for_outstanding_fusion'],
          [400_000, 'megaraid_sas 0000:18:00.0: resetting fusion adapter scsi0.'],
          [899_000, 'hpsa 0000:05:00.0: controller lockup detected: 0x00130000 after 30'],
          [899_500, 'aacraid: Host adapter abort request.'],
        ]),
      },
      expect: {
        controllers: [
          { object: 'controller/megaraid_sas-0000:18:00.0', faults: 1, resets: 1, today: 0 },
          { driver: 'hpsa', faults: 1, lastHour: 1 },
          { name: 'aacraid', resets: 1 },
        ],
      },
    },
    { name: 'a host without one', given: { system: hostUp(900), kernel: log([[400, 'ata3: SATA link down (SStatus 4 SControl 300)']]), pci: { devices: [] } }, expect: absent('this host has no RAID controller or host bus adapter that is known here') },
  ],
});
