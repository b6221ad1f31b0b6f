import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import bootHistory from '../kernel/boot-history.probe.ts';
import { firmwareFirst } from '../kernel/firmware-first.ts';
import hardwareErrors, { type HardwareErrors } from '../kernel/hardware-errors.fact.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import { denied, logOf } from '../kernel/kernel-log.samples.ts';
import managementLog, { type ManagementLog } from '../kernel/management-log.probe.ts';
import { countText } from '../kernel/number-text.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from '../kernel/os.probe.ts';
import memorySpeed from '../memory/memory-speed.experiment.ts';
import { proxmoxHost, virtualHost } from '../kernel/os.samples.ts';
import findFaultyProcessor from './find-faulty-processor.mitigation.ts';
import installMicrocode from './install-microcode.mitigation.ts';
import interrupts from './interrupts.probe.ts';

interface Errors {
  readonly groups: readonly HardwareErrors[];
}

/** Errors of the processor and those of unknown origin; memory and PCIe have causes of their own. */
function group({ groups }: Errors, corrected: boolean): HardwareErrors | undefined {
  const fitting = groups.filter((one) => one.corrected === corrected && (one.component === 'processor' || one.component === 'unknown'));
  return fitting.find((one) => one.component === 'processor') ?? fitting[0];
}

/** The kernel's vector of machine check exceptions: errors that could not wait (row MCE of /proc/interrupts). */
const exceptions = (counts: { readonly second: { readonly interrupts: readonly { name: string; total: number }[] } }): number =>
  counts.second.interrupts.find(({ name }) => name === 'MCE')?.total ?? 0;

const atPlaces = ({ places }: HardwareErrors): string => (places.length === 0 ? '' : ` (${places.join(', ')})`);

/** What the firmware wrote down within a week, by its own clock. */
const written = (controller: ManagementLog): ManagementLog['events'] => controller.events.filter(({ kind, secondsAgo = Infinity }) => kind === 'processor' && secondsAgo <= 7 * 86_400);

const found = (...groups: readonly (Partial<HardwareErrors> & Pick<HardwareErrors, 'corrected'>)[]) => ({
  groups: groups.map((one): HardwareErrors => ({ component: 'processor', count: 1, recentCount: 1, lastSecondsAgo: 600, places: ['CPU 5 bank 5'], sample: 'mce: [Hardware Error]: CPU 5: Machine Check: 0 Bank 5: bea0000000000108', ...one })),
  coversBoot: true,
});
const rows = (total: number) => {
  const reading = { interrupts: total === 0 ? [] : [{ name: 'MCE', total, busiestCpu: 0, busiestCpuTotal: 1, device: 'Machine check exceptions' }] };
  return { first: reading, second: reading, intervalSeconds: 5 };
};

