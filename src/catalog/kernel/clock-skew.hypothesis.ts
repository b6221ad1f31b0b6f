import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import askingClock from './asking-clock.probe.ts';
import clock, { type Clock } from './clock.probe.ts';
import { isContainer } from './container.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost, virtualHost } from './os.samples.ts';
import synchroniseClock from './synchronise-clock.mitigation.ts';

/** Ceph warns from this difference between its monitors on (mon_clock_drift_allowed). */
const cephLimitSeconds = 0.05;
/** Far more than any healthy keeper of time leaves. */
const grossSeconds = 1;
/** The answer may have been on its way for some seconds, on a host with much to do for more. */
const askingLimitSeconds = 120;
/** After the start a service needs some minutes to trust its servers. */
const settledAfterSeconds = 3_600;
/** All time zones differ from universal time by multiples of a quarter of an hour. */
const zoneStepSeconds = 900;

const offsetText = (seconds: number): string => (seconds < 0.1 ? `${Math.round(seconds * 100_000) / 100} ms` : seconds < 120 ? `${Math.round(seconds * 100) / 100} seconds` : agoText(seconds));

/** When the running kernel was built, as `uname -v` of Debian and Proxmox has it: `(2026-07-02)`, `(2023-08-18T11:42Z)`. Seconds since 1970. */
function builtAt(kernelBuild: string): number | undefined {
  const [, year, month, day] = /\((\d{4})-(\d{2})-(\d{2})[T)]/.exec(kernelBuild.slice(0, 300)) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1_000;
}

function keeping({ synchronised, services, chronyLost }: Clock, uptimeSeconds: number): string {
  if (chronyLost) return uptimeSeconds < settledAfterSeconds ? 'too early' : 'unreached';
  if (synchronised === undefined) return 'unknown';
  if (synchronised) return 'kept';
  if (services.some((name) => name === 'openntpd' || name.startsWith('p'))) return 'unknown';
  if (services.length === 0) return 'nobody';
  return uptimeSeconds < settledAfterSeconds ? 'too early' : 'unreached';
}

/** How far the clock of the board differs, beyond what a time zone explains; `undefined` where that says nothing. */
function boardDifference({ boardClockAheadSeconds: ahead, synchronised }: Clock): number | undefined {
  if (ahead === undefined || synchronised !== false) return undefined;
  const rest = Math.abs(ahead) % zoneStepSeconds;
  return Math.abs(ahead) > 14 * 3_600 ? Math.abs(ahead) : Math.min(rest, zoneStepSeconds - rest);
}

/** Against the clock of the machine that asks: positive where the host is ahead. */
function aheadOf(asking: { readonly nowSeconds: number } | undefined, { nowSeconds }: Clock): number | undefined {
  return asking === undefined ? undefined : nowSeconds - asking.nowSeconds;
}

const kept: Clock = { nowSeconds: 1_795_400_100, boardClockAheadSeconds: 0, boardClockIsLocal: false, synchronised: true, services: ['chrony'], chronyLost: false, measured: { offsetSeconds: 0.000_2, by: 'chrony' } };
const unkept: Clock = { nowSeconds: 1_795_400_100, boardClockAheadSeconds: 2, boardClockIsLocal: false, synchronised: false, services: [], chronyLost: false };

