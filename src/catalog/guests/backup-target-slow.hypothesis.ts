import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import diskActivity from '../disk/disk-activity.fact.ts';
import { busy, during } from '../disk/disk-examples.ts';
import networkMounts from '../filesystem/network-mounts.probe.ts';
import { mountsOfServer } from '../filesystem/network-mounts.samples.ts';
import { percentText } from '../kernel/number-text.ts';
import backupProgress, { type RunningBackup } from './backup-progress.probe.ts';
import guestUsage from './guest-usage.fact.ts';
import { pressureOn, usageOf, usedBy } from './guests.samples.ts';
import proxmox from './proxmox.probe.ts';
import useFleecing from './use-fleecing.mitigation.ts';

const waitingPercent = 25;
const busyDiskPercent = 70;
const slowBytesPerSecond = 30 * 1024 ** 2;

type Progress = { readonly readBytesPerSecond?: number | undefined; readonly writeBytesPerSecond?: number | undefined };

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? 'an unknown rate' : `${(bytes / 1e6).toFixed(1)} MB/s`);

/** The target takes little, and most of what is read has to go there. Blocks that it has already need not be sent. */
function isSlow({ readBytesPerSecond, writeBytesPerSecond }: Progress): boolean {
  return writeBytesPerSecond !== undefined && readBytesPerSecond !== undefined && readBytesPerSecond < slowBytesPerSecond && writeBytesPerSecond >= 0.3 * readBytesPerSecond;
}

function running(more: Partial<RunningBackup> = {}): { backups: RunningBackup[] } {
  return { backups: [{ object: 'qemu/100', fleecing: false, percentDone: 12, readBytesPerSecond: 11e6, writeBytesPerSecond: 10e6, ...more }] };
}

const waits = usageOf(usedBy('qemu/100', { pressure: pressureOn({ io: { somePercent: 70, fullPercent: 60, someAvg60: 62, fullAvg60: 55 } }) }));
const idleDisks = during(busy('sda', 60, 2, 12), busy('sdb', 60, 2, 11));
const storages = { configMounted: true, nodeName: 'pve1', storages: [{ name: 'pbs', type: 'pbs', content: ['backup'], server: '192.0.2.30', nodes: [], disabled: false, shared: true, krbd: false }] };

