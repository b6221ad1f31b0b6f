import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import guests, { type Guest } from '../guests/guests.fact.ts';
import { percentText } from '../kernel/number-text.ts';
import taskUsage, { type TaskUsage } from '../kernel/task-usage.fact.ts';
import { taskUsageOf } from '../kernel/task-usage.samples.ts';
import giveGuestsLessMemory from './give-guests-less-memory.mitigation.ts';
import ksm from './ksm.probe.ts';
import memoryUsage from './memory-usage.fact.ts';
import { memoryUsageOf } from './memory.samples.ts';
import { gibibytesText } from './memory-text.ts';
import stopPageMerging from './stop-page-merging.mitigation.ts';

const gibibyte = 1024 ** 3;
const pageBytes = 4096;
const busyPercent = 50;

/** Processor time of the kernel thread that searches for equal pages, in percent of one processor. */
const searching = (usage: TaskUsage): number => usage.tasks.find(({ name, kernelThread }) => kernelThread && name === 'ksmd')?.cpuPercent ?? 0;

/** What the running guests may use together. */
const promised = (all: readonly Guest[]): number => all.reduce((sum, guest) => sum + (guest.running ? (guest.memoryBytes ?? 0) : 0), 0);

const merging = { running: true, pagesShared: 400_000, pagesSharing: 4_000_000, pagesUnshared: 900_000 };
const off = { running: false, pagesShared: 0, pagesSharing: 0, pagesUnshared: 0 };

function guestsWith(count: number, memoryBytes: number): { settingsKnown: boolean; guests: Guest[] } {
  return {
    settingsKnown: true,
    guests: Array.from({ length: count }, (_, index) => ({ object: `qemu/${100 + index}`, kind: 'qemu' as const, name: `${100 + index}`, title: `VM ${100 + index}`, running: true, memoryBytes })),
  };
}
const ksmdAt = (cpuPercent: number): TaskUsage => taskUsageOf({ name: 'ksmd', kernelThread: true, cpuPercent });

export default defineHypothesis({
  id: 'ksm-overcommit',
  subject: 'memory',
  proven: 'documentation',
  title: 'The guests fit into memory only by merging equal pages, and that costs',
  about: `The running guests were promised more memory than the host has, and the kernel makes up for it by searching for equal pages and sharing them (KSM; \`ksmtuned\` starts it when memory gets short). The search keeps a
processor busy, and a guest that writes to a shared page waits for its copy. When the guests become less alike, after updates or when they fill their caches, the sharing falls apart just when memory is needed.
A search at some percent of a processor is harmless.

To be sure by hand: \`top -b -n 1 | grep ksmd\`, \`grep . /sys/kernel/mm/ksm/{run,pages_sharing,pages_shared,full_scans}\`: \`pages_sharing\` times 4 KiB is what sharing saves.`,
  needs: { ksm, threads: taskUsage, usage: memoryUsage, names: optional(guests) },
  objects: ({ ksm: merger }) => [{ object: 'host', merger, savedBytes: merger.pagesSharing * pageBytes }],
  noObjects: 'this kernel does not merge equal pages',
  prior: 1 / 150,
  explains: { 'cpu-pressure': 0.3, 'high-load': 0.3, 'guest-slow': 0.4, 'memory-pressure': 0.3 },
  evidence: [
    {
      when: ({ threads }, { merger }) => merger.running && merger.pagesSharing > 0 && searching(threads) >= busyPercent,
      decisive: true,
      likelihood: { ifCause: 0.85, otherwise: 0.002 },
      says: ({ threads }, { savedBytes }) => `The search for equal pages (ksmd) uses ${percentText(searching(threads))} of a processor; sharing saves ${gibibytesText(savedBytes)} now.`,
      saysNot: ({ threads }) => `The search for equal pages uses ${percentText(searching(threads))} of a processor.`,
      excerpt: (_, { merger }) => `run ${merger.running ? 1 : 0}, pages_sharing ${merger.pagesSharing}, pages_shared ${merger.pagesShared}`,
    },
    {
      when: ({ usage, names }) => names?.settingsKnown === true && promised(names.guests) > usage.totalBytes,
      likelihood: { ifCause: 0.8, otherwise: 0.15 },
      says: ({ usage, names }) => `The running guests were promised ${gibibytesText(promised(names?.guests ?? []))} together, the host has ${gibibytesText(usage.totalBytes)}.`,
      saysNot: ({ names }) => (names?.settingsKnown === true ? 'The memory of the running guests together fits into the host.' : ''),
    },
    {
      when: ({ usage }, { savedBytes }) => savedBytes > usage.obtainableBytes,
      likelihood: { ifCause: 0.5, otherwise: 0.08 },
      says: ({ usage }, { savedBytes }) => `Without sharing ${gibibytesText(savedBytes)} more would be needed, and only ${gibibytesText(usage.obtainableBytes)} could be had.`,
    },
  ],
  ruledOut: [
    { when: (_, { merger }) => !merger.running || merger.pagesSharing === 0, says: 'the kernel does not merge equal pages at present' },
    {
      when: ({ threads, usage }, { savedBytes }) => searching(threads) < 20 && savedBytes < usage.obtainableBytes,
      says: 'the search for equal pages takes little, and the memory that it saves is there without it as well',
    },
  ],
  broughtBy: ['guest', 'kernel-settings'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Stop or move a guest that is not needed now.'],
  doNot: ['Do not undo the sharing (`echo 2 > /sys/kernel/mm/ksm/run`) while memory is short: guests would be swapped out or killed.'],
  mitigations: [giveGuestsLessMemory, stopPageMerging],
  references: ['Linux Documentation/admin-guide/mm/ksm.rst', 'pve-docs kernel-samepage-merging.adoc'],
  examples: {
    supporting: [
      { name: 'ksmd keeps a processor busy on an overcommitted host', given: { ksm: merging, threads: ksmdAt(92), usage: memoryUsageOf({ availableBytes: 5e9 }), names: guestsWith(12, 8 * gibibyte) }, symptoms: ['cpu-pressure', 'guest-slow'], expect: 'identified' },
      { name: 'the settings of the guests could not be read', given: { ksm: merging, threads: ksmdAt(88), usage: memoryUsageOf({ availableBytes: 5e9 }) }, symptoms: ['guest-slow'] },
    ],
    refuting: [
      { name: 'merging is off', given: { ksm: off, threads: ksmdAt(0), usage: memoryUsageOf(), names: guestsWith(12, 8 * gibibyte) }, expect: 'ruled-out' },
      { name: 'it merges at leisure, and memory is there', given: { ksm: merging, threads: ksmdAt(6), usage: memoryUsageOf(), names: guestsWith(4, 8 * gibibyte) }, expect: 'ruled-out' },
      { name: 'merging saves much, and costs little', given: { ksm: merging, threads: ksmdAt(8), usage: memoryUsageOf({ availableBytes: 5e9 }), names: guestsWith(12, 8 * gibibyte) }, symptoms: ['guest-slow', 'high-load'], expect: 'not-a-cause' },
      { name: 'guests are promised more than there is, on a kernel without merging', given: { ksm: { status: 'absent', detail: 'this kernel does not merge equal pages (KSM)' }, threads: ksmdAt(0), usage: memoryUsageOf(), names: guestsWith(12, 8 * gibibyte) }, expect: 'ruled-out' },
    ],
  },
});
