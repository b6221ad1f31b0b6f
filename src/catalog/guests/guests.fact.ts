import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import guestCgroups from './guest-cgroups.probe.ts';
import guestConfigs from './guest-configs.probe.ts';
import guestProcesses from './guest-processes.probe.ts';
import { cgroupOf, configOf, processOf } from './guests.samples.ts';

const guestSchema = z.object({
  object: z.string(),
  kind: z.enum(['qemu', 'lxc', 'libvirt', 'nspawn']),
  name: z.string(),
  /** For people: `VM 100 (web)`, `container 101 (mail)`. */
  title: z.string(),
  running: z.boolean(),
  runningSeconds: z.number().optional(),
  /** Known where its settings could be read. */
  startsOnBoot: z.boolean().optional(),
  template: z.boolean().optional(),
  lock: z.string().optional(),
  memoryBytes: z.number().optional(),
  rssBytes: z.number().optional(),
  /** How much of it lies in swap: of the process, or of the container as a whole. */
  swapBytes: z.number().optional(),
  pid: z.number().optional(),
});
export type Guest = z.infer<typeof guestSchema>;

const titles = { qemu: 'VM', libvirt: 'VM', lxc: 'container', nspawn: 'container' } as const;

/** All guests of the host: what they are called, and whether they run. */
export default defineFact({
  id: 'guests',
  title: 'Guests of the host',
  needs: { processes: guestProcesses, configs: optional(guestConfigs), groups: optional(guestCgroups) },
  schema: z.object({
    guests: z.array(guestSchema),
    /** False: only running guests are known. */
    settingsKnown: z.boolean(),
  }),
  derive: ({ processes, configs, groups }) => {
    const processOfGuest = new Map(processes.guests.map((one) => [one.object, one]));
    const configOfGuest = new Map((configs?.guests ?? []).map((one) => [one.object, one]));
    const groupOfGuest = new Map((groups?.second.guests ?? []).map((one) => [one.object, one]));
    const objects = [...new Set([...configOfGuest.keys(), ...processOfGuest.keys(), ...groupOfGuest.keys()])];
    const guests = objects.flatMap((object): Guest[] => {
      const [process, config, group] = [processOfGuest.get(object), configOfGuest.get(object), groupOfGuest.get(object)];
      const first = process ?? config ?? group;
      if (first === undefined) return [];
      const { kind, name } = first;
      const label = config?.label === undefined || config.label === name ? '' : ` (${config.label})`;
      const swapBytes = group?.memory?.swapBytes ?? process?.swapBytes;
      return [
        {
          object,
          kind,
          name,
          title: `${titles[kind]} ${name}${label}`,
          running: process !== undefined || (group?.pids?.current ?? 0) > 0,
          ...(process && { runningSeconds: process.runningSeconds, rssBytes: process.rssBytes, pid: process.pid }),
          ...(config && { startsOnBoot: config.startsOnBoot, template: config.template }),
          ...(config?.lock !== undefined && { lock: config.lock }),
          ...(config?.memoryBytes !== undefined && { memoryBytes: config.memoryBytes }),
          ...(swapBytes !== undefined && { swapBytes }),
        },
      ];
    });
    return { guests, settingsKnown: configs !== undefined };
  },
  examples: [
    {
      name: 'one runs, one does not, one is a container',
      given: {
        processes: { guests: [processOf('qemu/100', { swapBytes: 4096 }), processOf('lxc/101', { pid: 3300 })] },
        configs: { guests: [configOf('qemu/100', { label: 'web' }), configOf('qemu/104', { startsOnBoot: false }), configOf('lxc/101', { label: 'mail' })] },
        groups: {
          first: { guests: [], truncated: false },
          second: { guests: [cgroupOf('lxc/101', { pids: { current: 9 } })], truncated: false },
          intervalSeconds: 5,
        },
      },
      expect: {
        settingsKnown: true,
        guests: [
          { object: 'qemu/100', title: 'VM 100 (web)', running: true, startsOnBoot: true, swapBytes: 4096 },
          { object: 'qemu/104', title: 'VM 104', running: false, startsOnBoot: false },
          { object: 'lxc/101', title: 'container 101 (mail)', running: true, swapBytes: 0 },
        ],
      },
    },
    {
      name: 'without root only running guests are known',
      given: { processes: { guests: [processOf('libvirt/web')] } },
      expect: { settingsKnown: false, guests: [{ object: 'libvirt/web', title: 'VM web', running: true }] },
    },
  ],
});
