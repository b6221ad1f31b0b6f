import { describe, expect, it } from 'vitest';
import { exampleReport, exampleReportNames } from '../../test/reports/example-reports.ts';
import { renderMarkdown } from './markdown.ts';

/** What is left of a page without its code blocks, code spans and escaped characters: all that can be markup. */
function markup(page: string): string {
  return page
    .replace(/^( *)(`{3,})[a-z]*\n[^]*?\n\1\2$/gm, '$1CODE')
    .replace(/\\[^\w\s]/g, 'x')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, 'CODE');
}

describe('the report as Markdown', () => {
  it.each(exampleReportNames)('lets no text of %s be markup', (name) => {
    const left = markup(renderMarkdown(exampleReport(name), { verbose: true }));
    expect(left).not.toMatch(/`|\]\(|!\[|\||~~|@\w|www\.\S/);
    expect(left.match(/<(?!https:\/\/(?:openzfs\.github\.io|github\.com|git\.kernel\.org)\/[^\s<>]*>)/g)).toBeNull();
    for (const line of left.split('\n')) expect(line).toMatch(/^(?:$|#{1,3} | *- | {2}CODE|CODE|[^\s#>+=|`-])/);
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(left).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
  });

  it('has the parts in their order', () => {
    const page = renderMarkdown(exampleReport('v1-story'));
    const headings = page.split('\n').filter((line) => /^##? /.test(line));
    expect(headings).toEqual([
      '# Cause identified (97 %): pve1', '## Why', '## What to do', '## Symptoms', '## What happened before', '## Also noticed', '## Ruled out (49)', '## Cannot tell (12)', '## Could not read (4)', '## Left behind on the host',
    ]);
    expect(page).toContain('```sh\nproxmox-boot-tool kernel list\nproxmox-boot-tool kernel pin <version> --next-boot\nsystemctl reboot\n```');
    expect(page).toContain('- **+8.5** The CPU has AVX');
  });
});
