import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import blockedTasks from '../kernel/blocked-tasks.probe.ts';
import networkEvents from '../network/network-events.fact.ts';
import { eventsOf } from '../network/network-events.samples.ts';
import { hourSeconds, lastText } from '../network/recent.ts';
import networkMounts, { type NetworkMounts } from './network-mounts.probe.ts';
import { mountsOfServer, waitingFor } from './network-mounts.samples.ts';
import restoreStorageServer from './restore-storage-server.mitigation.ts';
import networkPaths from '../network/network-paths.experiment.ts';

interface Server {
  readonly object: string;
  readonly server: string;
  readonly seen: NetworkMounts['servers'][number] | undefined;
  readonly points: readonly string[];
}

function servers({ mounts, servers: asked }: NetworkMounts): Server[] {
  const names = [...new Set(mounts.map(({ server }) => server))];
  return names.map((server) => ({
    object: `storage/${server}`,
    server,
    seen: asked.find((one) => one.server === server),
    points: mounts.filter((mount) => mount.server === server).map(({ mountPoint }) => mountPoint),
  }));
}

/** Kernel functions in which a thread waits for a network file system. */
const waitingPlaces = /^(rpc_wait|__rpc_|nfs_|nfs4_|cifs_|smb2_|wait_for_response|compound_send_recv|ceph_|ceph_mdsc|request_wait_answer)/;

