import { Environment } from '@marcbachmann/cel-js';
import { z } from 'zod';
import type { Source } from '../../define/source.ts';
import { registerMixedArithmetic, variableName } from './expression.ts';
import { parserLimits } from './syntax.ts';

/** The parts of JSON Schema that zod writes for plain data. */
interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const scalarTypes: Readonly<Record<string, string>> = { string: 'string', number: 'double', integer: 'double', boolean: 'bool' };

function typeOfValues(values: readonly unknown[]): string {
  const types = new Set(values.map((value) => scalarTypes[typeof value] ?? 'dyn'));
  return types.size === 1 ? ([...types][0] ?? 'dyn') : 'dyn';
}

function pascalCase(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').replace(/^./, (letter) => letter.toUpperCase());
}

/** Alternatives of objects become one object with the fields of all; a field whose type differs may be anything. */
function mergeAlternatives(alternatives: readonly JsonSchema[]): JsonSchema {
  if (!alternatives.every((alternative) => alternative.properties)) return {};
  const properties: Record<string, JsonSchema> = {};
  for (const alternative of alternatives) {
    for (const [name, schema] of Object.entries(alternative.properties ?? {})) {
      const other = properties[name];
      const same = other === undefined || JSON.stringify(other) === JSON.stringify(schema);
      const bothText = other?.type === 'string' && schema.type === 'string';
      properties[name] = same ? schema : bothText ? { type: 'string' } : {};
    }
  }
  return { type: 'object', properties };
}

/** Registers the types of a schema under names that begin with `name`, and gives the type's name. */
function registerType(environment: Environment, schema: JsonSchema, name: string): string {
  if (schema.const !== undefined) return typeOfValues([schema.const]);
  if (schema.enum) return typeOfValues(schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) {
    const types = new Set(alternatives.map((alternative) => scalarTypes[alternative.type ?? '']));
    const only = types.size === 1 ? [...types][0] : undefined;
    return only ?? registerType(environment, mergeAlternatives(alternatives), name);
  }
  if (schema.type === 'array') {
    return schema.items && !schema.prefixItems ? `list<${registerType(environment, schema.items, `${name}Item`)}>` : 'list<dyn>';
  }
  if (schema.properties && Object.keys(schema.properties).length > 0) {
    const fields: Record<string, string> = {};
    for (const [field, type] of Object.entries(schema.properties)) {
      fields[field] = registerType(environment, type, name + pascalCase(field));
    }
    environment.registerType(name, { fields });
    return name;
  }
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') {
    return `map<string, ${registerType(environment, schema.additionalProperties, `${name}Value`)}>`;
  }
  return scalarTypes[schema.type ?? ''] ?? 'dyn';
}

function jsonSchemaOf(source: Source): JsonSchema {
  try {
    return z.toJSONSchema(source.schema, { unrepresentable: 'any', io: 'output' }) as JsonSchema;
  } catch {
    return {};
  }
}

/** Stands in for the language's `has`, whose argument is not checked by the language itself. Of the same length, so positions hold. */
export const checkedHasName = 'hAs';

/** An environment in which expressions over these sources can be checked, but not run. */
export function checkingEnvironment(sources: readonly Source[]): Environment {
  const environment = new Environment({ limits: parserLimits });
  for (const source of sources) {
    const variable = variableName(source.id);
    environment.registerVariable(variable, registerType(environment, jsonSchemaOf(source), pascalCase(variable)));
  }
  registerMixedArithmetic(environment);
  for (const operator of ['==', '!='] as const) {
    for (const sides of [['double', 'int'], ['int', 'double']] as const) {
      try {
        environment.registerOperator(`${sides[0]} ${operator} ${sides[1]}`, () => false);
      } catch {
        continue; // each comes with its mirror image
      }
    }
  }
  environment.registerOperator('double in list<int>', () => false);
  environment.registerFunction(`${checkedHasName}(dyn): bool`, () => true);
  return environment;
}
