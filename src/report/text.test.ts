import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { exampleReport, exampleReportNames } from '../../test/reports/example-reports.ts';
import { columnsOf } from '../lib/text-layout.ts';
import { renderText } from './text.ts';
import { commandLines } from './text-mitigations.ts';

/** Where each phrase first occurs; all must occur. */
function positions(text: string, phrases: readonly string[]): number[] {
  return phrases.map((phrase) => {
    expect(text).toContain(phrase);
    return text.indexOf(phrase);
  });
}

describe('the report on a terminal', () => {
  it.each(exampleReportNames)('keeps %s within its columns, whatever is in it', (name) => {
    for (const width of [40, 80, 132]) {
      for (const verbose of [false, true]) {
        for (const colour of [false, true]) {
          const lines = renderText(exampleReport(name), { width, verbose, colour }).split('\n');
          expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
        }
      }
    }
  });

  it.each(exampleReportNames)('sends no control character of %s to the terminal', (name) => {
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(renderText(exampleReport(name), { verbose: true })).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
    const coloured = renderText(exampleReport(name), { verbose: true, colour: true });
    // oxlint-disable-next-line no-control-regex -- the colours of ours and nothing else
    expect(coloured.replace(/\u001b\[[0-9]{1,2}m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('says what the change comes from, as text whatever is in it', () => {
    const text = renderText({ ...exampleReport('v1-story'), attribution: { object: 'qemu/103', says: '97 % of the additional work of storage/tank comes from \u001b[31mqemu/103.' } });
    expect(text.replaceAll(/\s+/g, ' ')).toContain('- 97 % of the additional work of storage/tank comes from \\x1b[31mqemu/103.');
  });

  it('says which activity goes with the symptoms, as text whatever is in it', () => {
    const text = renderText({ ...exampleReport('v1-story'), activityPattern: 'IO wait was high in 36 of 36 stretches in which \u001b[31mqemu/100 wrote.' });
    expect(text.replaceAll(/\s+/g, ' ')).toContain('- IO wait was high in 36 of 36 stretches in which \\x1b[31mqemu/100 wrote.');
  });

  it('says the verdict first, then why, then what to do, then the rest', () => {
    const text = renderText(exampleReport('v1-story'));
    const order = positions(text, [
      'CAUSE IDENTIFIED  97 %', 'without AVX', 'Urgency', 'Data at risk', 'Do not', 'Until then', 'Why', 'zfs-crypto-unaccelerated → zfs-txg-stalled', 'PVK-001 The kernel',
      '+8.5', '(decisive)', 'icp_gcm_impl: cycle', '+2.1', '-0.6', 'What to do', 'proxmox-boot-tool kernel pin <version> --next-boot', 'Symptoms ─', 'IO delay was 31 %', 'Also noticed',
      'Ruled out 49', 'Cannot tell 12', 'Could not read 4', 'Root would', 'Left behind', 'culprit explain zfs-crypto-unaccelerated',
    ]);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  });

  it('says one missing thing once', () => {
    const text = renderText(exampleReport('v1-unreachable'));
    expect(text.split('everything on the host').length).toBe(2);
    expect(text).toContain('and 55 more');
    expect(text.split('\n').length).toBeLessThan(60);
  });

  it('is short for a healthy host', () => {
    const text = renderText(exampleReport('v1-healthy'));
    expect(text.split('\n').length).toBeLessThan(40);
    positions(text, ['HEALTHY', '49 causes ruled out, 12 cannot be told', 'The pool tank is at 82 %', '--verbose']);
    expect(text).not.toContain('Why');
  });

  it('names every cause in the complete lists', () => {
    const report = exampleReport('v1-story');
    const text = renderText(report, { verbose: true }).replace(/\s+/g, ' ');
    for (const { id, because } of report.ruledOut) positions(text, [id, because]);
    for (const { id, missing } of report.unknown) positions(text, [id, missing]);
  });

  it('has the same words with colours and without', () => {
    const report = exampleReport('v1-story');
    const coloured = renderText(report, { colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured).replace(/\s+/g, ' ')).toBe(renderText(report).replace(/\s+/g, ' '));
  });

  it('breaks a long command so that it can still be copied', () => {
    expect(commandLines(['pvesm', 'add', 'zfspool', 'plain', '--pool', 'tank/plain'], 24)).toEqual(['pvesm add zfspool \\', '  plain --pool \\', '  tank/plain']);
  });
});
