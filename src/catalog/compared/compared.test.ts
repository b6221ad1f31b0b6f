import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '../index.ts';
import { comparison } from './index.ts';

interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** The schemas of what a word of a rule's path leads to. */
function within(schema: Schema, word: string): Schema[] {
  if (schema.anyOf) return schema.anyOf.flatMap((one) => within(one, word));
  if (schema.type === 'array') return schema.items ? [schema.items] : [];
  if (schema.properties) return word === '*' ? Object.values(schema.properties) : schema.properties[word] ? [schema.properties[word]] : [];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

const schemas = new Map<unknown, Schema>();
function schemaOf(source: { readonly schema: z.ZodType }): Schema {
  const known = schemas.get(source) ?? (z.toJSONSchema(source.schema, { unrepresentable: 'any' }) as Schema);
  schemas.set(source, known);
  return known;
}

const rules = comparison.rules.map((rule) => [`${rule.source.id} ${rule.path}`, rule] as const);

describe('the table of what matters in comparisons', () => {
  it('speaks of many sources, and only of those in the catalogue', () => {
    const known = new Set<unknown>([...catalog.probes, ...catalog.facts]);
    expect(rules.length).toBeGreaterThan(200);
    expect(rules.filter(([, { source }]) => !known.has(source)).map(([name]) => name)).toEqual([]);
  });

  it.each(rules)('%s exists', (_, rule) => {
    const words = rule.path === '' ? [] : rule.path.split('/');
    const reached = words.reduce<Schema[]>((found, word) => found.flatMap((schema) => within(schema, word)), [schemaOf(rule.source)]);
    expect(reached.length).toBeGreaterThan(0);
    const elements = reached.flatMap((schema) => (schema.type === 'array' && schema.items ? [schema.items] : [schema]));
    for (const property of [...(rule.shows ?? []), ...(rule.setOf ?? [])]) expect(elements.some((element) => within(element, property).length > 0), property).toBe(true);
    const parents = words.slice(0, -1).reduce<Schema[]>((found, word) => found.flatMap((schema) => within(schema, word)), [schemaOf(rule.source)]);
    if (rule.enough) expect(parents.some((parent) => within(parent, rule.enough!.of).length > 0)).toBe(true);
  });

  it.each(rules.filter(([, { kind }]) => kind !== 'ignored'))('%s has a weight and a name', (_, rule) => {
    const weights = typeof rule.weight === 'number' ? [rule.weight] : Object.values(rule.weight);
    for (const weight of weights) expect(weight >= 0 && weight <= 100).toBe(true);
    expect(rule.name).toMatch(/^\S.*[^.\s]$/);
    const stars = rule.path.split('/').filter((word) => word.endsWith('*')).length;
    for (const text of [rule.name, rule.lost, rule.gained, rule.label]) for (const [, digit] of (text ?? '').matchAll(/\{(\d)/g)) expect(Number(digit)).toBeLessThanOrEqual(stars);
  });

  it('has no rule that an earlier one hides', () => {
    const seen = new Set<string>();
    const twice = rules.filter(([name]) => seen.size === seen.add(name).size).map(([name]) => name);
    expect(twice).toEqual([]);
  });
});
