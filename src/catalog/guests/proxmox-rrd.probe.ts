import { z } from 'zod';
import { seriesSchema } from '../../define/history.ts';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { countIn, words } from '../../lib/host-text.ts';
import { SeriesBuilder } from '../../lib/series-builder.ts';
import { proxmoxRrdFields, proxmoxRrdProgram, type ProxmoxRrdKind } from './proxmox-rrd-rows.ts';
import { proxmoxRrdSamples } from './proxmox-rrd.samples.ts';
import { rrdSamples } from './proxmox-rrd-series.ts';

const schema = z.object({
  /** Of the node, its eight busiest guests and its storages, under node_exporter's names and our own (src/define/history.ts); finer towards the present. */
  series: z.array(seriesSchema),
  /** All was read; else it took too long, and what is here is what came before. */
  complete: z.boolean(),
});
export type ProxmoxRrd = z.infer<typeof schema>;

const maxSeries = 150;
const maxSamples = 60_000;

function isKind(word: string): word is ProxmoxRrdKind {
  return word in proxmoxRrdFields;
}

/** A number as `%.5g` prints it. */
function shortNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,6}(\.\d{1,10})?(e[+-]\d{1,2})?$/.test(text) ? Number(text) : undefined;
}

/** Names that go into labels: `pve1`, `qemu/100`, `local-zfs`. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;

/** What pvestatd has noted every few seconds of this node, its guests and its storages: averages of a minute for a day, of half an hour for a month (before Proxmox VE 9: coarser). */
export default defineProbe({
  id: 'proxmox-rrd',
  title: 'History kept by Proxmox VE',
  subject: 'guests',
  timeoutMs: 8_000,
  maxBytes: 262_144,
  root: { need: 'needed', adds: 'the history of the node and its guests, for root itself (not through sudo)' },
  sh: `[ -d /var/lib/rrdcached/db ] && [ -d /etc/pve ] || absent 'this is not a Proxmox VE host'
need perl
[ -r /var/lib/rrdcached/db ] && [ -x /var/lib/rrdcached/db ] && [ "$(id -u)" = 0 ] || denied 'the history of Proxmox VE is for root only'
perl -e '${proxmoxRrdProgram}' 2>/dev/null
echo end`,
  schema,
  parse: (stdout) => {
    const builder = new SeriesBuilder(maxSeries, maxSamples);
    let current: { readonly kind: ProxmoxRrdKind; readonly name: string } | undefined;
    let complete = false;
    let ended = false;
    for (const line of stdout.split('\n', 20_000)) {
      const [first = '', ...rest] = words(line);
      if (first === 'end') ended = true;
      else if (first === 'all') complete = true;
      else if (isKind(first)) current = namePattern.test(rest[0] ?? '') ? { kind: first, name: rest[0]! } : undefined;
      const seconds = countIn(first);
      if (current === undefined || seconds === undefined) continue;
      const row = Object.fromEntries(proxmoxRrdFields[current.kind].map((field, index) => [field, shortNumber(rest[index])]));
      for (const { metric, labels, value } of rrdSamples(current.kind, current.name, row)) {
        if (value !== undefined) builder.set(metric, labels, seconds * 1000, Number(value.toPrecision(6)));
      }
    }
    return ended ? { series: builder.all(), complete } : unparsable('the answer does not reach its end');
  },
  examples: proxmoxRrdSamples,
});