export default defineHypothesis({
  id: 'clock-skew',
  subject: 'kernel',
  proven: 'documentation',
  title: 'The clock of the host is wrong',
  about: `A clock that nobody keeps in time runs away by seconds a week. Then one-time codes and tickets are refused, certificates seem expired or not yet valid, monitoring drops values "from the
future", timers and backups run at the wrong time, Ceph complains from ${cephLimitSeconds * 1_000} ms on, and logs of two hosts cannot be laid side by side. A cluster's own heartbeat does not depend on it.
The host itself knows only the difference to its time servers; without one, the machine that asks over ssh compares its own clock with the host's.

To be sure by hand: \`timedatectl\`, \`chronyc tracking\`, and \`date -u\` on this and on another machine at once.`,
  needs: { clock, asking: optional(askingClock), system: operatingSystem },
  prior: 1 / 300,
  explains: { 'target-missing': 0.2, 'backup-missed': 0.15, unreachable: 0.02, 'guest-down': 0.02 },
  evidence: [
    {
      outcome: ({ clock: { measured } }) => {
        if (measured === undefined) return 'not measured';
        if (measured.offsetSeconds >= grossSeconds) return 'gross';
        return measured.offsetSeconds >= cephLimitSeconds ? 'noticeable' : 'small';
      },
      table: {
        gross: { ifCause: 0.5, otherwise: 0.0003, decisive: true, says: ({ clock: { measured } }) => `${measured!.by} finds the clock off by ${offsetText(measured!.offsetSeconds)}.` },
        noticeable: { ifCause: 0.3, otherwise: 0.01, says: ({ clock: { measured } }) => `${measured!.by} finds the clock off by ${offsetText(measured!.offsetSeconds)}; Ceph bears ${cephLimitSeconds * 1_000} ms.` },
        small: { ifCause: 0.05, otherwise: 0.98, says: ({ clock: { measured } }) => `${measured!.by} finds the clock off by ${offsetText(measured!.offsetSeconds)} only.` },
      },
      excerpt: ({ clock: { measured } }) => (measured === undefined ? '' : `${measured.by}: ${measured.offsetSeconds} s`),
      group: 'measured',
    },
    {
      outcome: ({ clock: found, asking }) => {
        const ahead = aheadOf(asking, found);
        return ahead === undefined ? 'not compared' : Math.abs(ahead) >= askingLimitSeconds ? 'differs' : 'agrees';
      },
      table: {
        differs: {
          ifCause: 0.6,
          otherwise: 0.0005,
          decisive: true,
          says: ({ clock: found, asking }) => {
            const ahead = aheadOf(asking, found) ?? 0;
            return `The clock of this host is ${offsetText(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} that of the machine that asks.`;
          },
        },
        agrees: { ifCause: 0.3, otherwise: 0.99, says: `The clock agrees with that of the machine that asks, within ${askingLimitSeconds / 60} minutes.` },
      },
      excerpt: ({ clock: found, asking }) => `host ${found.nowSeconds}, asking machine ${asking?.nowSeconds ?? 'not known'}`,
      group: 'asking',
    },
    {
      when: ({ clock: { nowSeconds }, system }) => nowSeconds < (builtAt(system.kernelBuild) ?? 0),
      decisive: true,
      likelihood: { ifCause: 0.1, otherwise: 0.00001 },
      says: 'By its own clock the running kernel has not been built yet.',
      excerpt: ({ clock: { nowSeconds }, system }) => `now ${nowSeconds}, built ${builtAt(system.kernelBuild) ?? 0}: ${system.kernelBuild.slice(0, 100)}`,
      group: 'build',
    },
    {
      outcome: ({ clock: found, system }) => keeping(found, system.uptimeSeconds),
      table: {
        nobody: { ifCause: 0.45, otherwise: 0.05, says: 'No service keeps the clock in time.' },
        unreached: { ifCause: 0.35, otherwise: 0.03, says: ({ clock: { services } }) => `${services.join(', ') || 'chrony'} runs, but has no time server that it trusts.` },
        kept: { ifCause: 0.2, otherwise: 0.9, says: 'The kernel says that its clock is kept in time.' },
      },
      group: 'kept',
    },
    {
      outcome: ({ clock: found }) => {
        const difference = boardDifference(found);
        if (difference === undefined) return 'says nothing';
        return difference >= 60 ? 'differs' : 'agrees';
      },
      table: {
        differs: { ifCause: 0.35, otherwise: 0.05, says: ({ clock: found }) => `The clock of the board differs from the system's by ${offsetText(boardDifference(found)!)}, so one of the two is wrong.` },
        agrees: { ifCause: 0.65, otherwise: 0.95, says: 'The clock of the board agrees with that of the system.' },
      },
      excerpt: ({ clock: { boardClockAheadSeconds } }) => (boardClockAheadSeconds === undefined ? '' : `board ${boardClockAheadSeconds} s ahead`),
      group: 'board',
    },
  ],
  ruledOut: [
    { when: ({ system }) => isContainer(system), says: 'a container has the clock of its host' },
    {
      when: ({ clock: { measured, synchronised } }) => synchronised === true && measured !== undefined && measured.offsetSeconds < cephLimitSeconds,
      says: ({ clock: { measured } }) => `${measured!.by} keeps the clock, off by ${offsetText(measured!.offsetSeconds)} only`,
    },
  ],
  settledBy: 'the clock of another machine: `date -u` on both at once',
  urgency: 'window',
  dataAtRisk: false,
  doNot: ['Do not step the clock of one node of a Ceph cluster alone: bring all to the same servers.'],
  mitigations: [synchroniseClock],
  references: ['timedatectl(1)', 'chronyc(1), tracking', 'adjtimex(2), STA_UNSYNC', 'pve-docs system-timesync.adoc', 'Ceph documentation, mon_clock_drift_allowed'],
  examples: {
    supporting: [
      { name: 'two minutes off, says the service that catches up', given: { clock: { ...kept, synchronised: false, measured: { offsetSeconds: 123.5, by: 'systemd-timesyncd' } }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'identified' },
      { name: 'the battery was empty: the clock stands before the kernel was built', given: { clock: { ...unkept, nowSeconds: 1_577_836_900, boardClockAheadSeconds: 0 }, system: proxmoxHost }, symptoms: ['backup-missed'], expect: 'identified' },
      { name: 'nobody keeps it, and it is a month ahead of the machine that asks', given: { clock: unkept, asking: { nowSeconds: 1_795_400_100 - 31 * 86_400 }, system: proxmoxHost }, symptoms: ['backup-missed'], expect: 'identified' },
      { name: 'an hour behind the machine that asks, though a service runs', given: { clock: { ...unkept, services: ['systemd-timesyncd'] }, asking: { nowSeconds: 1_795_400_100 + 3_600 }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'identified' },
    ],
    refuting: [
      { name: 'the machine that asks is wrong: chrony keeps this clock', given: { clock: kept, asking: { nowSeconds: 1_795_400_100 - 86_400 }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'ruled-out' },
      { name: 'nobody keeps it, but it agrees within seconds, as far as a busy host can tell', given: { clock: unkept, asking: { nowSeconds: 1_795_400_130 }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'not-a-cause' },
      { name: 'chrony keeps it', given: { clock: kept, system: proxmoxHost }, expect: 'ruled-out' },
      { name: 'nobody keeps it, and nothing else speaks for it', given: { clock: unkept, system: virtualHost }, symptoms: ['target-missing'], expect: 'not-a-cause' },
      { name: 'just started: no server is trusted yet', given: { clock: { ...unkept, services: ['chrony'], chronyLost: true }, system: { ...proxmoxHost, uptimeSeconds: 90 } }, symptoms: [], expect: 'not-a-cause' },
      { name: 'a board clock in local time', given: { clock: { ...unkept, boardClockAheadSeconds: 7_201, boardClockIsLocal: true }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'not-a-cause' },
      { name: 'a wrong board clock below a kept one', given: { clock: { ...kept, boardClockAheadSeconds: -400_000 }, system: proxmoxHost }, symptoms: ['target-missing'], expect: 'ruled-out' },
      { name: 'openntpd does not set the mark of the kernel', given: { clock: { ...unkept, services: ['openntpd'] }, system: proxmoxHost }, symptoms: [], expect: 'not-a-cause' },
      { name: 'a container', given: { clock: unkept, system: { ...virtualHost, virtualization: 'lxc' } }, expect: 'ruled-out' },
    ],
  },
});
