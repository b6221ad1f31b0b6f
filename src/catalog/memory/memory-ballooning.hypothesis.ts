import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { reportsOf } from '../guests/cluster.samples.ts';
import guestConfigs from '../guests/guest-configs.probe.ts';
import type { GuestConfig } from '../guests/guest-configs.schema.ts';
import guestProcesses, { type GuestProcess } from '../guests/guest-processes.probe.ts';
import { configOf, processOf } from '../guests/guests.samples.ts';
import managerReports, { type ManagerReports } from '../guests/manager-reports.probe.ts';
import { percentText } from '../kernel/number-text.ts';
import giveGuestFixedMemory from './give-guest-fixed-memory.mitigation.ts';
import limitArc from './limit-arc.mitigation.ts';
import memoryUsage, { type MemoryUsage } from './memory-usage.fact.ts';
import { memoryUsageOf } from './memory.samples.ts';
import { gibibytesText } from './memory-text.ts';

const gibibyte = 1024 ** 3;
/** The goal of Proxmox VE: above it guests have to give memory back. */
const goalPercent = 80;
/** A guest that has just started has not touched its memory yet. */
const settledSeconds = 3_600;

/** As pvestatd counts, where it has told; else from what is available, which counts the ZFS cache as used as well. */
function usedPercent(reports: ManagerReports | undefined, usage: MemoryUsage): number {
  const { memoryUsedBytes, memoryTotalBytes } = reports?.proxmox ?? {};
  return memoryUsedBytes !== undefined && memoryTotalBytes ? (100 * memoryUsedBytes) / memoryTotalBytes : 100 - usage.availablePercent;
}

/** What QEMU has of the host: little more than the minimum, and clearly less than the guest's memory. */
const isSqueezed = (process: GuestProcess, config: GuestConfig): boolean =>
  process.runningSeconds >= settledSeconds && process.rssBytes + process.swapBytes <= Math.min(1.3 * (config.balloonBytes ?? 0) + gibibyte / 4, 0.9 * (config.memoryBytes ?? 0));

const ballooned = configOf('qemu/100', { memoryBytes: 8 * gibibyte, balloonBytes: 2 * gibibyte });
const squeezed = { guests: [processOf('qemu/100', { rssBytes: 2.2 * gibibyte })] };
const whole = { guests: [processOf('qemu/100', { rssBytes: 8.1 * gibibyte })] };
const tight = memoryUsageOf({ availableBytes: 6e9 });
const tightReport = reportsOf([], { memoryUsedBytes: 57e9 });

