import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings } from './parse.ts';
import { substitute } from './variables.ts';

const schema = z.strictObject({
  hosts: z.array(z.strictObject({ name: z.string(), ssh: z.string().optional() })).default([]),
  mail: z.strictObject({ password: z.string() }).optional(),
  port: z.number().int().optional(),
});
const files: Readonly<Record<string, string>> = { '/run/secrets/mail': 'hunter2\n' };
const surroundings = {
  env: { NAME: 'pve1', EMPTY: '', MAIL_FILE: '/run/secrets/mail', GONE_FILE: '/run/secrets/gone' },
  readFile: (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  },
};
const parse = (text: string) => parseSettings(text, schema, surroundings);

describe('settings', () => {
  it('of an empty file are the defaults', () => {
    expect(parse('')).toEqual({ settings: { hosts: [] }, problems: [] });
    expect(parse('# nothing yet\n')).toEqual({ settings: { hosts: [] }, problems: [] });
  });

  it('take values from the environment and from files that it names', () => {
    const text = 'hosts:\n  - name: ${NAME}\n    ssh: root@${NAME}.${DOMAIN:-example.org}\nmail:\n  password: ${MAIL}\n';
    expect(parse(text).settings).toEqual({ hosts: [{ name: 'pve1', ssh: 'root@pve1.example.org' }], mail: { password: 'hunter2' } });
  });

  it('name what is not set, with its line, and never a value', () => {
    const { problems } = parse('mail:\n  password: ${GONE}\nhosts:\n  - name: ${NOTHING}\n');
    expect(problems).toEqual([
      { line: 2, path: 'mail.password', says: 'The file of the variable GONE_FILE, /run/secrets/gone, cannot be read (ENOENT).' },
      { line: 4, path: 'hosts[0].name', says: 'The variable NOTHING is not set, and neither is NOTHING_FILE.' },
    ]);
  });

  it('tell all that is wrong at once, each with its line', () => {
    const { problems } = parse('hosts:\n  - name: pve1\n    shh: root@pve1\n  - ssh: root@pve2\nport: high\n');
    expect(problems.map(({ line, path }) => [line, path])).toEqual([
      [2, 'hosts[0]'],
      [4, 'hosts[1].name'],
      [5, 'port'],
    ]);
    expect(problems[0]?.says).toBe('There is no setting "shh" here.');
  });

  it.each([
    ['hosts: [', /no valid YAML/],
    ['port: 1\nport: 2\n', /no valid YAML/],
    [`a: &a [x]\n${Array.from({ length: 12 }, (_, index) => `b${index}: &b${index} [${`*${index === 0 ? 'a' : `b${index - 1}`}, `.repeat(9)}1]`).join('\n')}\n`, /too often/],
    ['x'.repeat(1_000_001), /larger than/],
  ])('refuse %.20s', (text, says) => expect(parse(text).problems[0]?.says).toMatch(says));

  it('never throw, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parse(text).problems)));
  });
});

describe('variables', () => {
  it('a dollar is written twice, and an empty value counts as none', () => {
    expect(substitute('costs $$5 and $HOME', surroundings)).toBe('costs $5 and $HOME');
    expect(substitute('${EMPTY:-x}', surroundings)).toBe('x');
  });

  it('what they hold is not looked at again', () => {
    expect(substitute('${A}', { ...surroundings, env: { A: '${NAME}' } })).toBe('${NAME}');
  });
});
