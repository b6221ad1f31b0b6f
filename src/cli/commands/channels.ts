import { randomUUID } from 'node:crypto';
import { UserError } from '../../define/errors.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { chartPng } from '../../notify/chart/chart-png.ts';
import { makeChannel } from '../../notify/index.ts';
import { testNotification } from '../../notify/render.ts';
import { readServerSettings } from '../../settings/read.ts';
import { timeZoneOf } from '../../settings/server.ts';
import { abortable, interruptedStatus } from '../process.ts';
import { settingsPath } from '../settings-path.ts';

/** `culprit channels test [name]`: sends a test message by one channel of the settings, or by all, and says how that ended. The exit status is 1 when one did not arrive. */
export async function channelsTestAction(name: string | undefined, { config }: { readonly config?: string }): Promise<number> {
  const settings = readServerSettings(settingsPath(config), process.env);
  const chosen = settings.channels.filter((channel) => name === undefined || channel.name === name);
  if (chosen.length === 0) {
    const known = settings.channels.map((channel) => channel.name);
    throw new UserError('id-not-known', name === undefined ? 'The settings name no channel.' : `There is no channel "${name}".`, known.length === 0 ? 'Channels are described in docs/notification.md.' : `Channels: ${known.join(', ')}.`);
  }
  const timeZone = timeZoneOf(settings);
  return abortable(async (signal) => {
    let failures = 0;
    for (const one of chosen) {
      const { channel, limits } = makeChannel(one, { nowMs: () => Date.now(), chartPng });
      const delivery = await channel.deliver(testNotification(`test-${randomUUID()}`, one.name, Date.now(), timeZone), AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]));
      if (signal.aborted) return interruptedStatus;
      const arrived = delivery.outcome === 'delivered';
      if (!arrived) failures += 1;
      const remark = arrived ? delivery.remark : delivery.reason;
      process.stdout.write(`${one.name} (${one.type}): ${arrived ? 'delivered' : 'did not arrive'}${remark === undefined ? '' : `: ${forTerminal(remark)}`}\n`);
    }
    return failures === 0 ? 0 : 1;
  });
}
