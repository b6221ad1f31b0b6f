import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { seriesKey, seriesSchema } from '../../define/history.ts';
import { absent } from '../../define/result.ts';
import type { Series } from '../../define/series.ts';
import { optional } from '../../define/source.ts';
import proxmoxRrd from '../guests/proxmox-rrd.probe.ts';
import prometheusHistory from './prometheus-history.probe.ts';
import sysstatHistory from './sysstat-history.probe.ts';

const schema = z.object({
  /** One for each metric and set of labels, at most 400. Steps are finer towards the present, and gaps are gaps. */
  series: z.array(seriesSchema),
  /** Who has kept some of it. */
  keptBy: z.array(z.enum(['sysstat', 'proxmox', 'prometheus'])),
});
export type HostHistory = z.infer<typeof schema>;

const maxSeries = 400;

/** Of two that say the same, the one with more samples; it is not mixed, since its samples are averages over other times. */
function fuller(a: Series | undefined, b: Series): Series {
  return a === undefined || b.values.length > a.values.length ? b : a;
}

/** All that the host itself remembers of its course, in one list for finding out when trouble began. */
export default defineFact({
  id: 'history',
  title: 'What the host remembers of its course',
  needs: { sysstat: optional(sysstatHistory), proxmox: optional(proxmoxRrd), prometheus: optional(prometheusHistory) },
  schema,
  derive: ({ sysstat, proxmox, prometheus }) => {
    const byKey = new Map<string, Series>();
    for (const series of [...(proxmox?.series ?? []), ...(sysstat?.series ?? []), ...(prometheus?.series ?? [])]) {
      const key = seriesKey(series);
      if (series.values.length > 0 && (byKey.has(key) || byKey.size < maxSeries)) byKey.set(key, fuller(byKey.get(key), series));
    }
    if (byKey.size === 0) return absent('this host keeps no history of its own: neither sysstat nor Proxmox VE has recorded any, and no server was asked');
    return {
      series: [...byKey.values()],
      keptBy: [...(sysstat !== undefined && sysstat.series.length > 0 ? (['sysstat'] as const) : []), ...(proxmox !== undefined && proxmox.series.length > 0 ? (['proxmox'] as const) : []), ...(prometheus !== undefined && prometheus.series.length > 0 ? (['prometheus'] as const) : [])],
    };
  },
  examples: [
    {
      name: 'both remember the load: the one with more samples counts',
      given: {
        sysstat: { filesLeftOut: 0, cut: false, series: [{ metric: 'node_load1', labels: {}, timesMs: [600_000, 1_200_000], values: [1, 2] }, { metric: 'node_procs_blocked', labels: {}, timesMs: [600_000], values: [3] }] },
        proxmox: { complete: true, series: [{ metric: 'node_load1', labels: {}, timesMs: [1_200_000], values: [1.5] }] },
      },
      expect: { keptBy: ['sysstat', 'proxmox'], series: [{ metric: 'node_load1', timesMs: [600_000, 1_200_000], values: [1, 2] }, { metric: 'node_procs_blocked', values: [3] }] },
    },
    {
      name: 'the same metric of two disks are two series',
      given: { sysstat: { filesLeftOut: 0, cut: false, series: [{ metric: 'culprit_disk_await_seconds', labels: { device: 'sda' }, timesMs: [600_000], values: [1] }, { metric: 'culprit_disk_await_seconds', labels: { device: 'sdb' }, timesMs: [600_000], values: [2] }] } },
      expect: { keptBy: ['sysstat'], series: [{ labels: { device: 'sda' } }, { labels: { device: 'sdb' } }] },
    },
    { name: 'a host without any', given: {}, expect: absent('') },
    { name: 'files without samples', given: { sysstat: { filesLeftOut: 8, cut: false, series: [] } }, expect: absent('') },
  ],
});
