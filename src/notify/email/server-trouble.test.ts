import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Outbox } from '../outbox.ts';
import { systemClock } from '../outbox/lane.ts';
import { MemoryOutboxStore } from '../outbox/store.ts';
import { digestOf } from '../render.ts';
import { exampleNotification } from '../testing.ts';
import { threadIds } from './message.ts';
import { channelOf, closeServers, deliver, rawServer } from './testing.ts';

afterEach(closeServers);

describe('a mail server that', () => {
  const firstWords = ['220 mx ESMTP\r\n', '250 mx\r\n', '250 sender\r\n', '250 recipient\r\n'];
  /** Answers the first so many commands, and then does what it is told. */
  const talking = (answers: number, then: (socket: Socket) => void) => (socket: Socket): void => {
    let given = 1;
    socket.write(firstWords[0] ?? '');
    socket.on('data', () => {
      if (given < answers) socket.write(firstWords[given++] ?? '');
      else then(socket);
    });
  };

  it.each([['says nothing at all', (): void => undefined], ['hangs after the greeting', talking(1, () => undefined)], ['hangs in the envelope', talking(3, () => undefined)]])('%s is given up', async (_, talk) => {
    const port = await rawServer(talk);
    const { channel } = channelOf(port, { timeoutSeconds: 30 });
    const startedAt = performance.now();
    expect(await channel.deliver(exampleNotification(), AbortSignal.timeout(300))).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('given up') });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('refuses connections, or talks nonsense, is a failure', async () => {
    expect(await deliver(9)).toMatchObject({ outcome: 'failed' });
    expect(await deliver(await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))).toMatchObject({ outcome: 'failed' });
    expect(await deliver(await rawServer((socket) => void socket.write(`220-${'x'.repeat(1_000_000)}`)), exampleNotification(), { timeoutSeconds: 5 })).toMatchObject({ outcome: 'failed' });
  });

  it('dies in the middle of a message gets it again when it is back, once, under the same id', async () => {
    let deaths = 0;
    const mails: string[] = [];
    const port = await rawServer((socket) => {
      let data = '';
      let inData = false;
      socket.write('220 mx ESMTP\r\n');
      socket.on('data', (piece) => {
        data += piece.toString('latin1');
        if (inData) {
          if (deaths < 3) {
            deaths += 1;
            socket.destroy();
          } else if (data.endsWith('\r\n.\r\n')) {
            mails.push(data);
            inData = false;
            data = '';
            socket.write('250 taken\r\n');
          }
          return;
        }
        for (let end = data.indexOf('\r\n'); end >= 0 && !inData; end = data.indexOf('\r\n')) {
          const command = data.slice(0, end).toUpperCase();
          data = data.slice(end + 2);
          inData = command === 'DATA';
          socket.write(inData ? '354 go on\r\n' : command === 'QUIT' ? '221 bye\r\n' : '250 well\r\n');
        }
      });
    });
    const outbox = new Outbox({
      store: new MemoryOutboxStore(),
      channels: [channelOf(port)],
      clock: systemClock,
      random: () => 0,
      retry: { firstMs: 20, mostMs: 100, channelMostMs: 50, giveUpAfterMs: 60_000, mostWaiting: 100 },
      digestOf: (all, atMs) => digestOf(all, atMs, 'UTC'),
    });
    await outbox.start();
    await outbox.enqueue(exampleNotification({ text: `${'long '.repeat(50_000)}\n` }));
    await expect.poll(() => outbox.status().channels[0]?.delivered, { timeout: 15_000 }).toBe(1);
    await outbox.stop();
    expect(deaths).toBe(3);
    expect(mails.length).toBe(1);
    expect(mails[0]).toContain(`Message-ID: ${threadIds(exampleNotification(), 'example.org').messageId}`);
  });
});