export default defineHypothesis({
  id: 'network-storage-unreachable',
  subject: 'filesystem',
  proven: 'documentation',
  title: 'A storage server in the network does not answer',
  about: `A file system mounted over the network (NFS, CIFS, CephFS) waits for a server that gives no answer. With NFS's usual \`hard\` mounts every process that touches it waits without
end in state D: the load rises without CPU use, \`pvestatd\` and the storage view hang, guests whose disks lie there stop, and \`df\` never returns.
To be sure by hand: \`timeout -s KILL 5 stat -f <mount point>\`, and \`dmesg | grep 'not responding'\`. A server that is only slow answers in the end.`,
  needs: { storage: networkMounts, events: networkEvents, blocked: optional(blockedTasks) },
  objects: ({ storage }) => servers(storage),
  noObjects: 'no network file system is mounted',
  prior: 1 / 100,
  explains: { 'storage-down': 0.98, 'high-load': 0.6, 'io-delay': 0.15, 'target-missing': 0.2, 'guest-down': 0.3, 'guest-slow': 0.4, 'backup-missed': 0.5, 'errors-logged': 0.5 },
  evidence: [
    {
      outcome: (_, { seen }) => {
        if (seen === undefined) return 'not-known';
        if (seen.outcome === 'answers') return (seen.seconds ?? 0) >= 2 ? 'slow' : 'answers';
        return seen.outcome;
      },
      table: {
        hangs: {
          ifCause: 0.4,
          otherwise: 0.001,
          decisive: true,
          says: (_, { server, points }) => `${server} gave no answer for ${points[0]} within five seconds.`,
        },
        stuck: {
          ifCause: 0.15,
          otherwise: 0.0005,
          decisive: true,
          says: (_, { server, points }) => `The question to ${server} about ${points[0]} hangs and cannot even be withdrawn.`,
        },
        'not-asked': {
          ifCause: 0.4,
          otherwise: 0.001,
          decisive: true,
          says: (_, { server }) => `The kernel reports that ${server} is not responding, and nothing later from it.`,
        },
        fails: { ifCause: 0.15, otherwise: 0.01, says: (_, { server, seen }) => `Asking ${server} ends with an error: ${seen?.says.slice(0, 120) ?? ''}` },
        slow: { ifCause: 0.1, otherwise: 0.03, says: (_, { server, seen }) => `${server} took ${seen?.seconds ?? 0} s to answer.` },
        answers: { ifCause: 0.01, otherwise: 0.95, says: (_, { server, seen }) => `${server} answers within ${(seen?.seconds ?? 0).toFixed(2)} s.` },
      },
      excerpt: (_, { seen }) => `${seen?.mountPoint ?? ''} ${seen?.outcome ?? ''} ${seen?.says ?? ''}`,
      group: 'server',
    },
    {
      when: ({ events }, { server }) => {
        const last = events.events.findLast(({ kind, name }) => name === server && (kind === 'transport-silent' || kind === 'transport-back'));
        return last?.kind === 'transport-silent' && (last.secondsAgo ?? Number.POSITIVE_INFINITY) < hourSeconds;
      },
      likelihood: { ifCause: 0.6, otherwise: 0.003 },
      says: (_, { server }) => `Within the last hour the kernel log says that ${server} does not respond, and nothing later from it.`,
      excerpt: ({ events }, { server }) => lastText(events.events, 'transport-silent', server),
      group: 'server',
    },
    {
      when: ({ blocked }) => (blocked?.tasks ?? []).filter(({ waitsIn, stack }) => [waitsIn ?? '', ...stack.slice(0, 4)].some((place) => waitingPlaces.test(place))).length >= 2,
      likelihood: { ifCause: 0.5, otherwise: 0.03 },
      says: 'Several threads wait in the kernel for a network file system.',
      group: 'waiting threads',
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      about: (_, { object }) => [object],
      table: {
        'a storage server does not answer': { ifCause: 0.75, otherwise: 0.01, decisive: true },
        'packets are lost': { ifCause: 0.1, otherwise: 0.02 },
        'all paths are well': { ifCause: 0.15, otherwise: 0.96 },
      },
    },
  ],
  mechanisms: ['hung-tasks'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Disable the storage in Proxmox VE, so that no further process touches it: `pvesm set <storage> --disable 1`.'],
  doNot: ['Do not run `df`, `ls` or `pvesm status` again and again: each hangs and stays.', 'Do not reboot first: the shutdown waits for the same server.'],
  mitigations: [restoreStorageServer],
  references: ['nfs(5), hard and soft', 'kernel net/sunrpc/clnt.c, "server %s not responding"', 'mount.cifs(8)'],
  examples: {
    supporting: [
      {
        name: 'asking takes long, and its port is silent',
        given: { storage: mountsOfServer('nas', { outcome: 'answers', seconds: 3 }), events: { events: eventsOf('transport-silent', 'nas', [600]), complete: true } },
        found: [{ experiment: networkPaths, findings: [{ object: 'storage/nas', outcome: 'a storage server does not answer', says: 'The storage server nas: no ping answered, no answer on port 2049.' }] }],
        object: 'storage/nas',
        symptoms: ['high-load', 'errors-logged'],
        expect: 'identified',
      },
      {
        name: 'the NFS server is gone, processes pile up',
        given: {
          storage: mountsOfServer('nas', { outcome: 'hangs', seconds: 5.1 }),
          events: { events: [], complete: true },
          blocked: waitingFor('rpc_wait_bit_killable', 12),
        },
        object: 'storage/nas',
        symptoms: ['high-load'],
        expect: 'identified',
      },
      {
        name: 'the kernel has said so, nothing was asked',
        given: {
          storage: mountsOfServer('nas', { outcome: 'not-asked', says: 'the kernel log says that it is not responding' }),
          events: { events: eventsOf('transport-silent', 'nas', [600]), complete: true },
        },
        symptoms: ['high-load', 'errors-logged'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'it answers, two threads wait for a moment, and it was silent last week',
        given: {
          storage: mountsOfServer('nas', { outcome: 'answers', seconds: 0.02 }),
          events: { events: [...eventsOf('transport-silent', 'nas', [600_000]), ...eventsOf('transport-back', 'nas', [599_900])], complete: true },
          blocked: waitingFor('rpc_wait_bit_killable', 2),
        },
      },
      {
        name: 'a handle that is not valid any more',
        given: { storage: mountsOfServer('nas', { outcome: 'fails', says: 'Stale file handle' }), events: { events: [], complete: true } },
        symptoms: ['high-load'],
      },
      { name: 'a slow one', given: { storage: mountsOfServer('nas', { outcome: 'answers', seconds: 3 }), events: { events: [], complete: true } }, symptoms: ['high-load'] },
    ],
  },
});
