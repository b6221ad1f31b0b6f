import { partStyles } from './html-part-styles.ts';

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --panel: #f2f0eb; --ink: #1d1c1a; --soft: #5c5850; --rule: #dedad2; --track: #e9e5dd;
  --bad: #a8231c; --warn: #855300; --good: #1f6b43; --accent: #23527c; --status: var(--soft);
  --part-0: #23527c; --part-1: #5b8fbe; --part-2: #b3763c; --part-3: #7a8f5a; --part-4: #a26a86; --part-5: #8d8579; --track-rest: #cfc9be;
  --serif: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --panel: #1e2125; --ink: #e6e4df; --soft: #a5a198; --rule: #34373c; --track: #2a2d32;
    --bad: #ff8d82; --warn: #eab85c; --good: #7fcd9f; --accent: #8dbbe8;
    --part-0: #8dbbe8; --part-1: #4f7da8; --part-2: #d39a5f; --part-3: #9cb27a; --part-4: #c08ba5; --part-5: #77736b; --track-rest: #484b51;
  }
}
.is-identified, .is-unreachable { --status: var(--bad); }
.is-suspected, .is-inconclusive { --status: var(--warn); }
.is-healthy { --status: var(--good); }
`;

const base = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 1rem/1.55 var(--sans); }
.masthead, main, footer { max-width: 56rem; margin: 0 auto; padding: 0 1.5rem; }
h1, h2, h3, h4, p, ul, ol, dl, dd, pre, figure { margin: 0; padding: 0; }
h1, h2, h3, h4, p, li, dt, dd, span, code, a, b { overflow-wrap: anywhere; }
ul, ol { list-style: none; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre, .object, time { font-family: var(--mono); font-size: 0.86em; }
h2 { font: 600 1.35rem/1.25 var(--serif); letter-spacing: -0.005em; }
h2 small { font: 400 0.85rem var(--sans); color: var(--soft); margin-left: 0.35rem; }
h3 { font: 600 1.06rem/1.35 var(--sans); }
h4 { font: 600 0.8rem/1.4 var(--sans); color: var(--soft); margin-top: 0.9rem; }
main > section { padding: 2.1rem 0 0.2rem; }
main > section + section { border-top: 1px solid var(--rule); margin-top: 2rem; }
main > section > h2 { margin-bottom: 1.1rem; }
.masthead { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.2rem 1.5rem; padding-top: 1.4rem; padding-bottom: 1rem; }
.wordmark { font: 700 1.02rem var(--serif); }
.where { color: var(--soft); font-size: 0.92rem; min-width: 0; }
.where b { color: var(--ink); font-weight: 600; margin-right: 0.6rem; }
.fine, .source { color: var(--soft); font-size: 0.82rem; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 3px; padding: 0 0.4em; font: 500 0.75rem/1.5 var(--sans); color: var(--soft); vertical-align: 0.1em; }
.badge.strong { color: var(--status); }
.risk-none, .risk-low { color: var(--good); }
.risk-medium { color: var(--warn); }
.risk-high { color: var(--bad); }
.object { background: var(--panel); border-radius: 3px; padding: 0.08rem 0.4rem; }
footer { color: var(--soft); font-size: 0.85rem; padding-top: 2rem; padding-bottom: 3rem; }
footer::before { content: ''; display: block; border-top: 1px solid var(--rule); margin-bottom: 1.3rem; }
footer p { margin-top: 0.5rem; }
.steps { padding: 0.4rem 0 0.2rem 1.1rem; }
.steps li { display: flex; justify-content: space-between; gap: 1rem; max-width: 32rem; }
`;

const narrow = `
@media (max-width: 40rem) {
  .masthead, main, footer { padding-left: 1.1rem; padding-right: 1.1rem; }
  .verdict { padding-left: 1rem !important; }
  .verdict h1 { font-size: 1.4rem; }
  .evidence > li { grid-template-columns: 3rem 1fr; }
  .evidence .weight { text-align: left; }
  .evidence .says { grid-column: 1 / -1; }
  .pairs > div, .subjects dl > div { grid-template-columns: 1fr; gap: 0.15rem; }
  .events li { grid-template-columns: 1fr; gap: 0; }
  .advices, .symptoms > li { grid-template-columns: minmax(0, 1fr); }
}
`;

const print = `
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --panel: #f3f3f3; --ink: #000; --soft: #444; --rule: #bbb; --track: #e4e4e4; --bad: #8f1a14; --warn: #6d4400; --good: #155233; --accent: #1b4267;
    --part-0: #23527c; --part-1: #5b8fbe; --part-2: #b3763c; --part-3: #7a8f5a; --part-4: #a26a86; --part-5: #8d8579; --track-rest: #cfc9be;
  }
  @page { margin: 16mm 15mm; }
  html { font-size: 9.5pt; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .masthead, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav { display: none; }
  main > section { padding-top: 1.2rem; }
  main > section + section { margin-top: 1.1rem; }
  h2, h3, h4 { break-after: avoid; }
  .evidence > li, .way, figure, .pairs > div, .advice, .rows li { break-inside: avoid; }
  details::details-content { content-visibility: visible; height: auto; display: block; }
  details > summary .names { display: none !important; }
  .commands { white-space: pre-wrap; }
  .excerpt { max-height: none; }
  a { color: inherit; }
}
`;

/** The whole style sheet. It names no address: everything is within the page. */
export const styles = [colours, base, partStyles, narrow, print].join('');
