import { z } from 'zod';
import type { DependencyNode } from '../../define/dependency-graph.ts';
import { defineFact } from '../../define/fact.ts';
import { symptomIds } from '../../define/ids.ts';
import { absent } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import { attribute, type Attribution } from '../../timeline/attribution.ts';
import { gotSlower } from '../../timeline/load-change.ts';
import disks from '../disk/disks.fact.ts';
import { attributionExamples } from './attribution.samples.ts';
import { beforeText, moreWorkText, siblingsText, slowerText } from './attribution-text.ts';
import dependencies, { type Dependencies } from './dependencies.fact.ts';
import { othersOn } from './guest-dependencies.ts';
import { hostItself } from './processor-dependencies.ts';

const schema = z.object({
  /** Where the walk began: the place where most more waits than before, or the host's processors. */
  from: z.string(),
  /** Where it ended: the disk that is slow by itself, the guest that brings the work, else the place beyond which it cannot be told. */
  object: z.string(),
  end: z.enum(['slower by itself', 'brings more work', 'work from elsewhere', 'several alike']),
  /** Symptoms that it is about. */
  symptoms: z.array(z.enum(symptomIds)),
  says: z.string(),
  /** A sentence for each step of the walk. */
  steps: z.array(z.string()),
});
export type AttributedChange = z.infer<typeof schema>;

/** Requests that wait now beyond those that used to, on average, from which a place is worth a look: half a request all the time. */
const leastMoreWaiting = 0.5;
/** Share of the processors from which more work on them is felt. */
const leastBusy = 0.7;

type Place = Dependencies['places'][number];

/** The place where most more waits than before: by Little's law (J. D. C. Little, 1961) what waits is what arrives times how long each takes. */
function startOf(places: readonly Place[]): Place | undefined {
  const more = ({ waitingBefore, waitingAfter }: Place): number => waitingAfter - (waitingBefore ?? waitingAfter);
  return places.filter((place) => more(place) >= leastMoreWaiting).toSorted((a, b) => more(b) - more(a) || (a.id < b.id ? -1 : 1))[0];
}

type Naming = (id: string) => string;

function storageSentence({ id, end, steps }: Pick<Attribution, 'id' | 'end' | 'steps'>, place: Place, nodes: readonly DependencyNode[], named: Naming): string {
  const of = (wanted: string): DependencyNode => nodes.find((node) => node.id === wanted)!;
  const node = of(id);
  const at = named(place.id);
  if (end === 'slower by itself') {
    const slower = `takes ${slowerText(node)}, without more work that would explain it`;
    return id === place.id ? `${at} ${slower}.` : `${at} waits for ${named(id)}, which ${slower}${siblingsText(place.disks.filter((one) => one !== id).map(of))}.`;
  }
  const last = steps.at(-1);
  if (end === 'several alike' && last?.lookedAt === 'what it waits for') return `${at} takes ${slowerText(of(place.id))}; that comes from ${last.shares.length} of its ${place.disks.length} disks, and none of them stands out.`;
  const grew = `${at} ${moreWorkText(of(place.id))}`;
  if (end === 'several alike') return `${grew}; it comes from several, and none of them brings most of it.`;
  if (end === 'work from elsewhere') return `${grew}; most of that comes from none of the guests and datasets that use it.`;
  const share = steps.findLast((step) => step.lookedAt === 'where its work comes from' && step.shares[0]?.id === id)?.shares[0]?.share;
  return share === undefined ? `${grew}; who brings it is not known.` : `${Math.round(100 * share)} % of the additional work of ${at} comes from ${named(id)}, which ${moreWorkText(node)}.`;
}

/** What a scrub or a resilver does is counted for no dataset, and it fills the queues of all disks alike: while one runs, only a disk that stands out among its siblings tells more than the place. */
function scanSentence(place: Place, node: DependencyNode): string {
  return `${place.id} ${gotSlower(node) ? `takes ${slowerText(node)}` : moreWorkText(node)}, and a ${place.scan} of it is running; which part of that is the ${place.scan}’s is not counted.`;
}

function onStorage({ storage, places }: Dependencies, named: Naming): AttributedChange | undefined {
  const place = startOf(places);
  const walk = place && attribute(storage, place.id);
  if (walk === undefined || walk.end === 'nothing changed') return undefined;
  const steps = walk.steps.map(({ sentence }) => sentence);
  const shared = { from: place!.id, symptoms: ['io-delay', 'disk-latency', 'guest-slow', 'high-load'] satisfies AttributedChange['symptoms'], steps };
  const diskStandsOut = walk.end === 'slower by itself' && walk.id !== place!.id && storage.find(({ id }) => id === place!.id)!.dependsOn.length > 1;
  if (place!.scan !== undefined && !diskStandsOut) {
    return { ...shared, object: place!.id, end: 'work from elsewhere', says: scanSentence(place!, storage.find(({ id }) => id === place!.id)!) };
  }
  // Who brings the work of a disk is said of the place, and so is that nobody is known to.
  const isBelow = place!.disks.includes(walk.id) && walk.end !== 'slower by itself';
  const isOthers = walk.id === othersOn(place!.id);
  const end = isOthers ? 'work from elsewhere' : walk.end;
  const id = isBelow || isOthers ? place!.id : walk.id;
  return { ...shared, object: id, end, says: storageSentence({ id, end, steps: walk.steps }, place!, storage, named) };
}

function onProcessors({ processors, cpuCount }: Dependencies): AttributedChange | undefined {
  const host = processors.find(({ id }) => id === 'host');
  if (host === undefined || cpuCount === 0 || host.after.workPerSecond < leastBusy * cpuCount) return undefined;
  const walk = attribute(processors, 'host');
  if (walk?.end !== 'brings more work' || walk.id === 'host' || walk.id === hostItself) return undefined;
  const node = processors.find(({ id }) => id === walk.id)!;
  const says = `${walk.id} brings most of what the processors have to do more than before: it takes ${node.after.workPerSecond.toFixed(1)} of ${cpuCount}, and took ${node.before.workPerSecond.toFixed(1)} ${beforeText(node)}.`;
  return { from: 'host', object: walk.id, end: walk.end, symptoms: ['cpu-pressure', 'high-load', 'guest-slow'], says, steps: walk.steps.map(({ sentence }) => sentence) };
}

/** Who or what the change of the symptom comes from, along what waits for what: of storage where more waits than before, else of the processors. */
export default defineFact({
  id: 'attribution',
  title: 'Where the change comes from, along what waits for what',
  needs: { dependencies, disks: optional(disks) },
  schema,
  derive: ({ dependencies: graph, disks: list }) => {
    const labels = new Map((list?.disks ?? []).map(({ object, label }) => [object, `${object} (${label})`]));
    const named: Naming = (id) => labels.get(id) ?? id;
    return onStorage(graph, named) ?? onProcessors(graph) ?? absent('nothing waits or works much more than before, as far as that is known');
  },
  examples: attributionExamples,
});
