import type { Topology } from '../define/topology.ts';
import type { WatchSettings } from './settings.ts';

/** What stands on what, as the settings say. */
export function topologyOf(settings: Pick<WatchSettings, 'hosts' | 'shared'>): Topology {
  return {
    guests: settings.hosts.flatMap(({ name, runsOn }) => (runsOn === undefined ? [] : [{ host: name, runsOn: runsOn.host, object: runsOn.object }])),
    shared: settings.shared,
    standsOn: [],
  };
}