export default defineHypothesis({
  id: 'memory-ballooning',
  subject: 'memory',
  proven: 'documentation',
  title: 'The host takes memory back from the guest',
  about: `When more than ${goalPercent} % of a Proxmox VE host's memory is used, its status daemon makes guests whose minimum is below their memory give some back, down to the minimum: a driver in the guest (the balloon) takes
pages that nobody else in the guest can use then. The guest drops its caches or swaps, while the host has some to spare. The ZFS cache counts as used memory in this, so a large cache alone can squeeze the guests. Databases and
Java programs suffer most; Windows without the driver shows wrong numbers.

The balloon's size is known to QEMU alone. To be sure by hand: \`qm status <id> --verbose\`: \`balloon:\` is below \`maxmem:\`.`,
  needs: { configs: guestConfigs, processes: guestProcesses, usage: memoryUsage, reports: optional(managerReports) },
  objects: ({ configs, processes }) =>
    configs.guests.flatMap((config) => {
      const process = processes.guests.find((one) => one.object === config.object);
      const { balloonBytes = 0, memoryBytes = 0 } = config;
      return process !== undefined && config.kind === 'qemu' && balloonBytes > 0 && balloonBytes < memoryBytes ? [{ object: config.object, config, process }] : [];
    }),
  noObjects: 'no running VM may be given less than its full memory',
  prior: 1 / 80,
  explains: { 'guest-slow': 0.5, 'target-missing': 0.1, 'io-delay': 0.15 },
  evidence: [
    {
      when: ({ usage, reports }) => usedPercent(reports, usage) >= goalPercent,
      likelihood: { ifCause: 0.95, otherwise: 0.2 },
      says: ({ usage, reports }) => `${percentText(usedPercent(reports, usage))} of the host's memory is used; from ${goalPercent} % on guests have to give memory back.`,
      saysNot: ({ usage, reports }) => `${percentText(usedPercent(reports, usage))} of the host's memory is used, less than the ${goalPercent} % from which on guests have to give memory back.`,
      group: 'host',
    },
    {
      when: (_, { process, config }) => isSqueezed(process, config),
      likelihood: { ifCause: 0.75, otherwise: 0.1 },
      says: (_, { object, process, config }) =>
        `${object} has ${gibibytesText(process.rssBytes)} of its ${gibibytesText(config.memoryBytes ?? 0)}, which is about its minimum of ${gibibytesText(config.balloonBytes ?? 0)}.`,
      saysNot: (_, { object, process, config }) => `${object} has ${gibibytesText(process.rssBytes)} of its ${gibibytesText(config.memoryBytes ?? 0)}.`,
      group: 'guest',
    },
  ],
  ruledOut: [
    { when: ({ usage, reports }) => usedPercent(reports, usage) < goalPercent - 4, says: ({ usage, reports }) => `${percentText(usedPercent(reports, usage))} of the host's memory is used, so guests get theirs back` },
    {
      when: (_, { process, config }) => process.rssBytes >= (config.memoryBytes ?? 0),
      says: (_, { object }) => `${object} has all of its memory`,
    },
  ],
  broughtBy: ['guest', 'guest-settings'],
  settledBy: 'the size of the balloon, which QEMU tells: qm status <id> --verbose',
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Stop or move a guest that is not needed now, or make the ZFS cache smaller: the guests get their memory back within minutes.'],
  mitigations: [giveGuestFixedMemory, limitArc],
  references: ['pve-docs qm.adoc (memory, auto-ballooning)', 'proxmox/pve-manager PVE/Service/pvestatd.pm'],
  examples: {
    supporting: [
      { name: 'a VM of 8 GiB at its minimum on a full host', given: { configs: { guests: [ballooned] }, processes: squeezed, usage: tight, reports: tightReport }, object: 'qemu/100', symptoms: ['guest-slow'], expect: 'suspected' },
      { name: 'the same, and the status daemon has not told', given: { configs: { guests: [ballooned] }, processes: squeezed, usage: tight }, symptoms: ['guest-slow'], expect: 'suspected' },
    ],
    refuting: [
      { name: 'memory is left', given: { configs: { guests: [ballooned] }, processes: squeezed, usage: memoryUsageOf(), reports: reportsOf() }, symptoms: ['guest-slow'], expect: 'ruled-out' },
      { name: 'the guest has all its memory although the host is full', given: { configs: { guests: [ballooned] }, processes: whole, usage: tight, reports: tightReport }, symptoms: ['guest-slow'], expect: 'ruled-out' },
      { name: 'a full host with a squeezed guest that nobody complains about', given: { configs: { guests: [ballooned] }, processes: squeezed, usage: tight, reports: tightReport }, symptoms: [] },
      { name: 'fixed memory', given: { configs: { guests: [configOf('qemu/100', { balloonBytes: 0 })] }, processes: squeezed, usage: tight }, symptoms: ['guest-slow'], expect: 'ruled-out' },
      { name: 'it was started a moment ago', given: { configs: { guests: [ballooned] }, processes: { guests: [processOf('qemu/100', { rssBytes: gibibyte, runningSeconds: 60 })] }, usage: tight, reports: tightReport }, symptoms: ['guest-slow'], expect: 'not-a-cause' },
    ],
  },
});
