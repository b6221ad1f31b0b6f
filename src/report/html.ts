import { renderToString } from 'preact-render-to-string';
import type { Report } from '../define/report.ts';
import { cleanReport } from './clean-report.ts';
import { causesSection, experimentsSection, mitigationsSection } from './html-causes.ts';
import { colophon, contents, leftBehindSection, notReadSection, ruledOutSection, unknownSection } from './html-lists.ts';
import { styles } from './html-styles.ts';
import { html } from './html-tag.ts';
import { alsoNoticedSection, baselineSection, figuresSection, historySection, masthead, symptomsSection, verdictSection } from './html-verdict.ts';
import { hostName, statusWords } from './words.ts';

/** No script, no request: only the styles within the page. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The report as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function renderHtml(report: Report): string {
  const clean = cleanReport(report);
  const title = renderToString(html`<title>${`${statusWords[clean.verdict.status]}: ${hostName(clean)} – Culprit`}</title>`);
  const body = renderToString(html`
    <body class=${`is-${clean.verdict.status}`}>
      ${masthead(clean)}
      <main>
        ${verdictSection(clean)} ${contents(clean)} ${causesSection(clean)} ${experimentsSection(clean)} ${mitigationsSection(clean)}
        ${symptomsSection(clean)} ${figuresSection(clean)} ${historySection(clean)} ${baselineSection(clean)} ${alsoNoticedSection(clean)} ${ruledOutSection(clean)}
        ${unknownSection(clean)} ${notReadSection(clean)} ${leftBehindSection(clean)}
      </main>
      ${colophon(clean)}
    </body>`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    title,
    `<style>${styles}</style>`,
    '</head>',
    body,
    '</html>',
    '',
  ].join('\n');
}
