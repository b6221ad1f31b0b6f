import { z } from 'zod';
import { seriesSchema } from '../../define/history.ts';
import { defineProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';

const schema = z.object({
  /** The `instance` label of the host. */
  instance: z.string(),
  /** Counters as rates (`…:rate`, src/define/history.ts), summed over processors. */
  series: z.array(seriesSchema),
});

/** What a Prometheus-compatible server has kept of this host, asked from the client (`--prometheus`). Nothing runs on the host for it. */
export default defineProbe({
  id: 'prometheus-history',
  title: 'History kept by a Prometheus server',
  subject: 'kernel',
  vantage: 'client',
  sh: '',
  maxBytes: 4_194_304,
  schema,
  parse: (stdout) => {
    try {
      const checked = schema.safeParse(JSON.parse(stdout));
      return checked.success ? checked.data : unparsable('not what a look at a history gives');
    } catch {
      return unparsable('not JSON');
    }
  },
  examples: [
    {
      from: 'documented',
      where: 'culprit investigate --prometheus: src/investigate/history.ts',
      stdout: JSON.stringify({ instance: 'pve1:9100', series: [{ metric: 'node_load1', labels: {}, timesMs: [600_000, 1_200_000], values: [1, 2] }] }),
      expect: { instance: 'pve1:9100', series: [{ metric: 'node_load1', values: [1, 2] }] },
    },
    { from: 'documented', where: 'times that do not ascend', stdout: JSON.stringify({ instance: 'pve1:9100', series: [{ metric: 'node_load1', labels: {}, timesMs: [2, 1], values: [1, 2] }] }), expect: 'unparsable' },
    { from: 'documented', where: 'cut short', stdout: '{"instance":', expect: 'unparsable' },
  ],
});
