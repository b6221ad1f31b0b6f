import { describe, expect, it } from 'vitest';
import { exampleReport, exampleReportNames } from '../../test/reports/example-reports.ts';
import { renderHtml } from './html.ts';
import { styles } from './html-styles.ts';

const withoutEnd = new Set(['meta', 'br', '!doctype']);

/** Tags that are not closed, or closed where they were not open. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const withoutStyle = page.replace(/<style>[^<]*<\/style>/, '');
  for (const [, slash, name = '', closed] of withoutStyle.matchAll(/<(\/?)([!a-z][a-z0-9]*)(?:\s+[a-zA-Z0-9-]+(?:="[^"<]*")?)*\s*(\/?)>/g)) {
    if (closed === '/' || withoutEnd.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

function attributes(page: string): string[] {
  return [...page.matchAll(/\s([a-zA-Z:-]+)="/g)].map(([, name = '']) => name);
}

describe('the report as a page', () => {
  it.each(exampleReportNames)('of %s is balanced and has nothing that runs or loads', (name) => {
    const page = renderHtml(exampleReport(name));
    expect(unbalanced(page)).toEqual([]);
    expect(page.match(/<(?!\/?(?:html|head|meta|title|style|body|header|main|footer|nav|section|article|figure|figcaption|details|summary|h[1-4]|p|ul|ol|li|dl|dt|dd|div|span|b|small|code|pre|a|time|br|svg|rect|line|circle|text)\b|!doctype)/g)).toBeNull();
    expect(attributes(page).filter((attribute) => /^on|^src|^xlink|^action|^srcset/i.test(attribute))).toEqual([]);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/url\(|@import|<script|<img|="\s*javascript:/i);
    for (const [, address = ''] of page.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^#[a-z-]+$|^https?:\/\//);
  });

  it('shows hostile text as text', () => {
    const page = renderHtml(exampleReport('v1-hostile'));
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
    expect(page).toContain('&lt;script>alert(1)&lt;/script>');
    expect(page).toContain('\\x1b[31mred');
    expect(page.length).toBeLessThan(500_000);
  });

  it('has the parts in their order, and headings without gaps', () => {
    const page = renderHtml(exampleReport('v1-story'));
    const order = ['<h1', '>97 %', '>Act today', '>Do not<', '>Until then<', 'id="why"', '>decisive<', 'id="do"', 'proxmox-boot-tool kernel list', 'id="symptoms"', 'id="noticed"', 'id="ruled-out"', 'id="unknown"', 'id="not-read"', 'id="left-behind"'];
    const places = order.map((phrase) => page.indexOf(phrase));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    const levels = [...page.matchAll(/<h([1-4])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
  });

  it('says in words what its charts show', () => {
    const page = renderHtml(exampleReport('v1-story'));
    expect(page).toContain('aria-label="Time to write out one transaction group: tank 7.4 s; rpool 0.3 s; limit 5 s"');
    expect(page).toContain('role="meter"');
    expect(page.match(/<svg(?![^>]*(?:aria-label|aria-hidden))/g)).toBeNull();
  });

  it('has unique ids', () => {
    const ids = [...renderHtml(exampleReport('v1-story')).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** Relative luminance of `#rrggbb` (WCAG 2, 1.4.3). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the colours', () => {
  const schemes = [...styles.matchAll(/:root \{([^}]*)\}/g)].map(([, rules = '']) => new Map([...rules.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map(([, name = '', colour = '']) => [name, colour])));

  it.each(['ink', 'soft', 'bad', 'warn', 'good', 'accent'])('of %s stand out from paper and panel, light and dark', (name) => {
    const onScreen = schemes.slice(0, 2);
    expect(onScreen).toHaveLength(2);
    for (const scheme of onScreen) {
      for (const ground of ['paper', 'panel']) {
        const [darker = 0, lighter = 0] = [luminance(scheme.get(name) ?? ''), luminance(scheme.get(ground) ?? '')].sort((one, other) => one - other);
        expect((lighter + 0.05) / (darker + 0.05)).toBeGreaterThan(4.5);
      }
    }
  });
});
