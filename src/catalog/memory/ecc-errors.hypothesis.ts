import { defineHypothesis } from '../../define/hypothesis.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { firmwareFirst } from '../kernel/firmware-first.ts';
import kernelLogEvents, { type LogEvents } from '../kernel/kernel-log-events.fact.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { eventsOf, logOf } from '../kernel/kernel-log.samples.ts';
import managementLog, { type ManagementLog } from '../kernel/management-log.probe.ts';
import { countText } from '../kernel/number-text.ts';
import edac, { type Edac } from './edac.probe.ts';
import { edacOf } from './edac.samples.ts';
import memorySpeed from './memory-speed.experiment.ts';
import replaceMemoryModule from './replace-memory-module.mitigation.ts';

interface Window {
  readonly first: Edac;
  readonly second: Edac;
}
type Count = 'correctedErrors' | 'uncorrectedErrors';

type Log = { readonly events: readonly LogEvents[] };

/** Lines of the last 24 hours about memory errors, corrected or not. */
function logged(log: Log | undefined): LogEvents[] {
  return (log?.events ?? []).filter((events) => (events.kind === 'memory-error' || events.kind === 'corrected-memory-error') && events.recentCount > 0);
}

const linesLogged = (log: Log | undefined): number => logged(log).reduce((sum, events) => sum + events.recentCount, 0);

const totalOf = (reading: Edac, count: Count): number => reading.controllers.reduce((sum, controller) => sum + controller[count], 0);
const grownBy = ({ first, second }: Window, count: Count): number => Math.max(0, totalOf(second, count) - totalOf(first, count));

/** Corrected errors a day, since the counts were last reset. */
function correctedPerDay({ second }: Window): number {
  return second.controllers.reduce((sum, controller) => sum + (controller.correctedErrors * 86_400) / Math.max(controller.secondsSinceReset ?? 86_400, 3_600), 0);
}

function worstModule({ second }: Window): string {
  const modules = second.controllers.flatMap((controller) => controller.modules);
  const worst = modules.toSorted((a, b) => b.uncorrectedErrors - a.uncorrectedErrors || b.correctedErrors - a.correctedErrors)[0];
  if (worst === undefined || worst.correctedErrors + worst.uncorrectedErrors === 0) return 'no module can be named';
  return `most on "${worst.label}"${worst.location === undefined ? '' : ` (${worst.location})`}`;
}

/** What the firmware keeps to itself is not counted: its own driver is bound, or the kernel says that the firmware comes first. */
const isFirmwareFirst = ({ second }: Window, lines: Parameters<typeof firmwareFirst>[0]): boolean =>
  second.drivers.includes('ghes_edac') || second.controllers.some(({ controller }) => controller.startsWith('ghes')) || firmwareFirst(lines) !== undefined;

/** What the firmware wrote down within a week, by its own clock. */
const written = (controller: ManagementLog, kind: 'memory-corrected' | 'memory-uncorrected'): ManagementLog['events'] =>
  controller.events.filter((event) => event.kind === kind && (event.secondsAgo ?? Infinity) <= 7 * 86_400);

const hasNoted = (controller: ManagementLog | undefined): boolean => controller !== undefined && written(controller, 'memory-corrected').length + written(controller, 'memory-uncorrected').length > 0;

/** This driver of small Intel processors reports floods where there are no errors (fixed in proxmox-kernel 6.14.0-2). */
const isFloodDriver = ({ second }: Window): boolean => second.drivers.includes('igen6_edac');