export default defineHypothesis({
  id: 'backup-target-slow',
  subject: 'guests',
  proven: 'documentation',
  title: 'A guest waits for the slow target of its own backup',
  about: `While a running VM is backed up, a block that it wants to overwrite is first copied to the backup's target. When the target (a backup server, NFS, CIFS) or the way to it is slow, the guest's writes
wait for it, one after the other, although the host's own disks have hardly anything to do; it ends with the guest's own backup, and the next guest has it. With fleecing (Proxmox VE 8.2 and newer) the old blocks
go to a local image instead, and the guest no longer waits. Containers are read from a snapshot and do not wait.

To be sure by hand: the task log shows "read: … write: …" for each percent; \`cat /sys/fs/cgroup/qemu.slice/<vmid>.scope/io.pressure\` shows who waits; \`proxmox-backup-client benchmark\` or a copy to the target measures it.`,
  needs: { progress: backupProgress, usage: guestUsage, activity: diskActivity, mounts: optional(networkMounts), pve: proxmox },
  objects: ({ progress: { backups } }) => backups.filter((backup) => backup.object.startsWith('qemu/')),
  noObjects: 'no virtual machine is being backed up',
  prior: 1 / 30,
  explains: { 'guest-slow': 0.8, 'io-delay': 0.3, 'target-missing': 0.15 },
  evidence: [
    {
      outcome: ({ usage, activity: { devices } }, { object }) => {
        const pressure = usage.guests.find((one) => one.object === object)?.pressure;
        if (pressure === undefined) return 'not known';
        if (Math.min(pressure.io.somePercent, pressure.io.someAvg60 * 2) < waitingPercent) return 'does not wait';
        return devices.some((device) => device.kind === 'disk' && device.utilisationPercent >= busyDiskPercent) ? 'waits, disks busy' : 'waits for idle disks';
      },
      table: {
        'waits for idle disks': {
          ifCause: 0.85,
          otherwise: 0.006,
          decisive: true,
          says: ({ usage }, { object }) => `${object} waits for input and output ${percentText(usage.guests.find((one) => one.object === object)?.pressure?.io.somePercent ?? 0)} of the time while it is backed up, but no disk of the host is busy.`,
        },
        'waits, disks busy': { ifCause: 0.1, otherwise: 0.3, says: 'It waits for input and output, but so would anybody: the disks of the host are busy.' },
        'does not wait': { ifCause: 0.05, otherwise: 0.65, says: (_, { object }) => `${object} hardly waits for input and output.` },
      },
      group: 'waiting',
    },
    {
      when: (_, backup) => isSlow(backup),
      likelihood: { ifCause: 0.75, otherwise: 0.15 },
      says: (_, backup) => `Its backup goes on at ${megabytes(backup.readBytesPerSecond)}, of which ${megabytes(backup.writeBytesPerSecond)} are sent to the target.`,
      group: 'speed',
    },
    {
      when: ({ mounts }) => mounts !== undefined && (mounts.servers.some((one) => one.outcome !== 'answers' || (one.seconds ?? 0) >= 1) || mounts.transports.some((one) => one.pendingRequests >= 8)),
      likelihood: { ifCause: 0.4, otherwise: 0.04 },
      says: 'A server of network storage answers late, or has many requests before it.',
      group: 'server',
    },
    {
      when: ({ pve }) => pve.storages.some((one) => !one.disabled && one.content.includes('backup') && one.shared),
      likelihood: { ifCause: 0.9, otherwise: 0.6 },
      says: 'Backups can go over the network here.',
      group: 'target',
    },
  ],
  ruledOut: [{ when: (_, { fleecing }) => fleecing, says: (_, { object }) => `the backup of ${object} uses fleecing: the guest does not wait for the target` }],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['If the guest must work now, stop its backup by its task, and run it at night.'],
  doNot: ['Do not kill the process of the guest: its writes only wait.'],
  mitigations: [useFleecing],
  references: ['pve-docs vzdump.adoc (fleecing, bandwidth limit)', 'qemu docs/interop/live-block-operations'],
  examples: {
    supporting: [
      { name: 'a backup over a slow line, and idle disks', given: { progress: running(), usage: waits, activity: idleDisks, pve: storages }, object: 'qemu/100', symptoms: ['guest-slow'], expect: 'identified' },
      { name: 'a NFS server with many requests before it', given: { progress: running({ readBytesPerSecond: undefined, writeBytesPerSecond: undefined }), usage: waits, activity: idleDisks, mounts: { ...mountsOfServer('nas', { seconds: 3.2 }), transports: [{ mountPoint: '/mnt/pve/nas', pendingRequests: 40, timeouts: 0 }] } }, symptoms: ['guest-slow'] },
    ],
    refuting: [
      { name: 'no backup runs', given: { progress: { backups: [] }, usage: waits, activity: idleDisks }, expect: 'ruled-out' },
      { name: 'fleecing is on', given: { progress: running({ fleecing: true }), usage: waits, activity: idleDisks }, expect: 'ruled-out' },
      { name: 'the disks of the host are busy with the backup', given: { progress: running({ readBytesPerSecond: 180e6, writeBytesPerSecond: 90e6 }), usage: waits, activity: during(busy('sda', 900, 40, 99)), pve: storages } },
      { name: 'a slow backup that the guest does not feel', given: { progress: running(), usage: usageOf(usedBy('qemu/100')), activity: idleDisks, pve: storages } },
      { name: 'a container is backed up', given: { progress: running({ object: 'lxc/101' }), usage: waits, activity: idleDisks }, expect: 'ruled-out' },
    ],
  },
});
