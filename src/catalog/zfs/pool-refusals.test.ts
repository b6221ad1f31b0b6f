import { describe, expect, it } from 'vitest';
import { secondsToCron } from './cron-schedule.ts';
import { refusalsOfWriting, type WritingHost } from './pool-refusals.ts';
import { healthyPool, scanning, zpool } from './zpool.samples.ts';

const calm = { asRoot: true, running: [], due: [], covers: [] };
const spare = { ...healthyPool, leaves: [...healthyPool.leaves, { ...healthyPool.leaves[0]!, role: 'spare', state: 'INUSE' }] };

describe('writing something temporary to a pool', () => {
  it.each<readonly [string, WritingHost, readonly (string | RegExp)[]]>([
    ['a healthy pool', { zpools: zpool(), tools: calm }, []],
    ['a pool that has much to do', { zpools: zpool({ longestSyncMs: 8_000, dirtyPercent: 55 }), tools: calm }, []],
    ['a scrub that is over', { zpools: zpool({ status: scanning('scrub', 'finished') }), tools: calm }, []],
    ['short of space', { zpools: zpool({ freeBytes: 1.9e9 }), tools: calm }, ['the pool tank has only 1900 MB free (40 % are used)']],
    ['nearly full', { zpools: zpool({ capacityPercent: 91 }), tools: calm }, ['the pool tank has only 2400000 MB free (91 % are used)']],
    ['of unknown space', { zpools: zpool({ freeBytes: undefined }), tools: calm }, ['the free space of tank is not known']],
    ['degraded', { zpools: zpool({ state: 'DEGRADED' }), tools: calm }, ['the pool tank is DEGRADED']],
    ['a scrub', { zpools: zpool({ status: scanning('scrub', 'running') }), tools: calm }, ['a scrub of tank is running']],
    ['a rebuild', { zpools: zpool({ status: scanning('resilver', 'running') }), tools: calm }, ['a resilver of tank is running']],
    ['a spare in use', { zpools: zpool({ status: spare }), tools: calm }, ['a spare of tank is in use']],
    ['slow groups', { zpools: zpool({ longestSyncMs: 14_000 }), tools: calm }, ['writing a transaction group of tank out takes 14 s already']],
    ['much dirty data', { zpools: zpool({ dirtyPercent: 72 }), tools: calm }, ['72 % of what tank may hold in memory wait to be written already']],
    ['another pool only', { zpools: { pools: [] }, tools: calm }, ['the state of the pool is not known']],
    ['without root', { zpools: zpool(), tools: { ...calm, asRoot: false } }, ['root is needed to make datasets']],
    ['tools not known', { zpools: zpool() }, ['whether a tool is about to make snapshots is not known']],
    ['syncoid runs', { zpools: zpool(), tools: { ...calm, running: ['syncoid'] } }, ['syncoid is running and may make snapshots of tank']],
    ['a daemon', { zpools: zpool(), tools: { ...calm, running: ['znapzend'] } }, ['znapzend may make snapshots of tank at any time']],
    ['a daemon for another pool', { zpools: zpool(), tools: { ...calm, running: ['zrepl'], covers: [{ tool: 'zrepl', pools: ['rpool'] }] } }, []],
    ['a daemon for all pools', { zpools: zpool(), tools: { ...calm, running: ['zrepl'], covers: [{ tool: 'zrepl', pools: ['*'] }] } }, ['zrepl may make snapshots of tank at any time']],
    ['sanoid soon', { zpools: zpool(), tools: { ...calm, due: [{ tool: 'sanoid.timer', inSeconds: 170 }] } }, ['sanoid.timer may make snapshots of tank in 170 s']],
    ['sanoid soon, for single datasets', { zpools: zpool(), tools: { ...calm, due: [{ tool: 'sanoid.timer', inSeconds: 170 }], covers: [{ tool: 'sanoid', pools: [] }] } }, []],
    ['sanoid later', { zpools: zpool(), tools: { ...calm, due: [{ tool: 'sanoid.timer', inSeconds: 181 }] } }, []],
    ['a timer that does not say when', { zpools: zpool(), tools: { ...calm, due: [{ tool: 'sanoid.timer' }] } }, ['sanoid.timer may make snapshots of tank at a time that is not known']],
  ])('%s', (_, host, reasons) => expect(refusalsOfWriting(host, 'tank', { bytes: 1e8, seconds: 120 })).toEqual(reasons));
});

describe('the time until a line of a crontab', () => {
  const now = { minute: 39, hour: 12, dayOfMonth: 30, month: 11, dayOfWeek: 1 };
  it.each([
    ['* * * * *', 0],
    ['*/15 * * * *', 360],
    ['0,41-43 12 * * *', 120],
    ['5/30 * * * *', 1_560],
    ['39 11 * * *', 82_800],
    ['0 0 1 * *', 40_860],
    ['0 2 * * 2', 48_060],
    ['0 2 15 * 7', 86_400],
    ['@hourly', 1_260],
    ['@reboot', undefined],
    ['0 0 1 jan *', undefined],
    ['nonsense', undefined],
  ])('%s', (schedule, seconds) => expect(secondsToCron(schedule, now)).toBe(seconds));
});
