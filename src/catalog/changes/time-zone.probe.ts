import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, keyAndValue } from '../../lib/host-text.ts';

const schema = z.object({
  nowSeconds: z.number(),
  /** Minutes east of UTC, now. */
  offsetMinutes: z.number(),
  /** Name in the IANA database. */
  name: z.string().optional(),
});
export type TimeZone = z.infer<typeof schema>;

/** Logs of dpkg, apt and ZFS are in local time without saying which: this says it. */
export default defineProbe({
  id: 'time-zone',
  title: 'Time zone',
  subject: 'kernel',
  stage: 'early',
  maxBytes: 1_024,
  sh: `date '+now=%s %z'
[ -r /etc/timezone ] && read -r name </etc/timezone && echo "name=$name"
if [ -L /etc/localtime ]; then echo "link=$(readlink /etc/localtime)"; fi
:`,
  schema,
  parse: (stdout) => {
    const values = new Map(stdout.split('\n', 10).map((line) => keyAndValue(line, '=') ?? ['', '']));
    const [, seconds, sign, hours, minutes] = /^(\d{1,12}) ([+-])(\d\d)(\d\d)$/.exec(values.get('now') ?? '') ?? [];
    const nowSeconds = countIn(seconds);
    if (nowSeconds === undefined) return unparsable('the time is not there');
    const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) || 0;
    const linked = /zoneinfo\/(?:posix\/|right\/)?([A-Za-z0-9_+/-]{1,64})$/.exec(values.get('link') ?? '')?.[1];
    const named = /^[A-Za-z0-9_+/-]{1,64}$/.exec((values.get('name') ?? '').trim())?.[0];
    const name = linked ?? named;
    return { nowSeconds, offsetMinutes, ...(name === undefined ? {} : { name }) };
  },
  examples: [
    { from: 'recorded', where: 'Debian 12', stdout: 'now=1795444000 +0000\nname=Etc/UTC\nlink=/usr/share/zoneinfo/Etc/UTC\n', expect: { nowSeconds: 1_795_444_000, offsetMinutes: 0, name: 'Etc/UTC' } },
    { from: 'documented', where: 'localtime(5): the link counts, /etc/timezone may be stale', stdout: 'now=1795444000 -0330\nname=Europe/Berlin\nlink=../usr/share/zoneinfo/America/St_Johns\n', expect: { offsetMinutes: -210, name: 'America/St_Johns' } },
    { from: 'documented', where: 'busybox without zones', stdout: 'now=1795444000 +0100\n', expect: { offsetMinutes: 60 } },
    { from: 'documented', where: 'a broken date', stdout: 'now=\n', expect: 'unparsable' },
  ],
});
