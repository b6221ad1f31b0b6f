import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import bootHistory, { type BootHistory } from './boot-history.probe.ts';
import findResetReason from './find-reset-reason.mitigation.ts';
import kernelLog from './kernel-log.probe.ts';
import { logOf } from './kernel-log.samples.ts';
import managementLog from './management-log.probe.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';
import { resetTrace, type ResetTrace } from './reset-trace.ts';

/** A reboot longer ago than this is not what troubles the host today. */
const recentSeconds = 7 * 86_400;

function endOf({ previousBootEndedCleanly: clean, loginsEndedCleanly: logins, source }: BootHistory): string {
  if (clean === undefined) return 'unknown';
  if (clean) return 'orderly';
  if (source === 'wtmp') return 'no-shutdown-recorded';
  if (logins === undefined) return 'journal-breaks-off';
  return logins ? 'contradiction' : 'both-break-off';
}

const reasons: Readonly<Record<ResetTrace['kind'], string>> = {
  crash: 'What it left behind speaks for a crash of the kernel',
  watchdog: 'What it left behind says that a watchdog reset the host; in a cluster with high availability that means fencing',
  hardware: 'The firmware kept an error of the hardware from the boot before',
  heat: 'What it left behind speaks for too much heat',
  power: 'The management controller saw a loss of power at about that time',
  button: 'What it left behind speaks for the power button',
  none: 'Nothing was kept that tells of a reason for a reset',
};

const justBooted = { ...proxmoxHost, uptimeSeconds: 1_800 };
const broken: BootHistory = { source: 'journal', previousBootEndedCleanly: false, loginsEndedCleanly: false, bootsKnown: 5, crashRecords: 0 };

