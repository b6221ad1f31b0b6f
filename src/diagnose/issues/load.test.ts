import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { absent } from '../../define/result.ts';
import { issueLimits, loadIssue } from './load.ts';

const log = defineFact({
  id: 'kernel-log',
  title: 'Kernel log',
  needs: {},
  schema: z.object({ lines: z.array(z.string()) }),
  derive: () => absent('example'),
  examples: [],
});
const good = `---
id: MY-1
title: Foo crashes
cause: kernel-oops
affected:
  - {component: kernel, flavour: proxmox, fixed: 6.8.8-1}
signs:
  - when: kernelLog.lines.exists(l, l.matches("foo"))
    strength: decisive
    says: the kernel crashed in foo
mitigations: [Update.]
references: [example/example 1]
examples:
  match: [{name: crash, given: {kernelLog: {lines: [foo]}}}]
  noMatch: [{name: none, given: {kernelLog: {lines: []}}}]
---

What it is.
`;
const load = (text: string) => loadIssue(text, 'my.issue.md', [log]);
const problems = (text: string) => {
  const loaded = load(text);
  return 'problems' in loaded ? loaded.problems : [];
};

describe('loadIssue', () => {
  it('reads an issue', () => {
    expect(load(good)).toMatchObject({
      issue: {
        id: 'MY-1',
        affected: [{ component: 'kernel', flavour: 'proxmox', fixed: '6.8.8-1' }],
        refutedBy: [],
        prose: 'What it is.',
        file: 'my.issue.md',
      },
    });
  });

  it.each([
    ['', ['my.issue.md:1: the file does not begin with a line ---']],
    [good.replace('kernelLog.lines.exists', 'kernelLog.line.exists'), ['my.issue.md:8: signs[0].when: No such key: line (at character 11)']],
    [good.replace('when: kernelLog', 'when: otherLog'), ['my.issue.md:8: signs[0].when: there is no source otherLog (at character 1)']],
    [good.replace('strength: decisive', 'strength: sure'), ['my.issue.md:9: signs[0].strength: Invalid option: expected one of "decisive"|"strong"|"weak"']],
    [good.replace('title: Foo crashes', 'titel: Foo'), ['my.issue.md:2: title: Invalid input: expected string, received undefined', 'my.issue.md:2: Unrecognized key: "titel"']],
    [good.replace('id: MY-1', 'id: "MY-1'), [expect.stringMatching(/^my\.issue\.md:\d+: Missing closing "quote$/)]],
    [good.replace('id: MY-1', 'id: my1'), ['my.issue.md:2: id: an id like PVK-001']],
  ])('says file and line of what is wrong (%#)', (text, expected) => expect(problems(text)).toEqual(expected));

  it('without sources checks the syntax of expressions only', () => {
    expect(loadIssue(good.replace('kernelLog.lines', 'any.thing'), 'my.issue.md')).toHaveProperty('issue');
    expect(loadIssue(good.replace('"foo"', '"("'), 'my.issue.md')).toHaveProperty('problems');
  });

  it('bounds size and expansion', () => {
    expect(problems(good + 'x'.repeat(issueLimits.characters))[0]).toContain('longer than');
    const bomb = `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`;
    expect(problems(`---\n${bomb}\n---\n`).length).toBeGreaterThan(0);
    expect(problems(`---\n${'['.repeat(20_000)}\n---\n`).length).toBeGreaterThan(0);
  });

  it('never throws', () => {
    const line = fc.constantFrom('id: MY-1', 'signs:', '  - when: "', "  - when: 'x'", '    says: &a *a', '- *b', '? :', '{[', '!!js/function x', '\t- a', '|', '>', '%YAML 9', '...', '---');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(line).map((lines) => lines.join('\n'))), (text) => {
        load(text);
        load(`---\n${text}\n---\n`);
      }),
      { numRuns: 1_000 },
    );
  });
});
