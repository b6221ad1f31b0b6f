import type { Host } from '../define.ts';
import type { LoadOptions } from './target.ts';

/** What a host does when nobody works: a few lines into the log, small writes that are made safe, a timer that looks around. */
export async function idleNight(host: Host, { folder = '/var/tmp', unit = 'idle-night', guest }: LoadOptions & { readonly folder?: string } = {}): Promise<void> {
  const script = `while :; do
  for i in 1 2 3 4 5; do
    echo "$(date) status" >> ${folder}/status.log
    sleep 2
  done
  logger -t cron "nothing to do"
  dd if=/dev/urandom of=${folder}/state.tmp bs=4k count=4 conv=fsync status=none && mv ${folder}/state.tmp ${folder}/state
  df / > /dev/null
done`;
  await host.start(unit, script, { guest });
}