export default defineHypothesis({
  id: 'machine-check-errors',
  subject: 'cpu',
  proven: 'documentation',
  title: 'The processor reports errors of its own',
  about: `A processor checks its caches, buses and units, and reports what is wrong as a machine check. One that was corrected is a notice and no more. Errors that could not be corrected, or
many a day, mean that the processor, its power supply or the board is going bad, that it is overclocked, or that it needs newer microcode; the next one may reset the host. Errors of
memory modules and of PCIe devices come the same way, and are causes of their own. Throttling for heat is none of it.

To be sure by hand: \`journalctl -k -b | grep 'Hardware Error'\`, \`grep MCE: /proc/interrupts\`, \`ras-mc-ctl --errors\` where rasdaemon runs, and the event log of the management controller.`,
  needs: { errors: hardwareErrors, log: optional(kernelLog), counts: interrupts, system: operatingSystem, boots: optional(bootHistory), controller: managementLog, noted: optional(managementLog) },
  prior: 1 / 500,
  explains: { 'errors-logged': 0.8, rebooted: 0.3, 'guest-down': 0.1, 'data-errors': 0.05 },
  evidence: [
    {
      outcome: ({ errors, log, boots }) => {
        const [bad, good] = [group(errors, false), group(errors, true)];
        if ((bad?.recentCount ?? 0) > 0) return 'uncorrected';
        if (bad !== undefined) return 'uncorrected-before';
        if (good?.component === 'processor' && good.recentCount >= 10) return 'many';
        if (good !== undefined) return 'few';
        if (boots?.previousBootEndedCleanly === false) return 'lost with the boot before';
        return firmwareFirst(log) === undefined ? 'none' : 'with the firmware';
      },
      table: {
        uncorrected: {
          ifCause: 0.5,
          otherwise: 0.0003,
          decisive: true,
          says: ({ errors }) => `The hardware reported ${countText(group(errors, false)?.recentCount ?? 0, 'error that was', 'errors that were')} not corrected within the last 24 hours${atPlaces(group(errors, false)!)}.`,
        },
        'uncorrected-before': {
          ifCause: 0.12,
          otherwise: 0.002,
          says: ({ errors }) => {
            const { lastSecondsAgo } = group(errors, false)!;
            return `The hardware reported an error that was not corrected${lastSecondsAgo === undefined ? ' in this boot' : ` ${agoText(lastSecondsAgo)} ago`}.`;
          },
        },
        many: {
          ifCause: 0.25,
          otherwise: 0.0003,
          decisive: true,
          says: ({ errors }) => `The processor reported ${group(errors, true)!.recentCount} corrected errors within the last 24 hours${atPlaces(group(errors, true)!)}.`,
        },
        few: { ifCause: 0.08, otherwise: 0.04, says: ({ errors }) => `The log has ${countText(group(errors, true)!.count, 'report', 'reports')} of corrected hardware errors: that few are a notice and no more.` },
        none: { ifCause: 0.05, otherwise: 0.955, says: 'The kernel log has no machine check of a processor.' },
      },
      excerpt: ({ errors }) => (group(errors, false) ?? group(errors, true))?.sample ?? '',
    },
    {
      outcome: ({ counts, errors }) => {
        if (exceptions(counts) === 0) return 'none';
        return errors.groups.some(({ component, corrected }) => component === 'memory' && !corrected) ? 'of memory' : 'raised';
      },
      table: {
        raised: { ifCause: 0.3, otherwise: 0.001, says: ({ counts }) => `The processors raised ${countText(exceptions(counts), 'machine check exception')} since the boot.` },
        none: { ifCause: 0.7, otherwise: 0.999, says: 'No processor raised a machine check exception since the boot.' },
      },
      excerpt: ({ counts }) => `MCE ${exceptions(counts)}`,
    },
    {
      when: ({ controller }) => written(controller).length > 0,
      decisive: true,
      likelihood: { ifCause: 0.3, otherwise: 0.0001 },
      says: ({ controller }) => `The management controller wrote down ${countText(written(controller).length, 'error')} of a processor within a week.`,
      saysNot: 'The management controller wrote down no error of a processor within a week.',
      excerpt: ({ controller }) => written(controller).at(-1)?.text ?? '',
    },
  ],
  tested: [
    {
      // Most of these are errors of a memory module.
      experiment: memorySpeed,
      table: {
        'errors were corrected meanwhile': { ifCause: 0.08, otherwise: 0.004 },
        'memory is well': { ifCause: 0.64, otherwise: 0.7 },
      },
    },
  ],
  ruledOut: [
    {
      when: ({ errors, log, counts, system, boots, noted }) =>
        errors.coversBoot && group(errors, false) === undefined && group(errors, true) === undefined && exceptions(counts) === 0 && system.virtualization === 'none' &&
        firmwareFirst(log) === undefined && boots?.previousBootEndedCleanly !== false && (noted === undefined || written(noted).length === 0),
      says: 'the kernel log goes back to the boot and has no machine check, and no processor raised one',
    },
  ],
  settledBy: 'the event log of the management controller (`ipmitool sel elist`): it keeps what the firmware did not hand on, and what reset the host',
  mechanisms: ['unexpected-reboot'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Move important guests to another host.'],
  doNot: ['Do not take one corrected error for a broken processor.'],
  mitigations: [findFaultyProcessor, installMicrocode],
  references: ['Linux Documentation/arch/x86/x86_64/machinecheck.rst', 'Linux Documentation/admin-guide/ras.rst', 'Intel SDM volume 3B, machine-check architecture'],
  examples: {
    supporting: [
      { name: 'a core with errors that were not corrected, today', given: { errors: found({ corrected: false, count: 3, recentCount: 3 }), counts: rows(3), system: proxmoxHost }, symptoms: ['errors-logged'], expect: 'identified' },
      { name: 'a cache that is corrected again and again', given: { errors: found({ corrected: true, count: 400, recentCount: 60, places: ['CPU 2 bank 1'] }), counts: rows(0), system: proxmoxHost }, symptoms: ['errors-logged'] },
      {
        name: 'only the management controller knows',
        given: { errors: found(), log: logOf(), counts: rows(0), system: { ...proxmoxHost, uptimeSeconds: 1_800 }, boots: { source: 'journal', previousBootEndedCleanly: false, bootsKnown: 4, crashRecords: 0 }, controller: { events: [{ kind: 'processor', secondsAgo: 2_000, text: '6 | 08/12/2026 | 03:40:00 | Processor #0x09 | IERR | Asserted' }] } },
        symptoms: ['rebooted'],
      },
      { name: 'the reset left its error in the banks', given: { errors: found({ corrected: false, lastSecondsAgo: 1_795 }), counts: rows(0), system: { ...proxmoxHost, uptimeSeconds: 1_800 } }, symptoms: ['rebooted', 'errors-logged'] },
    ],
    refuting: [
      {
        name: 'one corrected error, and another under load',
        given: { errors: found({ corrected: true }), log: logOf(), counts: rows(0), system: proxmoxHost },
        found: [{ experiment: memorySpeed, findings: [{ object: 'host', outcome: 'errors were corrected meanwhile', says: 'The processors told of 1 hardware error by interrupt.' }] }],
        symptoms: [],
        expect: 'not-a-cause',
      },
      { name: 'a clean log on metal', given: { errors: found(), log: logOf(), counts: rows(0), system: proxmoxHost }, expect: 'ruled-out' },
      { name: 'one corrected error', given: { errors: found({ corrected: true }), log: logOf(), counts: rows(0), system: proxmoxHost }, symptoms: [], expect: 'not-a-cause' },
      { name: 'one corrected error while a disk fails', given: { errors: found({ corrected: true }), log: logOf(), counts: rows(0), system: proxmoxHost }, symptoms: ['errors-logged'], expect: 'not-a-cause' },
      { name: 'errors of a memory module', given: { errors: found({ component: 'memory', corrected: false }, { component: 'memory', corrected: true, recentCount: 300 }), counts: rows(2), system: proxmoxHost }, symptoms: ['errors-logged'], expect: 'not-a-cause' },
      { name: 'a virtual machine sees nothing of the hardware', given: { errors: found(), log: logOf(), counts: rows(0), system: virtualHost }, symptoms: [], expect: 'not-a-cause' },
      { name: 'the firmware handles errors first, and the log is quiet', given: { errors: found(), log: logOf([1.2, 'GHES: APEI firmware first mode is enabled by APEI bit and WHEA _OSC.']), counts: rows(0), system: proxmoxHost }, symptoms: [], expect: 'not-a-cause' },
      { name: 'an ordinary user', given: { errors: denied, log: denied, counts: rows(0), system: proxmoxHost }, symptoms: [], expect: 'cannot-tell' },
    ],
  },
});
