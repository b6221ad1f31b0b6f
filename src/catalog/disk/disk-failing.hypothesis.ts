import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import diskComparison from './disk-comparison.fact.ts';
import { healthOfDisk as health, disk, logged, nothingLogged, nvmeDisk, twoDisks } from './disk-examples.ts';
import diskHealth, { type DiskHealth } from './disk-health.fact.ts';
import { byName } from './disk-limits.ts';
import diskLog, { countEvents } from './disk-log.fact.ts';
import disks, { type Disk } from './disks.fact.ts';
import limitErrorRecovery from './limit-error-recovery.mitigation.ts';
import replaceDisk from './replace-disk.mitigation.ts';
import takeDiskOffline from './take-disk-offline.mitigation.ts';
import timedReadsByTurns from './timed-reads-by-turns.experiment.ts';

/** NVMe critical warnings that mean the disk itself gives out: unreliable, read-only, buffer unsafe, persistent memory. */
const failingBits = 4 | 8 | 16 | 32;

function ownVerdict(own: DiskHealth | undefined): string {
  if (own === undefined || own.sleeping) return 'not read';
  if ((own.criticalWarning & failingBits) !== 0 || (own.passed === false && own.criticalWarning === 0) || own.failingAttributes.length > 0) return 'failing';
  if (own.silent) return 'silent';
  return own.passed === true ? 'passed' : 'not read';
}

function sectors(own: DiskHealth | undefined): string {
  if (own === undefined || own.sleeping || own.silent) return 'not read';
  if (own.pendingSectors >= 8 || own.grownDefects >= 100 || own.reallocatedSectors >= 500) return 'many';
  return own.pendingSectors > 0 || own.reallocatedSectors >= 50 || own.uncorrectedErrors > 0 || own.mediaErrors > 0 ? 'some' : 'none';
}

