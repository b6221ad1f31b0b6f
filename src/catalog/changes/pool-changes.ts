import type { Change, Component } from '../../define/change.ts';
import { localTimeMs, type LocalZone } from '../../lib/local-time.ts';
import type { PoolHistory } from './pool-history.probe.ts';

/** Words of zpool(8) and zfs(8) that change something, and what. Imports come with each boot, scrubs and trims are work. */
const words: readonly (readonly [RegExp, Component])[] = [
  [/^zpool (upgrade|add|attach|detach|replace|remove|offline|online|create|clear|initialize|split|reguid|labelclear)\b/, 'pool'],
  [/^zpool (scrub|trim)\b/, 'pool'],
  [/^zpool set\b/, 'pool'],
  [/^zfs (set|inherit|change-key|load-key|create|rename|promote|upgrade)\b/, 'storage-settings'],
];
/** What ZFS notes itself, where no command did it: `[txg:4711] set tank/vm (68) compression=15`, `[txg:812] vdev attach …`. */
const noted = /^\[txg:\d{1,20}\] (set|inherit|vdev attach|vdev detach|vdev add|scan setup|create) (.{1,200})$/;

const sameMs = 3_000;

/** The pools' part of the ledger. */
export function poolChanges({ pools }: PoolHistory, zone: LocalZone): Change[] {
  return pools.flatMap(({ pool, events }) => {
    const dated = events.flatMap(({ at, command }) => {
      const atMs = localTimeMs(at, zone);
      return atMs === undefined ? [] : [{ atMs, command }];
    });
    const base = { precisionMs: 1_000, kind: 'pool', what: pool, source: 'pool-history' } as const;
    const commands = dated.flatMap(({ atMs, command }): Change[] => {
      const component = words.find(([pattern]) => pattern.test(command))?.[1];
      return component === undefined ? [] : [{ ...base, atMs, components: [component], says: `on ${pool}: ${command.length > 160 ? `${command.slice(0, 159)}…` : command}` }];
    });
    const silent = dated.flatMap(({ atMs, command }): Change[] => {
      const [, word, rest] = noted.exec(command) ?? [];
      if (word === undefined || rest === undefined || commands.some((one) => Math.abs(one.atMs - atMs) <= sameMs)) return [];
      return [{ ...base, atMs, components: [word.startsWith('vdev') || word.startsWith('scan') ? 'pool' : 'storage-settings'], says: `on ${pool}, noted by ZFS: ${word} ${rest}` }];
    });
    return [...commands, ...silent];
  });
}
