import { defineHypothesis } from '../../define/hypothesis.ts';
import busiestDatasets from './busiest-datasets.fact.ts';
import datasetProperties from './dataset-properties.experiment.ts';
import { busiestIs, copied, triedProperties } from './experiment-findings.samples.ts';
import imageCopy from './image-copy.experiment.ts';
import { isTried } from './property-trials.ts';
import { optional } from '../../define/source.ts';
import memoryInfo from '../memory/memory-info.probe.ts';
import turnDedupOff from './turn-dedup-off.mitigation.ts';
import zfsArc from './zfs-arc.probe.ts';
import zfsDedupTables from './zfs-dedup-tables.probe.ts';

const mib = 1024 ** 2;

const arc = {
  sizeBytes: 4e9,
  targetBytes: 4e9,
  minBytes: 1e9,
  maxBytes: 4 * 1024 * mib,
  hits: 1,
  misses: 1,
  memoryThrottles: 0,
};
const cache = { first: arc, second: arc, intervalSeconds: 4 };

export default defineHypothesis({
  id: 'zfs-dedup',
  subject: 'zfs',
  proven: 'documentation',
  title: 'The deduplication table of a pool does not fit into memory',
  about: `With deduplication every block written or deleted is looked up in a table of all blocks. As soon as that table is larger than what the cache can hold, each of these
look-ups reads from disk at random, and writes, deletes and imports crawl. \`zpool status -D\` shows the number of entries; count about 320 bytes of memory for each. Turning deduplication off
stops the growth, but the table shrinks only as the data is rewritten.`,
  needs: { tables: zfsDedupTables, arc: zfsArc, memory: optional(memoryInfo), busiest: optional(busiestDatasets) },
  objects: ({ tables: { tables } }) => tables.map((table) => ({ ...table, object: `storage/${table.pool}`, tableBytes: table.entries * table.entryBytes })),
  noObjects: 'no pool has a deduplication table',
  prior: 1 / 300,
  explains: { 'io-delay': 0.7, 'disk-latency': 0.5, 'high-load': 0.4, 'guest-slow': 0.5, 'memory-pressure': 0.2 },
  evidence: [
    {
      outcome: ({ arc: { second } }, { tableBytes }) =>
        tableBytes > second.maxBytes / 2 ? 'does not fit' : tableBytes > second.maxBytes / 4 ? 'crowds' : tableBytes > second.maxBytes / 20 ? 'large' : 'small',
      table: {
        'does not fit': {
          ifCause: 0.73,
          otherwise: 0.0008,
          decisive: true,
          says: ({ arc: { second } }, { pool, entries, tableBytes }) =>
            `The deduplication table of pool ${pool} has ${entries} entries, ${(tableBytes / mib).toFixed(0)} MiB in memory; the cache may hold ${(second.maxBytes / mib).toFixed(0)} MiB in all, of which metadata gets a part.`,
        },
        crowds: {
          ifCause: 0.2,
          otherwise: 0.01,
          says: ({ arc: { second } }, { pool, tableBytes }) =>
            `The deduplication table of pool ${pool} takes ${(tableBytes / mib).toFixed(0)} MiB of memory, and the cache may hold ${(second.maxBytes / mib).toFixed(0)} MiB in all: it may crowd out other metadata.`,
        },
        large: {
          ifCause: 0.05,
          otherwise: 0.05,
          says: (_, { pool, tableBytes }) => `The deduplication table of pool ${pool} takes ${(tableBytes / mib).toFixed(0)} MiB of memory.`,
        },
        small: { ifCause: 0.02, otherwise: 0.9, says: 'the deduplication table fits easily into the cache' },
      },
    },
  ],
  tested: [
    {
      experiment: datasetProperties,
      about: ({ busiest }, { object }) => (isTried(busiest, object, ['dedup']) ? [object] : []),
      table: {
        'deduplication costs much': { ifCause: 0.85, otherwise: 0.3 },
        'no property costs much': { ifCause: 0.08, otherwise: 0.5 },
      },
    },
    {
      // What is only made durable at once may be looked up in the table later: a quick copy tells nothing.
      experiment: imageCopy,
      about: ({ busiest }, { object }) => (isTried(busiest, object, ['dedup']) ? [object] : []),
      table: {
        'slow only with the properties of the dataset': { ifCause: 0.75, otherwise: 0.25 },
      },
    },
  ],
  broughtBy: ['storage-settings'],
  mechanisms: ['zfs-txg-stalled', 'disk-saturated'],
  urgency: 'today',
  dataAtRisk: false,
  containment: ['Do not delete much data at once: each deleted block costs a look-up.'],
  mitigations: [turnDedupOff],
  references: ['openzfs-docs Deduplication', 'zpool-status(8) -D'],
  examples: {
    supporting: [
      {
        name: 'a table that does not fit, and writing with deduplication takes many times as long as without',
        given: { tables: { tables: [{ pool: 'tank', entries: 20e6, entryBytes: 320 }] }, arc: cache, busiest: busiestIs({ dedup: 'on' }) },
        found: [triedProperties('deduplication costs much'), copied('slow only with the properties of the dataset')],
        object: 'storage/tank',
        expect: 'identified',
      },
      {
        name: '20 million entries on a host with a 4 GiB cache',
        given: { tables: { tables: [{ pool: 'tank', entries: 20e6, entryBytes: 320 }] }, arc: cache },
        object: 'storage/tank',
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'a table that crowds the cache, but deduplication costs next to nothing',
        given: { tables: { tables: [{ pool: 'tank', entries: 4_500_000, entryBytes: 320 }] }, arc: cache, busiest: busiestIs({ dedup: 'on' }) },
        found: [triedProperties('no property costs much')],
      },
      { name: 'no deduplication', given: { tables: { tables: [] }, arc: cache }, expect: 'ruled-out' },
      {
        name: 'a table that takes a third of the cache fits, and a scrub makes the delay',
        given: { tables: { tables: [{ pool: 'tank', entries: 4_500_000, entryBytes: 320 }] }, arc: cache },
        symptoms: ['io-delay'],
      },
      { name: 'a small table', given: { tables: { tables: [{ pool: 'tank', entries: 100_000, entryBytes: 320 }] }, arc: cache }, expect: 'not-a-cause' },
    ],
  },
});
