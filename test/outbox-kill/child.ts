/** Child of outbox-kill.test.ts: hands notifications to an outbox in a store on disk, says which are acknowledged, delivers to the parent, and is killed. */
import { writeSync } from 'node:fs';
import type { Channel } from '../../src/define/notification.ts';
import { Outbox } from '../../src/notify/outbox.ts';
import { systemClock } from '../../src/notify/outbox/lane.ts';
import { seededRandom } from '../../src/lib/testing.ts';
import { exampleNotification } from '../../src/notify/testing.ts';
import { openStore } from '../../src/store/open.ts';
import { OutboxInStore } from '../../src/watch/outbox-in-store.ts';

const [folder = '', address = '', round = '', drain = ''] = process.argv.slice(2);
const random = seededRandom(Number(round));

const channel = (name: string): Channel => ({
  name,
  deliver: async ({ id }, signal) => {
    const response = await fetch(`${address}/${name}/${round}/${id}`, { method: 'POST', signal }).catch(() => undefined);
    if (response?.ok) return { outcome: 'delivered' };
    // The receiver may have it all the same.
    writeSync(1, `unanswered ${name}/${id}\n`);
    return { outcome: 'failed', reason: 'no answer' };
  },
});

const outbox = new Outbox({
  store: new OutboxInStore(await openStore(`${folder}/state.sqlite`, { asServer: true })),
  channels: ['one', 'other'].map((name) => ({ channel: channel(name), limits: { timeoutMs: 120_000, gatherMs: 0, gatherMostMs: 0 }, wants: () => true })),
  clock: systemClock,
  random,
  digestOf: () => {
    throw new Error('no channel here takes digests');
  },
});
await outbox.start();
writeSync(1, 'ready\n');
for (let number = 0; ; number += 1) {
  // Only delivers what others left.
  if (drain !== '') break;
  const ids = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => `${round}-${number}-${index}`);
  await Promise.all(ids.map(async (id, index) => {
    await outbox.enqueue(exampleNotification({ id, incidentId: `incident ${index}` }));
    writeSync(1, `ack ${id}\n`);
  }));
  await new Promise((resolve) => setTimeout(resolve, random() * 8));
}
