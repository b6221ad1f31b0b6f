import { bytesText } from '../../lib/host-text.ts';
import type { BusiestDataset } from './busiest-datasets.fact.ts';
import { defaultBlockBytes, type Settings } from './temporary-datasets.ts';

/**
 * How a property is tried: `stream` writes large pieces one after the other, `places` small pieces to places that are far apart, `small` small pieces one after the other, `synced` the same with
 * each of them made durable.
 */
export const waysToWrite = ['stream', 'places', 'small', 'synced'] as const;
export type WayToWrite = (typeof waysToWrite)[number];

/** What is found when a property of this class costs much. */
export const propertyOutcomes = {
  dedup: 'deduplication costs much',
  sync: 'making each write durable costs much',
  'block size': 'the block size costs much',
  compression: 'compression costs much',
  copies: 'copies cost much',
  primarycache: 'doing without the cache costs much',
  logbias: 'bypassing the log costs much',
  checksum: 'the checksum costs much',
} as const;
export type PropertyClass = keyof typeof propertyOutcomes;

/** One property of the users' dataset against another value of it; all else is alike. */
export interface Trial {
  readonly property: PropertyClass;
  readonly own: Settings;
  readonly other: Settings;
  readonly ownText: string;
  readonly otherText: string;
  readonly way: WayToWrite;
  /** Size of a small piece. */
  readonly pieceBytes: number;
}

const mostTrials = 3;
const smallestBlockBytes = 16_384;
/** Small writes as guests make them: the page of a database, or of its log. */
const usualPieceBytes = 16_384;

const powerAbove = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, bytes)));

/** Blocks much larger than what is written, which are read and written as a whole; or much smaller, each with housekeeping of its own. */
function blockSizeTrial({ type, blockSizeBytes, meanWriteBytes }: BusiestDataset): Trial[] {
  if (blockSizeBytes === undefined || meanWriteBytes === undefined) return [];
  const piece = Math.min(65_536, Math.max(4_096, powerAbove(meanWriteBytes)));
  const fitting = Math.max(smallestBlockBytes, piece);
  const usual = defaultBlockBytes[type];
  const isLarge = meanWriteBytes < blockSizeBytes / 4 && fitting < blockSizeBytes;
  const isSmall = blockSizeBytes < usual && meanWriteBytes >= 4 * blockSizeBytes;
  if (!isLarge && !isSmall) return [];
  const other = isLarge ? fitting : usual;
  return [{ property: 'block size', own: { blockSizeBytes }, other: { blockSizeBytes: other }, ownText: bytesText(blockSizeBytes), otherText: bytesText(other), way: isLarge ? 'places' : 'stream', pieceBytes: piece }];
}

/**
 * The properties of a dataset that can cost much as they are set, the most suspicious first, at most three. What can only make it quicker than the default (sync=disabled, checksum=off) is not among
 * them, and encryption has an experiment of its own.
 */
export function trialsOf(dataset: BusiestDataset): Trial[] {
  const { blockSizeBytes, dedup, sync, compression, copies = 1, primaryCache = 'all', logBias = 'latency', checksum = 'on' } = dataset;
  const against = (property: PropertyClass, own: Settings, ownText: string, otherText: string, way: WayToWrite): Trial => {
    return { property, own: { blockSizeBytes, ...own }, other: { blockSizeBytes }, ownText, otherText, way, pieceBytes: usualPieceBytes };
  };
  return [
    ...(dedup === 'off' || dedup === '' ? [] : [against('dedup', { dedup }, dedup, 'off', 'stream')]),
    ...(sync === 'always' ? [against('sync', { sync }, sync, 'standard', 'small')] : []),
    ...blockSizeTrial(dataset),
    ...(/^(gzip|zstd)/.test(compression) ? [against('compression', { compression }, compression, 'on', 'stream')] : []),
    ...(copies > 1 ? [against('copies', { copies }, String(copies), '1', 'stream')] : []),
    ...(primaryCache === 'all' ? [] : [against('primarycache', { primaryCache }, primaryCache, 'all', 'places')]),
    ...(logBias === 'throughput' ? [against('logbias', { logBias }, logBias, 'latency', 'synced')] : []),
    ...(/^(sha256|sha512|skein|edonr|blake3)/.test(checksum) ? [against('checksum', { checksum }, checksum, 'on', 'stream')] : []),
  ].slice(0, mostTrials);
}

/** Whether the dataset that most is written to in a pool is set in one of these ways, so that the experiment tells of it. */
export function isTried(busiest: { readonly pools: readonly BusiestDataset[] } | undefined, object: string, properties: readonly PropertyClass[]): boolean {
  const dataset = busiest?.pools.find((one) => one.object === object);
  return dataset !== undefined && trialsOf(dataset).some(({ property }) => properties.includes(property));
}
