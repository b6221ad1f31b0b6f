import { defineExperiment } from '../../define/experiment.ts';
import { absent, unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import networkMounts from '../filesystem/network-mounts.probe.ts';
import gateway from './gateway.probe.ts';
import nameResolution from './name-resolution.probe.ts';
import { findingsOf } from './network-paths-judge.ts';
import { networkPathsScript, plainName, smallPings } from './network-paths-script.ts';
import { networkPathsSamples } from './network-paths.samples.ts';
import { waysOf } from './network-paths-text.ts';

/** All that this host depends on in its network, asked at the same time. */
export default defineExperiment({
  id: 'network-paths',
  title: 'The ways to gateway, storage servers, cluster members and name servers',
  subject: 'network',
  about: `Sends ${smallPings} small and some full-size packets to each of at most ten machines that this host depends on, connects to the services there, and looks up the names that it uses, all at the same time. It
tells packets that are lost from large ones that do not pass, from a server that is gone, and from slow names. Who answers no ping at all proves nothing; and since a router may answer sparingly, lost pings to it count little unless
connections are late or other machines lose packets, too.`,
  needs: { gateway: optional(gateway), names: optional(nameResolution), mounts: optional(networkMounts) },
  risk: 'read-only',
  costSeconds: 14,
  costBytes: 0,
  limitSeconds: 45,
  differs: ['the machine that is asked', 'the size of the packets'],
  objects: ({ gateway: way, names, mounts }) => {
    const servers = [...new Set((mounts?.mounts ?? []).map(({ server }) => `storage/${server}`))];
    return way === undefined && (names?.nameservers ?? []).length === 0 && servers.length === 0 ? [] : ['host', ...servers];
  },
  refusals: () => [],
  sh: ({ names }) => networkPathsScript((names?.lookups ?? []).map(({ name }) => name).filter((name) => plainName.test(name)).slice(0, 2)),
  abortWhen: () => [],
  cleanUp: () => ':',
  parse: (stdout) => {
    const ways = waysOf(stdout);
    if (ways === undefined) return unparsable('the answer does not reach its end');
    const findings = findingsOf(ways);
    return findings.length > 0 ? { findings } : absent('nobody that this host depends on could be asked');
  },
  outcomes: {
    'packets are lost': 0.005,
    'only pings to a router are lost': 0.015,
    'large packets do not pass': 0.01,
    'a storage server does not answer': 0.01,
    'names are slow': 0.01,
    'all paths are well': 0.95,
  },
  examples: networkPathsSamples,
});
