import { z } from 'zod';
import { comparisonSchema } from '../define/comparison.ts';
import { reportSchema } from '../define/report.ts';

/** JSON Schema (draft 2020-12) of the report. It lets further properties pass, so that what reads version 1 goes on to work when some are added. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'urn:culprit:report:1',
    title: 'Culprit report, version 1',
    description: 'What one investigation of a virtualisation host found. Every text in it may come from the host: escape it where it is shown.',
    ...schema,
  };
}

/** JSON Schema (draft 2020-12) of what `culprit compare --json` prints. It, too, lets further properties pass. */
export function comparisonJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(comparisonSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'urn:culprit:comparison:1',
    title: 'Culprit comparison, version 1',
    description: 'What differs between two states of a host, or between two hosts, the most suspicious first. Every text in it may come from a host: escape it where it is shown.',
    ...schema,
  };
}
