import type { BusiestDataset } from './busiest-datasets.fact.ts';
import datasetProperties from './dataset-properties.experiment.ts';
import imageCopy from './image-copy.experiment.ts';

/** What the experiments found on the pool `tank`, as examples of hypotheses give it. */
export function copied(outcome: string) {
  return { experiment: imageCopy, findings: [{ object: 'storage/tank', outcome, says: `An image was copied: ${outcome}.` }] };
}
export function triedProperties(outcome: string) {
  return { experiment: datasetProperties, findings: [{ object: 'storage/tank', outcome, says: `Properties were tried one at a time: ${outcome}.` }] };
}

/** The dataset of `tank` that most is written to: with ZFS's defaults, but for what is given. */
export function busiestIs(more: Partial<BusiestDataset> = {}): { pools: BusiestDataset[] } {
  const plain = { object: 'storage/tank', pool: 'tank', name: 'tank/vm-100-disk-0', type: 'volume', blockSizeBytes: 16_384, compression: 'on', sync: 'standard', dedup: 'off', encryption: 'off', checksum: 'on', logBias: 'latency', primaryCache: 'all', copies: 1, writtenBytesPerSecond: 5e6, meanWriteBytes: 16_384, raidz: false } as const;
  return { pools: [{ ...plain, ...more }] };
}
