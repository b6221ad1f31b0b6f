import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { exampleReport, exampleReportNames } from '../../test/reports/example-reports.ts';
import { reportJsonSchema } from './json-schema.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
(addFormats as unknown as (target: Ajv2020) => void)(ajv);
const validate = ajv.compile(reportJsonSchema());

describe('the JSON Schema of the report', () => {
  it('names its draft, itself and its subject', () => {
    expect(reportJsonSchema()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:culprit:report:1', title: 'Culprit report, version 1', type: 'object' });
  });

  it.each(exampleReportNames)('accepts %s', (name) => {
    validate(exampleReport(name));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('lets further properties pass', () => {
    expect(validate({ ...exampleReport('v1-story'), addedLater: 1 })).toBe(true);
  });

  it('refuses what is no report', () => {
    const story = exampleReport('v1-story');
    const { verdict: _verdict, ...withoutVerdict } = story;
    for (const broken of [{}, withoutVerdict, { ...story, schemaVersion: 2 }, { ...story, startedAt: 'yesterday' }, { ...story, verdict: { ...story.verdict, status: 'fine' } }, { ...story, causes: [{ ...story.causes[0], probability: 1.2 }] }]) {
      expect(validate(broken)).toBe(false);
    }
  });
});
