import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relabelling } from './relabel.ts';
import { relabelRuleSchema } from './settings.ts';

const relabelled = (rules: readonly unknown[], metric: string, labels: Record<string, string> = {}) => relabelling(rules.map((rule) => relabelRuleSchema.parse(rule)))({ metric, labels });

describe('relabelling', () => {
  it.each([
    ['keeps what matches as a whole', [{ action: 'keep', source_labels: ['__name__'], regex: 'node_load' }], 'node_load1', {}, undefined],
    ['drops what matches', [{ action: 'drop', source_labels: ['__name__'], regex: 'go_.*|process_.*' }], 'go_threads', {}, undefined],
    ['leaves what does not', [{ action: 'drop', source_labels: ['__name__'], regex: 'go_' }], 'go_threads', {}, { metric: 'go_threads', labels: {} }],
    ['joins labels', [{ action: 'keep', source_labels: ['a', 'b'], regex: 'x;y' }], 'm', { a: 'x', b: 'y' }, { metric: 'm', labels: { a: 'x', b: 'y' } }],
    ['replaces', [{ source_labels: ['a'], regex: '(\\w+)-(?P<n>\\d+)', target_label: 'b', replacement: '${n}$$$1' }], 'm', { a: 'disk-7' }, { metric: 'm', labels: { a: 'disk-7', b: '7$disk' } }],
    ['has labels in the target', [{ source_labels: ['a'], regex: '(.*)=(.*)', target_label: '$1', replacement: '$2' }], 'm', { a: 'k=v' }, { metric: 'm', labels: { a: 'k=v', k: 'v' } }],
    ['takes a label without value away', [{ source_labels: ['a'], regex: 'x', target_label: 'a', replacement: '' }], 'm', { a: 'x' }, { metric: 'm', labels: {} }],
    ['renames the metric', [{ source_labels: ['__name__'], regex: 'old_(.*)', target_label: '__name__', replacement: 'new_$1' }], 'old_a', {}, { metric: 'new_a', labels: {} }],
    ['maps labels', [{ action: 'labelmap', regex: 'k_(.+)' }], 'm', { k_a: '1', b: '2' }, { metric: 'm', labels: { k_a: '1', b: '2', a: '1' } }],
    ['drops labels', [{ action: 'labeldrop', regex: 'a|c' }], 'm', { a: '1', b: '2', ac: '3' }, { metric: 'm', labels: { b: '2', ac: '3' } }],
    ['keeps labels', [{ action: 'labelkeep', regex: '__name__|a' }], 'm', { a: '1', b: '2' }, { metric: 'm', labels: { a: '1' } }],
    ['drops what has no name left', [{ action: 'labelkeep', regex: 'a' }], 'm', { a: '1' }, undefined],
    ['takes a dot for a line end too', [{ action: 'drop', source_labels: ['a'], regex: '.*' }], 'm', { a: 'x\ny' }, undefined],
  ])('%s', (_, rules, metric, labels, expected) => expect(relabelled(rules, metric, labels as Record<string, string>)).toEqual(expected));

  it.each([{ action: 'replace' }, { action: 'keep' }, { regex: '(' , target_label: 'a' }, { regex: '(?=a)', target_label: 'a' }, { action: 'other' }, { source_labels: ['a b'] }])('refuses %j', (rule) => expect(relabelRuleSchema.safeParse(rule).success).toBe(false));

  it('takes linear time where a backtracking engine would not', () => {
    const before = process.cpuUsage();
    expect(relabelled([{ action: 'drop', source_labels: ['a'], regex: '(a*)*b' }], 'm', { a: 'a'.repeat(20_000) })).toBeDefined();
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  }, 60_000);

  it('never throws, whatever labels there are', () => {
    const rules = [{ source_labels: ['a', 'b'], regex: '(.*);(.*)', target_label: '$1', replacement: '$2$9${x}$' }, { action: 'labelmap', regex: '(.*)', replacement: 'x_$1' }];
    fc.assert(fc.property(fc.string(), fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string()), (metric, labels) => void relabelled(rules, metric, labels)), { numRuns: 100 });
  });
});