export default defineHypothesis({
  id: 'ecc-errors',
  subject: 'memory',
  proven: 'documentation',
  title: 'A memory module has errors',
  about: `The memory controller corrects single wrong bits and counts them. One corrected error long ago is nothing: cosmic rays do that. A count that grows, or errors that could not be
corrected, mean that a module, its contact or its slot is going bad; the next one may stop the host or damage data. Only a bound EDAC driver counts; servers that handle errors in
firmware first write them to the log of their management controller instead (\`ipmitool sel elist\`): there a count of zero says nothing.

To be sure by hand: \`grep -H . /sys/devices/system/edac/mc/mc*/{ce_count,ue_count} /sys/devices/system/edac/mc/mc*/dimm*/{dimm_label,dimm_ce_count}\`, twice with some minutes between, and
\`ras-mc-ctl --errors\` where rasdaemon runs.`,
  needs: { edac, log: optional(kernelLogEvents), lines: optional(kernelLog), controller: managementLog, noted: optional(managementLog) },
  prior: 1 / 400,
  explains: { 'errors-logged': 0.8, 'device-warning': 0.3, 'data-errors': 0.2, rebooted: 0.2, 'guest-slow': 0.1 },
  evidence: [
    {
      outcome: ({ edac: counts, lines }) => {
        if (totalOf(counts.second, 'uncorrectedErrors') > 0) return 'uncorrected';
        if (isFloodDriver(counts)) return 'unreliable';
        const total = totalOf(counts.second, 'correctedErrors');
        if (grownBy(counts, 'correctedErrors') > 0 && total >= 10) return 'growing';
        if (total >= 100 && correctedPerDay(counts) >= 24) return 'many';
        if (total > 0) return 'few';
        return isFirmwareFirst(counts, lines) ? 'with the firmware' : 'none';
      },
      table: {
        uncorrected: {
          ifCause: 0.3,
          otherwise: 0.0001,
          decisive: true,
          says: ({ edac: counts }) => `The memory controllers have counted ${countText(totalOf(counts.second, 'uncorrectedErrors'), 'error', 'errors')} that could not be corrected, ${worstModule(counts)}.`,
        },
        growing: {
          ifCause: 0.4,
          otherwise: 0.0002,
          decisive: true,
          says: ({ edac: counts }) =>
            `${countText(grownBy(counts, 'correctedErrors'), 'memory error was', 'memory errors were')} corrected within some seconds, ${totalOf(counts.second, 'correctedErrors')} so far, ${worstModule(counts)}.`,
        },
        many: {
          ifCause: 0.25,
          otherwise: 0.0004,
          decisive: true,
          says: ({ edac: counts }) =>
            `${totalOf(counts.second, 'correctedErrors')} memory errors have been corrected, about ${Math.round(correctedPerDay(counts))} a day, ${worstModule(counts)}.`,
        },
        few: { ifCause: 0.04, otherwise: 0.05, says: ({ edac: counts }) => `${countText(totalOf(counts.second, 'correctedErrors'), 'corrected memory error', 'corrected memory errors')} in all: that few are harmless.` },
        unreliable: { ifCause: 0.01, otherwise: 0.03, says: 'The counts come from the driver igen6_edac, which is known to report errors that are none.' },
        none: { ifCause: 0.005, otherwise: 0.95, says: 'The memory controllers have counted no error, and a driver watches them.' },
      },
      excerpt: ({ edac: { second } }) => second.controllers.map((one) => `${one.name} ce_count ${one.correctedErrors} ue_count ${one.uncorrectedErrors}`).slice(0, 8).join('; '),
    },
    {
      outcome: ({ edac: counts, log, lines }) => {
        if (log === undefined) return 'not read';
        if (linesLogged(log) === 0 && isFirmwareFirst(counts, lines)) return 'with the firmware';
        return linesLogged(log) === 0 ? 'quiet' : linesLogged(log) === 1 && logged(log)[0]?.kind === 'corrected-memory-error' ? 'one' : 'logged';
      },
      table: {
        logged: {
          ifCause: 0.7,
          otherwise: 0.02,
          says: ({ log }) => `The kernel log has ${countText(linesLogged(log), 'line', 'lines')} about memory errors of the last 24 hours.`,
        },
        one: { ifCause: 0.1, otherwise: 0.02, says: 'The kernel log has one line about a corrected memory error of the last 24 hours.' },
        quiet: { ifCause: 0.2, otherwise: 0.96, says: 'The kernel log of the last 24 hours has no line about memory errors.' },
      },
      excerpt: ({ log }) => logged(log)[0]?.samples.at(-1) ?? '',
    },
    {
      outcome: ({ controller }) => {
        if (written(controller, 'memory-uncorrected').length > 0) return 'uncorrected';
        if (written(controller, 'memory-corrected').length >= 5) return 'many';
        return written(controller, 'memory-corrected').length > 0 ? 'few' : 'none';
      },
      table: {
        uncorrected: { ifCause: 0.2, otherwise: 0.0003, decisive: true, says: 'The management controller wrote down a memory error that was not corrected within a week.' },
        many: { ifCause: 0.3, otherwise: 0.001, decisive: true, says: ({ controller }) => `The management controller wrote down ${written(controller, 'memory-corrected').length} corrected memory errors within a week.` },
        few: { ifCause: 0.1, otherwise: 0.02, says: 'The management controller wrote down a few corrected memory errors within a week.' },
        none: { ifCause: 0.4, otherwise: 0.97, says: 'The management controller wrote down no memory error within a week.' },
      },
      excerpt: ({ controller }) => [...written(controller, 'memory-uncorrected'), ...written(controller, 'memory-corrected')][0]?.text ?? '',
    },
  ],
  tested: [
    {
      experiment: memorySpeed,
      table: {
        'errors were corrected meanwhile': { ifCause: 0.4, otherwise: 0.001, decisive: true },
        'memory is well': { ifCause: 0.35, otherwise: 0.7 },
      },
    },
  ],
  ruledOut: [
    {
      when: ({ edac: counts, edac: { second }, log, lines, noted }) => !hasNoted(noted) && !isFirmwareFirst(counts, lines) && linesLogged(log) === 0 && second.controllers.length > 0 && !second.drivers.includes('igen6_edac') && totalOf(second, 'correctedErrors') + totalOf(second, 'uncorrectedErrors') === 0,
      says: ({ edac: { second } }) => `an EDAC driver watches ${second.controllers.length} memory controller${second.controllers.length === 1 ? '' : 's'} and has counted no error`,
    },
    {
      when: ({ edac: { second }, log, controller }) => !hasNoted(controller) && linesLogged(log) === 0 && !second.drivers.includes('igen6_edac') && totalOf(second, 'correctedErrors') + totalOf(second, 'uncorrectedErrors') === 0,
      says: 'neither the memory controllers nor the management controller have noted an error',
    },
    {
      when: ({ edac: counts }) => isFloodDriver(counts) && totalOf(counts.second, 'uncorrectedErrors') === 0,
      says: 'the only counts come from the driver igen6_edac, which is known to report errors that are none',
    },
    {
      when: ({ edac: counts, log, lines, noted }) => !hasNoted(noted) && log !== undefined && linesLogged(log) === 0 && !isFirmwareFirst(counts, lines) && grownBy(counts, 'correctedErrors') === 0 &&
        totalOf(counts.second, 'uncorrectedErrors') === 0 && totalOf(counts.second, 'correctedErrors') < 10,
      says: ({ edac: { second } }) => `${countText(totalOf(second, 'correctedErrors'), 'corrected memory error', 'corrected memory errors')} in all, none of them today: that few are harmless`,
    },
  ],
  settledBy: 'the event log of the management controller (`ipmitool sel elist`), where the firmware keeps memory errors that it handles first',
  mechanisms: ['unexpected-reboot'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Move important guests to another host until the module is replaced.'],
  doNot: ['Do not scrub or rebuild a pool on memory that reports uncorrected errors.'],
  mitigations: [replaceMemoryModule],
  references: ['Linux Documentation/admin-guide/RAS/main.rst', 'pve-kernel 44e828f'],
  examples: {
    supporting: [
      { name: 'the count grows while one looks', given: { edac: edacOf(4118, { grown: 3 }), log: eventsOf({ kind: 'corrected-memory-error', count: 400 }) }, symptoms: ['errors-logged'], expect: 'identified' },
      { name: 'an error that could not be corrected', given: { edac: edacOf(12, { uncorrected: 1 }), log: eventsOf({ kind: 'memory-error', count: 2 }) }, symptoms: ['errors-logged'], expect: 'identified' },
      {
        name: 'the firmware handles errors first, and the management controller knows',
        given: {
          edac: edacOf(0, { drivers: ['ghes_edac'] }),
          log: eventsOf(),
          lines: logOf(),
          controller: { events: [1, 2, 3, 4, 5, 6].map((hours) => ({ kind: 'memory-corrected' as const, secondsAgo: hours * 3_600, text: '3 | 08/12/2026 | 03:40:00 | Memory #0xb2 | Correctable ECC | Asserted' })) },
        },
        symptoms: ['errors-logged'],
      },
      {
        name: 'some errors in weeks, and seven more as soon as memory has to work',
        given: { edac: edacOf(60, { seconds: 2_592_000 }), log: eventsOf() },
        found: [{ experiment: memorySpeed, findings: [{ object: 'host', outcome: 'errors were corrected meanwhile', says: 'Meanwhile 7 memory errors were corrected and 0 not.' }] }],
        symptoms: ['errors-logged'],
        expect: 'suspected',
      },
      { name: 'hundreds a day', given: { edac: edacOf(6000), log: eventsOf({ kind: 'memory-error', count: 300 }) }, symptoms: ['errors-logged'] },
    ],
    refuting: [
      { name: 'a driver is bound and has counted nothing', given: { edac: edacOf(0), log: eventsOf() }, expect: 'ruled-out' },
      { name: 'one corrected error, just now', given: { edac: edacOf(0, { grown: 1 }), log: eventsOf({ kind: 'corrected-memory-error', count: 1 }) }, symptoms: ['errors-logged'], expect: 'not-a-cause' },
      { name: 'the controllers count nothing, but the kernel has given up a page of memory: not ruled out', given: { edac: edacOf(0), log: eventsOf({ kind: 'memory-error', count: 2, samples: ['Memory failure: 0x1f3a00: recovery action for dirty LRU page: Recovered'] }) }, symptoms: [], expect: 'not-a-cause' },
      {
        name: 'some errors in weeks, and none while memory works',
        given: { edac: edacOf(60, { seconds: 2_592_000 }), log: eventsOf() },
        found: [{ experiment: memorySpeed, findings: [{ object: 'host', outcome: 'memory is well', says: 'Meanwhile 0 memory errors were corrected and 0 not.' }] }],
        symptoms: ['errors-logged'],
        expect: 'not-a-cause',
      },
      { name: 'one corrected error long ago', given: { edac: edacOf(1, { seconds: 8_640_000 }), log: eventsOf() }, symptoms: ['errors-logged'] },
      { name: 'the flood of igen6_edac', given: { edac: edacOf(250_000, { grown: 900, drivers: ['igen6_edac'] }), log: eventsOf({ kind: 'memory-error', count: 5000 }) }, expect: 'ruled-out' },
      {
        name: 'the firmware handles errors first: a count of zero says nothing',
        given: { edac: edacOf(0), log: eventsOf(), lines: logOf([1.2, 'GHES: APEI firmware first mode is enabled by APEI bit and WHEA _OSC.']) },
        symptoms: [],
        expect: 'cannot-tell',
      },
      { name: 'the firmware handles errors first, and the management controller has none', given: { edac: edacOf(0, { drivers: ['ghes_edac'] }), log: eventsOf(), lines: logOf(), controller: { events: [] } }, symptoms: [], expect: 'ruled-out' },
      { name: 'only what the firmware hands on is counted', given: { edac: edacOf(0, { drivers: ['ghes_edac'] }), log: eventsOf(), lines: logOf() }, symptoms: [], expect: 'cannot-tell' },
      { name: 'the kernel counts nothing, but the management controller does', given: { edac: edacOf(0), log: eventsOf(), lines: logOf(), controller: { events: [{ kind: 'memory-corrected', secondsAgo: 3_600, text: '3 | 08/12/2026 | 03:40:00 | Memory #0xb2 | Correctable ECC | Asserted' }] } }, symptoms: [], expect: 'not-a-cause' },
      { name: 'firmware first was offered and refused', given: { edac: edacOf(0), log: eventsOf(), lines: logOf([1.2, 'GHES: Failed to enable APEI firmware first mode.']) }, symptoms: [], expect: 'ruled-out' },
      { name: 'no driver: nothing counts', given: { edac: absent('no EDAC driver is bound to a memory controller, so nothing counts memory errors') }, symptoms: [], expect: 'cannot-tell' },
    ],
  },
});
