import type { Inventory } from '../../define/discovery.ts';

/** Something that watching depends on. */
export interface Dependency {
  /** As a sentence begins: `This server`, `The mail relay mail.example.org`. */
  readonly what: string;
  /** What is lost with it: `nobody is told`. */
  readonly lost: string;
  /** Names and addresses, lower case. */
  readonly names: readonly string[];
  /** Of its network cards, where they are known; lower case. */
  readonly macs: readonly string[];
}

export interface WatchedPlace {
  readonly host: string;
  /** Names and addresses, lower case. */
  readonly names: readonly string[];
}

const shares = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.includes(one));

/**
 * What watching depends on and stands on a watched host itself, or in a guest of one: when that host fails, so does what should tell of it. A sentence for each.
 */
export function ownPlaces(dependencies: readonly Dependency[], hosts: readonly WatchedPlace[], guests: Inventory['guests']): string[] {
  return dependencies.flatMap(({ what, lost, names, macs }) => {
    const host = hosts.find((one) => shares(one.names, names));
    // A guest is told by its network card, since addresses inside may be anybody's.
    const guest = guests.find((one) => shares(one.macs, macs)) ?? guests.find((one) => shares(one.addresses, names));
    const where = guest === undefined ? host?.host : `${guest.host}, as its guest ${guest.object}`;
    return where === undefined ? [] : [`${what} runs on ${where}, which is watched: when ${guest?.host ?? where} fails, ${lost}.`];
  });
}
