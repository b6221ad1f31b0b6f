import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import type { Source } from '../../define/source.ts';
import { checkExpression } from './expression-check.ts';

function source(id: string, schema: z.ZodType): Source {
  return defineFact({ id, title: id, needs: {}, schema, derive: () => absent('example'), examples: [] });
}

const sources = [
  source('kernel-log', z.object({ lines: z.array(z.object({ text: z.string(), secondsSinceBoot: z.number().optional() })) })),
  source('zfs-parameters', z.record(z.string(), z.string())),
  source('cpu-info', z.object({ flags: z.array(z.string()), vendor: z.enum(['intel', 'amd']), family: z.int() })),
  source('disks', z.array(z.discriminatedUnion('kind', [z.object({ kind: z.literal('nvme'), spare: z.number() }), z.object({ kind: z.literal('ata'), hours: z.number() })]))),
];
const check = (expression: string) => checkExpression(expression, sources);

describe('checkExpression', () => {
  it.each([
    'kernelLog.lines.exists(l, l.text.matches("CSTS=0xffffffff"))',
    'kernelLog.lines.filter(l, l.text.contains("x")).size() >= 3',
    'kernelLog.lines.exists(l, has(l.secondsSinceBoot) && l.secondsSinceBoot < 60)',
    '"avx" in cpuInfo.flags && cpuInfo.family == 25 && cpuInfo.vendor == "amd"',
    'cpuInfo.family in [25, 26]',
    'has(zfsParameters.zfs_arc_max) && zfsParameters.zfs_arc_max == "0"',
    'zfsParameters["zfs_arc_max"] == "0"',
    'disks.exists(d, d.kind == "nvme" && d.spare * 2 < 10)',
    'disks.exists(d, d.kind == "ata" && d.hours > 30000)',
    'disks.exists(d, kernelLog.lines.exists(l, l.text.contains(d.kind)))',
  ])('takes %s', (expression) => expect(check(expression)).toBeUndefined());

  it.each([
    ['kernelLogs.lines.size() > 1', 'there is no source kernelLogs', 0],
    ['true && kernelLog.line.size() > 1', 'No such key: line', 18],
    ['has(kernelLog.line)', 'No such key: line', 14],
    ['kernelLog.lines.exists(l, has(l.foo))', 'No such key: foo', 32],
    ['cpuInfo.vendor == 25', 'no such overload: string == int', 0],
    ['cpuInfo.family > "25"', 'no such overload: double > string', 0],
    ['disks.exists(d, d.age > 3)', 'No such key: age', 18],
    ['cpuInfo.family', 'gives double, not true or false', 0],
    ['cpuInfo.family ==', 'Unexpected token: EOF', 17],
    ['cpuInfo.vendor.matches("(")', 'error parsing regexp: missing closing ): `(`', 23],
    ['cpuInfo.flags.exists(a, cpuInfo.flags.exists(b, cpuInfo.flags.exists(c, a == b)))', 'loops are nested too deeply', 48],
    ['cel.bind(x, 1, x > 1)', 'bind() is not available', 0],
  ])('refuses %s', (expression, message, offset) => expect(check(expression)).toEqual({ message, offset }));

  it('never throws', () => {
    const word = fc.constantFrom('cpuInfo', '.', 'flags', '(', ')', '&&', '!', 'has', 'exists', ',', 'd', '==', '1', '"a"', 'matches', '[', ']', 'in', '?', ':', ' ');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(word, { maxLength: 25 }).map((words) => words.join(''))), (text) => {
        check(text);
      }),
      { numRuns: 2_000 },
    );
  });
});
