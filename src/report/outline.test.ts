import { describe, expect, it } from 'vitest';
import { exampleReport } from '../../test/reports/example-reports.ts';
import { commandLine, shellWord } from './command-line.ts';
import { eventsInOrder, leadingCauses, listed, ruledOutBySubject, unknownByMissing, waysOut } from './outline.ts';
import { failureWords, percent, weight } from './words.ts';

const story = exampleReport('v1-story');

describe('the outline of a report', () => {
  it('groups without losing a member', () => {
    expect(ruledOutBySubject(story).flatMap(({ reasons }) => reasons.flatMap(({ ids }) => ids)).sort()).toEqual(story.ruledOut.map(({ id }) => id).sort());
    expect(unknownByMissing(story).flatMap(({ ids }) => ids).sort()).toEqual(story.unknown.map(({ id }) => id).sort());
    expect(unknownByMissing(story)[0]).toMatchObject({ missing: 'a history of this host from before the trouble', ids: { length: 5 } });
  });

  it('puts a mechanism behind the causes, and names each way out once', () => {
    const [cause] = story.causes;
    if (!cause) throw new Error('the story has a cause');
    const twice = { ...story, causes: [{ ...cause, id: 'zfs-txg-stalled', role: 'mechanism' as const }, cause] };
    expect(leadingCauses(twice).map(({ id }) => id)).toEqual(['zfs-crypto-unaccelerated', 'zfs-txg-stalled']);
    expect(waysOut(twice).map(({ mitigation, causes }) => [mitigation.id, causes.length])).toEqual([['boot-previous-kernel', 2], ['install-fixed-kernel', 2], ['move-to-unencrypted-dataset', 2]]);
  });

  it('tells an event once and in order', () => {
    expect(eventsInOrder(story).map(({ text }) => text)).toEqual(['pve-kernel-6.2 6.2.16-8 became 6.2.16-12', 'zfsutils-linux 2.1.11-pve1 became 2.1.12-pve1', 'Started with kernel 6.2.16-12-pve', 'IO delay passed 10 % for the first time']);
  });

  it('names no more than asked', () => {
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b, c');
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });
});

describe('commands', () => {
  it('are quoted where the shell would take them apart', () => {
    expect(commandLine(['zfs', 'set', 'a=b', '<pool>/<dataset>', 'tank/x'])).toBe('zfs set a=b <pool>/<dataset> tank/x');
    expect(shellWord("it's; reboot")).toBe("'it'\\''s; reboot'");
    expect(['', '$(reboot)', '`reboot`', 'a b', '>/etc/passwd', '*', '~', '#x', '!x', 'a\nb'].map(shellWord).every((word) => word.startsWith("'") && word.endsWith("'"))).toBe(true);
  });
});

describe('words', () => {
  it('never claim certainty', () => {
    expect([1, 0.999, 0.972, 0.5, 0.001].map(percent)).toEqual(['> 99 %', '> 99 %', '97 %', '50 %', '< 1 %']);
  });

  it('have a sign where there is a weight', () => {
    expect([8.52, -0.6, 0.01, -0.01].map(weight)).toEqual(['+8.5', '-0.6', '0.0', '0.0']);
  });

  it('do not say a reason twice', () => {
    expect(failureWords('not-installed', 'ethtool is not installed')).toBe('ethtool is not installed');
    expect(failureWords('timed-out', 'after 2 s')).toBe('no answer in time (after 2 s)');
    expect(failureWords('too-large', '')).toBe('answer too large');
  });
});