export default defineHypothesis({
  id: 'disk-failing',
  subject: 'disk',
  proven: 'documentation',
  title: 'A disk is failing',
  about: `The disk says so itself (SMART health check, NVMe critical warning), or it can no longer read sectors: pending sectors, errors in its own log, "critical medium
error" or "UNC" in the kernel's log, a failed self-test. Each bad sector can hold up everything for seconds while the disk tries again, so it is felt before anything is lost.

What is old and does not grow is no failure: a few replaced sectors, an error logged years ago, cable errors (attribute 199). Attribute 197 of the Crucial MX500 goes
to 1 and back by itself.

To be sure by hand: \`smartctl -x /dev/<disk>\`, then \`smartctl -t long /dev/<disk>\` and its result hours later; \`zpool status -v\` shows whether data is affected.`,
  needs: { disks, health: diskHealth, log: diskLog, pace: optional(diskComparison) },
  objects: ({ disks: { disks: list } }) => list,
  noObjects: 'this host shows no disk of its own',
  prior: 1 / 150,
  explains: { 'device-warning': 0.95, 'io-delay': 0.25, 'disk-latency': 0.3, 'errors-logged': 0.35, 'data-errors': 0.15, 'redundancy-lost': 0.15, 'guest-slow': 0.2 },
  evidence: [
    {
      outcome: ({ health: { disks: list } }, disk: Disk) => ownVerdict(byName(list, disk)),
      table: {
        failing: {
          ifCause: 0.5,
          otherwise: 0.0003,
          decisive: true,
          says: ({ health: { disks: list } }, disk) => {
            const own = byName(list, disk);
            const bits = own?.criticalWarning ?? 0;
            return bits > 0 ? `The disk reports the critical warning ${bits}: ${disk.label}.` : `The disk itself expects to fail (SMART): ${disk.label}.`;
          },
        },
        silent: { ifCause: 0.2, otherwise: 0.001, says: (_, disk) => `The disk gave no answer when it was asked for its health, or the kernel has given it up: ${disk.label}.` },
        passed: { ifCause: 0.5, otherwise: 0.98, says: 'The disk passes its own health check.' },
      },
      group: 'smart',
    },
    {
      outcome: ({ health: { disks: list } }, disk) => sectors(byName(list, disk)),
      table: {
        many: {
          ifCause: 0.25,
          otherwise: 0.003,
          says: ({ health: { disks: list } }, disk) => {
            const own = byName(list, disk);
            return `${own?.pendingSectors} sectors cannot be read at present, ${(own?.reallocatedSectors ?? 0) + (own?.grownDefects ?? 0)} have been replaced.`;
          },
        },
        some: { ifCause: 0.25, otherwise: 0.06, says: 'A few sectors are bad or have been replaced.' },
        none: { ifCause: 0.5, otherwise: 0.93, says: 'No sector is waiting to be replaced.' },
      },
      group: 'smart',
      excerpt: ({ health: { disks: list } }, disk) => `pending ${byName(list, disk)?.pendingSectors}, reallocated ${byName(list, disk)?.reallocatedSectors}, media errors ${byName(list, disk)?.mediaErrors}`,
    },
    {
      outcome: ({ health: { disks: list } }, disk) => {
        const own = byName(list, disk);
        if (own === undefined || own.sleeping || own.silent) return 'not read';
        return own.recentErrors > 0 ? 'errors' : own.selfTestFailed ? 'self-test' : 'none';
      },
      table: {
        errors: {
          ifCause: 0.25,
          otherwise: 0.0005,
          decisive: true,
          says: ({ health: { disks: list } }, disk) => `The disk logged unreadable sectors within its last 24 hours of work (${byName(list, disk)?.lastError ?? 'no text'}).`,
        },
        'self-test': { ifCause: 0.1, otherwise: 0.0003, decisive: true, says: 'Its last self-test, within a month of work, ended in an error.' },
        none: { ifCause: 0.65, otherwise: 0.9992, says: 'Its own log has no fresh errors, and no self-test failed within a month of work.' },
      },
      group: 'smart',
    },
    {
      outcome: ({ log }, disk) => {
        const media = countEvents(byName(log.disks, disk), ['medium-error']);
        if (media.today > 0) return 'fresh';
        return media.count > 0 ? 'old' : log.complete ? 'none' : 'not covered';
      },
      table: {
        fresh: {
          ifCause: 0.4,
          otherwise: 0.0003,
          decisive: true,
          says: ({ log }, disk) => `The kernel could not read sectors of ${disk.label}: ${countEvents(byName(log.disks, disk), ['medium-error']).today} times within the last 24 hours.`,
        },
        old: { ifCause: 0.05, otherwise: 0.015, says: 'The kernel could not read sectors of it, more than a day ago.' },
        none: { ifCause: 0.55, otherwise: 0.98, says: 'The kernel has met no unreadable sector on it since boot.' },
      },
      group: 'log',
      excerpt: ({ log }, disk) => countEvents(byName(log.disks, disk), ['medium-error']).last?.lastText ?? '',
    },
    {
      when: ({ disks: { disks: list } }, disk) => (byName(list, disk)?.uses ?? []).some((use) => use.errors > 0),
      likelihood: { ifCause: 0.25, otherwise: 0.008 },
      says: ({ disks: { disks: list } }, disk) => `Its pool counts ${byName(list, disk)?.uses[0]?.errors ?? 'some'} failed reads and writes on it.`,
      group: 'pool',
    },
    {
      when: ({ pace }, disk) => byName(pace?.disks ?? [], disk)?.unlikeSiblings === true,
      likelihood: { ifCause: 0.2, otherwise: 0.004 },
      says: 'It is at least five times as slow as its siblings.',
      group: 'pace',
    },
  ],
  tested: [
    {
      experiment: timedReadsByTurns,
      about: (_, { object }) => [object],
      table: {
        'slow with little to do': { ifCause: 0.12, otherwise: 0.006 },
        'unlike its siblings': { ifCause: 0.12, otherwise: 0.004 },
        'quick': { ifCause: 0.36, otherwise: 0.92 },
        'no answer': { ifCause: 0.08, otherwise: 0.002 },
        'a read failed': { ifCause: 0.3, otherwise: 0.003 },
      },
    },
  ],
  mechanisms: ['zfs-txg-stalled', 'hung-tasks'],
  urgency: 'today',
  dataAtRisk: true,
  containment: ['Make sure that the last backup is complete and off this host before anything else.'],
  doNot: ['Do not pull a disk by its kernel name: names such as sdb change; go by the serial number.', 'Do not start a scrub or a long self-test before there is a backup: it may be the last strain.'],
  mitigations: [replaceDisk, takeDiskOffline, limitErrorRecovery],
  references: ['smartctl(8)', 'NVM Express base specification, SMART / Health Information log', 'smartmontools ticket 1227'],
  examples: {
    supporting: [
      { name: 'a replaced sector more each day, and now a read fails', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { pendingSectors: 8 }), health('sdb')] }, log: nothingLogged }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'a read failed', says: '1 of 13 small reads failed' }] }], object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['device-warning'] },
      { name: 'SMART expects a failure', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { passed: false, reallocatedSectors: 1_984 }), health('sdb')] }, log: nothingLogged }, object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', symptoms: ['device-warning'], expect: 'identified' },
      { name: 'SMART passes, but sectors cannot be read', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { pendingSectors: 24 }), health('sdb')] }, log: { complete: true, disks: [logged('sda', ['medium-error', 6, 900, 'critical medium error, dev sda, sector 123456'])] } }, symptoms: ['device-warning', 'errors-logged'], expect: 'identified' },
      { name: 'an NVMe disk that turned read-only', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { passed: false, criticalWarning: 8, mediaErrors: 40 })] }, log: nothingLogged }, symptoms: ['device-warning'], expect: 'identified' },
      { name: 'a disk without SMART in a virtual machine whose sectors cannot be read', given: { disks: { disks: [disk('vdb', { kind: 'virtual' })] }, log: { complete: true, disks: [logged('vdb', ['medium-error', 12, 60])] } }, symptoms: ['errors-logged', 'io-delay'] },
      {
        name: 'a disk that gives no answer at all',
        given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { passed: undefined, silent: true }), health('sdb')] }, log: nothingLogged },
        symptoms: ['device-warning'],
        expect: 'suspected',
      },
    ],
    refuting: [
      { name: 'nothing but reads by turns that are quick', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { reallocatedSectors: 16 })] }, log: nothingLogged }, found: [{ experiment: timedReadsByTurns, findings: [{ object: 'disk/ata-WDC_WD40EFRX-68N32N0_WD-A', outcome: 'quick', says: '9 ms' }] }] },
      { name: 'old cable errors and a few replaced sectors', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { cableErrors: 1_204, reallocatedSectors: 16 }), health('sdb')] }, log: nothingLogged } },
      { name: 'an NVMe disk that reports no spare blocks and no threshold', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { availableSparePercent: 0, spareThresholdPercent: 0 })] }, log: nothingLogged } },
      { name: 'an NVMe disk that is too hot', given: { disks: { disks: [nvmeDisk('nvme0n1')] }, health: { disks: [health('nvme0n1', { passed: false, criticalWarning: 2, temperatureCelsius: 84 })] }, log: nothingLogged } },
      { name: 'one replaced sector and an unreadable one last month', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { reallocatedSectors: 8 }), health('sdb')] }, log: { complete: true, disks: [logged('sda', ['medium-error', 1, 2_600_000])] } } },
      { name: 'a disk that sleeps', given: { disks: { disks: twoDisks }, health: { disks: [health('sda', { passed: undefined, sleeping: true })] }, log: nothingLogged } },
    ],
  },
});
