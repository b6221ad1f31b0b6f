import { defineHypothesis } from '../../define/hypothesis.ts';
import cpuUsage from '../cpu/cpu-usage.fact.ts';
import { cpuUsage as usageOf, pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import mounts from '../filesystem/mounts.probe.ts';
import { countText, percentText } from '../kernel/number-text.ts';
import { optional } from '../../define/source.ts';
import operatingSystem from '../kernel/os.probe.ts';
import { isContainer } from '../kernel/container.ts';
import { proxmoxHost } from '../kernel/os.samples.ts';
import correctTheMeter from './correct-the-meter.mitigation.ts';
import ioUringWaiters from './io-uring-waiters.probe.ts';
import quietStorage from './quiet-storage.fact.ts';
import timedSyncedWrites from '../disk/timed-synced-writes.experiment.ts';

const high = (usage: { iowaitPercent: number }, pressure: { io: { somePercent: number } } | undefined): boolean => usage.iowaitPercent >= 10 || (pressure?.io.somePercent ?? 0) >= 30;

/** A file system over the network may be what is waited for, and no device of this host shows it. */
const overNetwork = /^(nfs4?|cifs|smb3|ceph|fuse\.(glusterfs|sshfs|ceph-fuse|s3fs|rclone)|glusterfs|9p|afs|virtiofs|lustre|beegfs)$/;

const mounted = (type: string) => ({ mounts: [{ device: 'x', mountPoint: '/mnt/x', type, options: [], superOptions: [], root: '/', deviceNumber: '0:1' }] });
const alarming = { usage: usageOf({ iowaitPercent: 42, idlePercent: 55, busyPercent: 3 }), pressure: pressureOf({ io: { somePercent: 99 } }) };
const quiet = { quiet: true, busy: [], busiestUtilisationPercent: 0.6, bytesPerSecond: 40_000 };
const waiters = { waiting: 4, processes: [{ pid: 1_207, name: 'kvm', waiting: 2 }, { pid: 1_310, name: 'kvm', waiting: 2 }], readable: 60 };
const noWaiters = { waiting: 0, processes: [], readable: 60 };

export default defineHypothesis({
  id: 'iowait-meter-wrong',
  subject: 'meter',
  proven: 'documentation',
  title: 'The IO delay is counted wrongly: nothing waits for a disk',
  about: `Since Linux 6.1.39 and 6.4.4 a thread that waits on an io_uring counts as waiting for I/O, also when it waits for nothing in particular. Virtual machines and some
databases keep such a thread at rest all day. IO delay and I/O pressure then show 40 % or 100 %, sometimes more, while no disk has anything to do. QEMU 10.2.1-1 of Proxmox VE
did so with idle guests.

Quick disks alone prove nothing: what lies above them may be slow. So all of it must hold: disks, device mapper, ZFS volumes and the threads between are quiet, nothing is
in uninterruptible sleep, those who wait are on an io_uring, and a timed write through the very storage that alarms is quick: \`fio --rw=randwrite --fsync=1\` with a file of its own
on the dataset in question, or \`dd if=/dev/zero of=<dataset>/probe bs=4k count=100 oflag=dsync\`.`,
  needs: { usage: cpuUsage, pressure: optional(pressureNow), storage: quietStorage, waiters: ioUringWaiters, mounts: optional(mounts), system: optional(operatingSystem) },
  prior: 1 / 300,
  explains: { 'io-delay': 0.9, 'high-load': 0.05 },
  evidence: [
    {
      outcome: ({ usage, pressure, storage, mounts: seen }) => {
        if (!high(usage, pressure) || !storage.quiet) return 'agrees';
        return seen === undefined || seen.mounts.some((mount) => overNetwork.test(mount.type)) ? 'quiet-here' : 'quiet';
      },
      table: {
        quiet: {
          ifCause: 0.6,
          otherwise: 0.005,
          says: ({ usage, storage }) => `IO delay is at ${percentText(usage.iowaitPercent)} while the busiest device works ${percentText(storage.busiestUtilisationPercent)} of the time, and no storage thread computes or hangs.`,
        },
        'quiet-here': {
          ifCause: 0.35,
          otherwise: 0.1,
          says: ({ usage }) => `IO delay is at ${percentText(usage.iowaitPercent)} while no device of this host has work; but storage over the network is mounted, and may be what is waited for.`,
        },
        agrees: { ifCause: 0.05, otherwise: 0.895, says: ({ storage }) => `The meter agrees with the rest: ${storage.busy[0] ?? 'the IO delay is low'}.` },
      },
    },
    {
      outcome: ({ waiters: seen }) => (seen.waiting > 0 ? 'waiting' : seen.readable > 0 ? 'none' : 'not-readable'),
      table: {
        waiting: {
          ifCause: 0.9,
          otherwise: 0.12,
          says: ({ waiters: seen }) => `${countText(seen.waiting, 'thread waits', 'threads wait')} on an io_uring, of ${seen.processes.slice(0, 5).map((process) => `${process.name} (${process.pid})`).join(', ')}.`,
        },
        none: { ifCause: 0.02, otherwise: 0.6, says: 'No virtual machine, database or other process waits on an io_uring.' },
        'not-readable': { ifCause: 0.08, otherwise: 0.28, says: 'No process was seen that waits on an io_uring; of the processes of others only root sees it.' },
      },
    },
  ],
  tested: [
    {
      experiment: timedSyncedWrites,
      about: () => ['host'],
      table: {
        'quick': { ifCause: 0.94, otherwise: 0.6 },
        'slow on some': { ifCause: 0.04, otherwise: 0.25 },
        'slow like all': { ifCause: 0.01, otherwise: 0.14 },
      },
    },
  ],
  ruledOut: [
    { when: ({ system }) => isContainer(system), says: 'this is a container: the meters tell of its whole host, and the disks of that host are not seen from here' },
    { when: ({ usage, pressure }) => usage.iowaitPercent < 5 && (pressure === undefined || pressure.io.somePercent < 15), says: 'the meter of IO delay shows little' },
    { when: ({ storage }) => !storage.quiet, says: ({ storage }) => `there is real work between programs and disks: ${storage.busy[0] ?? ''}` },
    { when: ({ waiters: seen }) => seen.readable > 0 && seen.waiting === 0, says: 'no virtual machine, database or other process waits on an io_uring' },
  ],
  broughtBy: ['kernel'],
  settledBy: 'a timed write through the storage that alarms',
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [correctTheMeter],
  references: ['Linux io_uring/io_uring.c: io_cqring_wait', 'pve-qemu 775e41b: IORING_ENTER_NO_IOWAIT'],
  examples: {
    supporting: [
      { name: 'the same, and synced writes are quick on every storage', given: { ...alarming, storage: quiet, waiters, mounts: mounted('ext4') }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'host', outcome: 'quick', says: '0.3 ms on all 2 storages' }] }], expect: 'suspected' },
      { name: 'idle guests of QEMU 10.2 on idle disks', given: { ...alarming, storage: quiet, waiters, mounts: mounted('ext4') }, expect: 'suspected' },
    ],
    refuting: [
      { name: 'quiet disks, guests on a network share, and slow commits on every storage', given: { ...alarming, storage: quiet, waiters, mounts: mounted('nfs4') }, found: [{ experiment: timedSyncedWrites, findings: [{ object: 'host', outcome: 'slow like all', says: '90 ms' }] }], symptoms: ['io-delay', 'guest-slow'], expect: 'not-a-cause' },
      { name: 'idle disks under ZFS threads that encrypt', given: { ...alarming, storage: { ...quiet, quiet: false, busy: ['z_wr_iss takes 97 % of a processor'] }, waiters }, expect: 'ruled-out' },
      { name: 'a backup that reads', given: { ...alarming, storage: { quiet: false, busy: ['sda is busy 98 % of the time'], busiestUtilisationPercent: 98, bytesPerSecond: 150_000_000 }, waiters }, expect: 'ruled-out' },
      { name: 'idle', given: { usage: usageOf(), pressure: pressureOf(), storage: quiet, waiters }, expect: 'ruled-out' },
      {
        name: 'a container, whose host works hard for others',
        given: { usage: usageOf(), pressure: pressureOf({ io: { somePercent: 85 } }), storage: quiet, waiters: { waiting: 0, processes: [], readable: 0 }, mounts: mounted('ext4'), system: { ...proxmoxHost, virtualization: 'lxc' } },
        symptoms: ['io-delay'],
        expect: 'ruled-out',
      },
      { name: 'guests whose disks lie on a network share', given: { ...alarming, storage: quiet, waiters, mounts: mounted('nfs4') }, symptoms: ['io-delay', 'guest-slow'], expect: 'not-a-cause' },
      { name: 'quiet disks, and nobody waits on an io_uring: something else is waited for', given: { ...alarming, storage: quiet, waiters: { waiting: 0, processes: [], readable: 0 }, mounts: mounted('ext4') }, symptoms: ['io-delay', 'high-load'], expect: 'not-a-cause' },
      { name: 'an ordinary user, who does not see what threads wait in', given: { ...alarming, storage: quiet, waiters: { waiting: 0, processes: [], readable: 0 } }, symptoms: ['io-delay'], expect: 'not-a-cause' },
      { name: 'waiting for a network share, nobody on an io_uring', given: { ...alarming, storage: quiet, waiters: noWaiters }, expect: 'ruled-out' },
    ],
  },
});