export default defineHypothesis({
  id: 'unexpected-reboot',
  subject: 'kernel',
  role: 'mechanism',
  proven: 'documentation',
  title: 'The host came up again without having been shut down',
  about: `The boot before did not end with a shutdown: its journal just breaks off, and \`last -x\` shows two boots with no shutdown between them. Behind it are power, heat, the reset button, a
panic, a hardware error, or a watchdog; with high availability a node that loses its quorum is reset by its own watchdog (fencing). All guests were cut off, and those that do not
start at boot are down. It is a link of the chain: the reason has to be found in what was kept. Where nothing was, think of power and the reset button first.

To be sure by hand: \`last -x reboot shutdown\`, \`journalctl -b -1 -n 100\`, \`journalctl -k -b | grep -iE 'BERT|reset reason|watchdog'\`, \`ls /sys/fs/pstore /var/lib/systemd/pstore /var/crash\`, and the
event log of the management controller: \`ipmitool sel elist\`.`,
  needs: { system: operatingSystem, boots: bootHistory, log: optional(kernelLog), controller: optional(managementLog) },
  prior: 0.05,
  explains: { rebooted: 0.97, 'guest-down': 0.4, 'backup-missed': 0.15, 'target-missing': 0.1 },
  evidence: [
    {
      outcome: ({ boots }) => endOf(boots),
      table: {
        'both-break-off': { ifCause: 0.6, otherwise: 0.001, decisive: true, says: 'The journal of the boot before breaks off, and no shutdown was written down before this boot.' },
        'journal-breaks-off': { ifCause: 0.2, otherwise: 0.001, decisive: true, says: 'The journal of the boot before breaks off without a shutdown.' },
        'no-shutdown-recorded': { ifCause: 0.15, otherwise: 0.003, says: 'Between the boot before and this one no shutdown was written down, though others were.' },
        contradiction: { ifCause: 0.03, otherwise: 0.03, says: 'The journal of the boot before breaks off, but a shutdown was written down: the journal may have been cut.' },
        orderly: { ifCause: 0.02, otherwise: 0.965, says: 'The boot before ended with an orderly shutdown.' },
      },
      excerpt: ({ boots }) => boots.lastWords?.at(-1) ?? '',
    },
    {
      outcome: ({ boots, log, controller, system }) => {
        const { kind } = resetTrace(boots, log, controller, system.uptimeSeconds);
        return kind === 'none' && endOf(boots) === 'unknown' ? 'unknown' : kind;
      },
      table: {
        crash: { ifCause: 0.2, otherwise: 0.01, says: `${reasons.crash}.` },
        watchdog: { ifCause: 0.15, otherwise: 0.004, says: `${reasons.watchdog}.` },
        hardware: { ifCause: 0.07, otherwise: 0.01, says: `${reasons.hardware}.` },
        heat: { ifCause: 0.03, otherwise: 0.002, says: `${reasons.heat}.` },
        power: { ifCause: 0.05, otherwise: 0.008, says: `${reasons.power}.` },
        button: { ifCause: 0.04, otherwise: 0.004, says: `${reasons.button}.` },
        none: { ifCause: 0.46, otherwise: 0.96, says: `${reasons.none}.` },
      },
      excerpt: ({ boots, log, controller, system }) => resetTrace(boots, log, controller, system.uptimeSeconds).text,
    },
  ],
  ruledOut: [
    { when: ({ boots }) => boots.previousBootEndedCleanly === true, says: 'the boot before ended with an orderly shutdown' },
    { when: ({ system }) => system.uptimeSeconds > recentSeconds, says: ({ system }) => `the host has been up for ${agoText(system.uptimeSeconds)}` },
  ],
  settledBy: 'how the boot before ended: a journal that is kept on disk (/var/log/journal), the records of last(1), or the event log of the management controller',
  urgency: 'today',
  containment: ['Start the guests that did not come up by themselves.'],
  doNot: ['Do not clear the event log of the management controller before it has been read.'],
  mitigations: [findResetReason],
  references: ['last(1)', 'journalctl(1), -b', 'Linux Documentation/watchdog/watchdog-api.rst', 'Linux Documentation/admin-guide/pstore-blk.rst', 'pve-docs ha-manager.adoc, fencing'],
  examples: {
    supporting: [
      { name: 'the power went, half an hour ago', given: { system: justBooted, boots: broken, log: logOf() }, symptoms: ['rebooted'], expect: 'identified' },
      {
        name: 'a node that its watchdog reset',
        given: { system: justBooted, boots: { ...broken, loginsEndedCleanly: undefined, lastWords: ['watchdog-mux[812]: client watchdog expired - disable watchdog updates'] }, log: logOf() },
        symptoms: ['rebooted', 'guest-down'],
        expect: 'identified',
      },
      {
        name: 'a newer kernel names the reason',
        given: { system: justBooted, boots: { ...broken, source: 'wtmp' }, log: logOf([1, 'x86/amd: Previous system reset reason [0x08000800]: an uncorrected error caused a data fabric sync flood event']) },
        symptoms: ['rebooted'],
      },
      {
        name: 'the management controller saw the power go, by a clock of another zone',
        given: { system: justBooted, boots: broken, log: logOf(), controller: { events: [{ kind: 'power', secondsAgo: 9_000, text: '8 | 08/12/2026 | 03:42:00 | Power Supply #0x62 | Power Supply AC lost | Asserted' }] } },
        symptoms: ['rebooted'],
        expect: 'identified',
      },
      { name: 'a crash that left a record', given: { system: justBooted, boots: { ...broken, crashRecords: 2, recentCrashRecords: 2 } }, symptoms: ['rebooted'] },
    ],
    refuting: [
      { name: 'a planned reboot an hour ago', given: { system: justBooted, boots: { ...broken, previousBootEndedCleanly: true, loginsEndedCleanly: true }, log: logOf() }, symptoms: [], expect: 'ruled-out' },
      { name: 'a crash of last month', given: { system: { ...proxmoxHost, uptimeSeconds: 2_600_000 }, boots: { ...broken, crashRecords: 2 } }, symptoms: ['guest-down'], expect: 'ruled-out' },
      { name: 'nothing was kept of the boot before', given: { system: justBooted, boots: { source: 'none', bootsKnown: 1, crashRecords: 0 }, log: logOf() }, symptoms: [], expect: 'cannot-tell' },
      { name: 'a planned reboot whose journal was cut, and a crash record of last year', given: { system: justBooted, boots: { ...broken, loginsEndedCleanly: true, crashRecords: 4, recentCrashRecords: 0 }, log: logOf() }, symptoms: [], expect: 'not-a-cause' },
      { name: 'an orderly reboot that the kernel tells of', given: { system: justBooted, boots: { ...broken, previousBootEndedCleanly: true }, log: logOf([1, 'x86/amd: Previous system reset reason [0x00080800]: software wrote 0x6 to reset control register 0xCF9']) }, symptoms: [], expect: 'ruled-out' },
    ],
  },
});
