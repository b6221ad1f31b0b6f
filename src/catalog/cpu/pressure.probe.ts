import { z } from 'zod';
import { defineCounterProbe } from '../../define/probe.ts';
import { unparsable } from '../../define/result.ts';
import { dumpedFiles, keyAndValue, numberIn, words } from '../../lib/host-text.ts';

const lineSchema = z.object({
  /** Share of time stalled over the last 10, 60 and 300 seconds, in percent. */
  avg10: z.number(),
  avg60: z.number(),
  avg300: z.number(),
  totalMicroseconds: z.number(),
});
const resourceSchema = z.object({ some: lineSchema, full: lineSchema.optional() });
/** Stall of one resource: `some`: at least one task waited; `full`: all that had work to do waited at once. */
export type ResourcePressure = z.infer<typeof resourceSchema>;

const schema = z.object({ cpu: resourceSchema, io: resourceSchema, memory: resourceSchema });

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  const values = new Map(words(line).slice(1).map((word) => keyAndValue(word, '=') ?? ['', ''] as const));
  const [avg10, avg60, avg300, total] = ['avg10', 'avg60', 'avg300', 'total'].map((name) => numberIn(values.get(name)));
  if (avg10 === undefined || avg60 === undefined || avg300 === undefined || total === undefined) return undefined;
  return { avg10, avg60, avg300, totalMicroseconds: total };
}

function parseResource(text: string | undefined): ResourcePressure | undefined {
  const lines = (text ?? '').split('\n');
  const some = parseLine(lines.find((line) => line.startsWith('some ')) ?? '');
  const full = parseLine(lines.find((line) => line.startsWith('full ')) ?? '');
  return some === undefined ? undefined : { some, full };
}

/** Pressure stall information, /proc/pressure (kernel document accounting/psi). */
export default defineCounterProbe({
  id: 'pressure',
  title: 'Time stalled for CPU, I/O and memory',
  subject: 'cpu',
  maxBytes: 4_096,
  sh: `[ -d /proc/pressure ] || absent 'this kernel has no pressure stall information'
{ read -r line < /proc/pressure/cpu; } 2>/dev/null || absent 'pressure stall information is switched off (boot with psi=1)'
dump /proc/pressure/cpu /proc/pressure/io /proc/pressure/memory`,
  schema,
  parse: (stdout) => {
    const files = dumpedFiles(stdout);
    const [cpu, io, memory] = ['cpu', 'io', 'memory'].map((name) => parseResource(files.get(`/proc/pressure/${name}`)));
    if (cpu === undefined || io === undefined || memory === undefined) return unparsable('a resource without its line "some"');
    return { cpu, io, memory };
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.18',
      stdout: `==> /proc/pressure/cpu <==
some avg10=17.12 avg60=13.84 avg300=11.02 total=141551444
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
==> /proc/pressure/io <==
some avg10=3.31 avg60=1.16 avg300=0.54 total=13753091
full avg10=1.88 avg60=0.70 avg300=0.36 total=11006663
==> /proc/pressure/memory <==
some avg10=0.00 avg60=0.00 avg300=0.00 total=0
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`,
      expect: { cpu: { some: { avg10: 17.12, totalMicroseconds: 141551444 } }, io: { full: { avg60: 0.7 } }, memory: { some: { avg10: 0 } } },
    },
    {
      from: 'documented',
      where: 'accounting/psi: before Linux 5.13 the file of the CPU has no line "full"',
      stdout: `==> /proc/pressure/cpu <==
some avg10=0.00 avg60=0.00 avg300=0.00 total=1
==> /proc/pressure/io <==
some avg10=0.00 avg60=0.00 avg300=0.00 total=2
full avg10=0.00 avg60=0.00 avg300=0.00 total=3
==> /proc/pressure/memory <==
some avg10=0.00 avg60=0.00 avg300=0.00 total=4
full avg10=0.00 avg60=0.00 avg300=0.00 total=5
`,
      expect: { cpu: { some: { totalMicroseconds: 1 } }, memory: { full: { totalMicroseconds: 5 } } },
    },
    { from: 'documented', where: 'a cut answer', stdout: '==> /proc/pressure/cpu <==\n', expect: 'unparsable' },
  ],
});
