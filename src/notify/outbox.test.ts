import { describe, expect, it } from 'vitest';
import type { Notification } from '../define/notification.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { usualRetry } from './outbox/limits.ts';
import { MemoryOutboxStore } from './outbox/store.ts';
import { digestOf } from './render.ts';
import { seededRandom } from '../lib/testing.ts';
import { exampleNotification, TestChannel, TestClock } from './testing.ts';

const digest = { above: 20, everyMs: 300_000 };
const people = { gatherMs: 5_000, gatherMostMs: 25_000, digest, rate: { deliveries: 30, perMs: 600_000 } };

function outboxOf(channels: OutboxOptions['channels'], part: Partial<OutboxOptions> = {}): { outbox: Outbox; clock: TestClock; store: MemoryOutboxStore } {
  const clock = new TestClock();
  const store = new MemoryOutboxStore();
  return { clock, store, outbox: new Outbox({ store, channels, clock, random: seededRandom(1), digestOf: (all, atMs) => digestOf(all, atMs, 'UTC'), ...part }) };
}

const numbered = (number: number, part: Partial<Notification> = {}): Notification => {
  const [alarm] = exampleNotification().alarms;
  return exampleNotification({ id: `n${number}`, incidentId: `i${number}`, alarms: alarm === undefined ? [] : [{ ...alarm, id: `a${number}` }], ...part });
};
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the outbox', () => {
  it('delivers to every channel once, however often the same notification is handed in', async () => {
    const [one, other] = [new TestChannel('one'), new TestChannel('other')];
    const { outbox, clock } = outboxOf([one.in(), other.in()]);
    await outbox.start();
    await outbox.enqueue(exampleNotification());
    await outbox.enqueue(exampleNotification());
    await clock.advance(1_000);
    await outbox.enqueue(exampleNotification());
    await clock.advance(1_000);
    expect([one.received.map(({ id }) => id), other.received.map(({ id }) => id)]).toEqual([['n1'], ['n1']]);
    expect(outbox.status().channels.map(({ name, waiting, delivered, failing }) => ({ name, waiting, delivered, failing }))).toEqual([
      { name: 'one', waiting: 0, delivered: 1, failing: false },
      { name: 'other', waiting: 0, delivered: 1, failing: false },
    ]);
    await outbox.stop();
  });

  it('makes one mail of a storm of 1,000 incidents, with every alarm in it', async () => {
    const channel = new TestChannel('mail');
    const { outbox, clock } = outboxOf([channel.in(people)]);
    await outbox.start();
    await Promise.all(range(1_000).map((number) => outbox.enqueue(numbered(number))));
    await clock.advance(30_000);
    expect(channel.received.map(({ kind }) => kind)).toEqual(['digest']);
    expect(channel.received[0]?.alarms.length).toBe(1_000);
    expect(channel.received[0]?.subject).toBe('[Culprit] 1000 incidents at once on pve1');
    // All of them are known: none is sent a second time.
    await outbox.enqueue(numbered(17));
    await clock.advance(600_000);
    expect(channel.received.length).toBe(1);
    await outbox.stop();
  });

  it('sends a storm that goes on for a minute as two messages, the second after its time', async () => {
    const channel = new TestChannel('mail');
    const { outbox, clock } = outboxOf([channel.in(people)]);
    await outbox.start();
    for (const second of range(60)) {
      await Promise.all(range(17).map((number) => outbox.enqueue(numbered(second * 17 + number))));
      await clock.advance(1_000);
    }
    expect(channel.received.map(({ kind }) => kind)).toEqual(['digest']);
    await clock.advance(300_000);
    expect(channel.received.map(({ kind }) => kind)).toEqual(['digest', 'digest']);
    expect(new Set(channel.received.flatMap(({ alarms }) => alarms.map(({ id }) => id))).size).toBe(60 * 17);
    await outbox.stop();
  });

  it('sends a few incidents one by one, and what one incident says in a moment as its newest', async () => {
    const channel = new TestChannel('mail');
    const { outbox, clock } = outboxOf([channel.in(people)]);
    await outbox.start();
    for (const number of range(5)) await outbox.enqueue(numbered(number));
    await outbox.enqueue(numbered(2, { id: 'n2b', kind: 'explained', subject: 'the verdict' }));
    await clock.advance(10_000);
    expect(channel.received.map(({ id }) => id).sort()).toEqual(['n0', 'n1', 'n2b', 'n3', 'n4']);
    expect(channel.received.find(({ id }) => id === 'n2b')).toMatchObject({ subject: 'the verdict', alarms: [{ id: 'a2' }] });
    await outbox.stop();
  });

  it('holds the rate, and tells what waited meanwhile in one', async () => {
    const channel = new TestChannel('mail');
    const { outbox, clock } = outboxOf([channel.in({ digest: { above: 100, everyMs: 1_000 }, rate: { deliveries: 3, perMs: 60_000 } })]);
    await outbox.start();
    for (const number of range(3)) {
      await outbox.enqueue(numbered(number));
      await clock.advance(1_000);
    }
    expect(channel.received.length).toBe(3);
    for (const number of range(7)) await outbox.enqueue(numbered(10 + number));
    await clock.advance(50_000);
    expect(channel.received.length).toBe(3);
    await clock.advance(10_000);
    expect(channel.received.map(({ kind, alarms }) => `${kind} ${alarms.length}`)).toEqual(['opened 1', 'opened 1', 'opened 1', 'digest 7']);
    await outbox.stop();
  });

  it('tries again ever more rarely, keeps the order of an incident, and lets others pass', async () => {
    const channel = new TestChannel('webhook');
    const attemptsAtMs: number[] = [];
    let ill = true;
    const { outbox, clock } = outboxOf([channel.in()]);
    channel.answer = ({ incidentId }) => {
      if (incidentId !== 'ill' || !ill) return { outcome: 'delivered' };
      attemptsAtMs.push(clock.nowMs());
      return { outcome: 'failed', reason: 'not today' };
    };
    await outbox.start();
    await outbox.enqueue(exampleNotification({ id: 'first', incidentId: 'ill' }));
    await outbox.enqueue(exampleNotification({ id: 'second', incidentId: 'ill', kind: 'resolved' }));
    await clock.advance(1_000);
    await outbox.enqueue(exampleNotification({ id: 'other', incidentId: 'well' }));
    await clock.advance(600_000);
    expect(channel.received.map(({ id }) => id)).toEqual(['other']);
    expect(outbox.status().channels[0]).toMatchObject({ waiting: 2, failing: true, lastError: { reason: 'not today' }, oldestSeconds: 601 });
    const pauses = attemptsAtMs.slice(1).map((atMs, index) => (atMs - (attemptsAtMs[index] ?? 0)) / 1_000);
    pauses.forEach((seconds, index) => {
      const whole = Math.min(300, 5 * 2 ** index);
      expect(seconds).toBeGreaterThanOrEqual(whole / 2);
      expect(seconds).toBeLessThanOrEqual(whole);
    });
    expect(pauses.length).toBeGreaterThanOrEqual(5);
    ill = false;
    await clock.advance(300_000);
    expect(channel.received.map(({ id }) => id)).toEqual(['other', 'first', 'second']);
    expect(outbox.status().channels[0]).toMatchObject({ waiting: 0, failing: false });
    await outbox.stop();
  });

  it('gives up a receiver that hangs, also one that heeds no signal, and holds up no other channel', async () => {
    const [hanging, well] = [new TestChannel('hanging'), new TestChannel('well')];
    hanging.answer = () => new Promise(() => undefined);
    const { outbox, clock } = outboxOf([hanging.in({ timeoutMs: 15_000 }), well.in()]);
    await outbox.start();
    await outbox.enqueue(exampleNotification());
    await clock.advance(1_000);
    expect(well.received.length).toBe(1);
    expect(outbox.status().channels[0]?.inFlightSeconds).toBe(1);
    await clock.advance(15_000);
    expect(outbox.status().channels[0]).toMatchObject({ failedAttempts: 1, lastError: { reason: 'gave up after 15 s without an end' } });
    await outbox.stop();
  });

  it('tries what is refused only once, and shows it', async () => {
    const channel = new TestChannel('mail');
    let asked = 0;
    channel.answer = ({ id }) => {
      if (id !== 'bad') return { outcome: 'delivered' };
      asked += 1;
      return { outcome: 'refused', reason: 'no such \u001b[31mmailbox' };
    };
    const { outbox, clock } = outboxOf([channel.in()]);
    await outbox.start();
    await outbox.enqueue(exampleNotification({ id: 'bad' }));
    await outbox.enqueue(exampleNotification({ id: 'good', kind: 'resolved' }));
    await clock.advance(3_600_000);
    expect(asked).toBe(1);
    expect(channel.received.map(({ id }) => id)).toEqual(['good']);
    expect(outbox.status().channels[0]).toMatchObject({ refused: 1, waiting: 0, failures: [{ how: 'refused', reason: 'no such \\x1b[31mmailbox', subject: exampleNotification().subject }] });
    await outbox.stop();
  });

  it('gives up after days, and heeds when a receiver wants to be asked again', async () => {
    const channel = new TestChannel('chat');
    const atMs: number[] = [];
    const { outbox, clock } = outboxOf([channel.in()], { retry: { ...usualRetry, giveUpAfterMs: 7_200_000 } });
    channel.answer = () => {
      atMs.push(clock.nowMs());
      return { outcome: 'failed', reason: 'busy', retryAfterMs: 900_000 };
    };
    await outbox.start();
    await outbox.enqueue(exampleNotification());
    await clock.advance(3 * 3_600_000);
    expect(atMs.slice(1).every((one, index) => one - (atMs[index] ?? 0) >= 900_000)).toBe(true);
    expect(outbox.status().channels[0]).toMatchObject({ waiting: 0, givenUp: 1, failures: [{ how: 'given-up', reason: 'not delivered within 2 hours; last: busy' }] });
    await outbox.stop();
  });

  it('goes on where the last process ended, and names what belongs to a channel that is gone', async () => {
    const failing = new TestChannel('mail');
    failing.answer = () => ({ outcome: 'failed', reason: 'relay is down' });
    const gone = new TestChannel('gone');
    gone.answer = failing.answer;
    const first = outboxOf([failing.in(), gone.in()]);
    await first.outbox.start();
    await first.outbox.enqueue(exampleNotification());
    await first.clock.advance(10_000);
    await first.outbox.stop();
    const channel = new TestChannel('mail');
    const second = outboxOf([channel.in()], { store: first.store, clock: first.clock });
    await second.outbox.start();
    expect(second.outbox.status().channels[0]).toMatchObject({ waiting: 1, failing: true, lastError: { reason: 'relay is down' } });
    await first.clock.advance(300_000);
    expect(channel.received.map(({ id }) => id)).toEqual(['n1']);
    expect([...first.store.state.ended.values()].map(({ id, how }) => `${id} ${how}`).sort()).toEqual(['gone/n1 given-up', 'mail/n1 delivered']);
    await second.outbox.stop();
  });

  it('says that the disk takes nothing, delivers all the same, and saves as soon as it can', async () => {
    const channel = new TestChannel('mail');
    const { outbox, clock, store } = outboxOf([channel.in()]);
    await outbox.start();
    store.failing = 'ENOSPC: no space left on device';
    await expect(outbox.enqueue(exampleNotification())).rejects.toThrow('no space');
    await clock.advance(1_000);
    expect(channel.received.length).toBe(1);
    expect(outbox.status().store.problem).toContain('no space');
    store.failing = undefined;
    await outbox.enqueue(numbered(2));
    await clock.advance(1_000);
    expect(outbox.status().store.problem).toBeUndefined();
    expect(store.state.items.size).toBe(0);
    expect([...store.state.ended.keys()]).toEqual(['mail/n1', 'mail/n2']);
    await outbox.stop();
  });

  it('tells a channel that was told of an incident how it ends, though it wants severe ones only', async () => {
    const channel = new TestChannel('pager');
    const wants = ({ severity }: Notification): boolean => severity === 'critical';
    const { outbox, clock } = outboxOf([{ ...channel.in(), wants }]);
    await outbox.start();
    await outbox.enqueue(numbered(1, { severity: 'warning' }));
    await outbox.enqueue(numbered(2, { severity: 'critical' }));
    await clock.advance(1_000);
    await outbox.enqueue(numbered(2, { id: 'n2over', severity: 'warning', kind: 'resolved' }));
    await outbox.enqueue(numbered(1, { id: 'n1over', severity: 'warning', kind: 'resolved' }));
    await clock.advance(1_000);
    expect(channel.received.map(({ id }) => id)).toEqual(['n2', 'n2over']);
    await outbox.stop();
  });
});
