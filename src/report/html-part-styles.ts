const verdict = `
.verdict { border-left: 5px solid var(--status); padding: 0.5rem 0 0.6rem 1.6rem !important; margin-top: 0.6rem; }
.status { display: flex; align-items: center; gap: 0.5rem; color: var(--status); font-weight: 650; font-size: 0.98rem; }
.status .mark { width: 0.65rem; height: 0.65rem; border-radius: 50%; background: var(--status); }
.verdict h1 { font: 600 1.8rem/1.28 var(--serif); letter-spacing: -0.012em; margin-top: 0.5rem; max-width: 34em; text-wrap: pretty; }
.facts { display: flex; flex-wrap: wrap; gap: 0.9rem 2.8rem; margin-top: 1.3rem; }
.facts dt { color: var(--soft); font-size: 0.82rem; }
.facts dd { font-weight: 600; font-size: 1.06rem; display: flex; align-items: center; gap: 0.6rem; }
.facts .meter { width: 6rem; max-width: none; }
.urgency-now dd, .at-risk dd { color: var(--bad); }
.advices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.1rem 2rem; margin-top: 1.4rem; }
.advices:empty { display: none; }
.advice h2 { font: 600 0.92rem var(--sans); margin-bottom: 0.35rem; }
.advice li { position: relative; padding-left: 1.2rem; margin-top: 0.3rem; font-size: 0.96rem; }
.advice li::before { position: absolute; left: 0; font-weight: 700; }
.do-not h2, .do-not li::before { color: var(--bad); }
.do-not li::before { content: '\\00d7'; }
.until-then h2, .until-then li::before { color: var(--good); }
.until-then li::before { content: '\\2192'; }
.host { color: var(--soft); font-size: 0.85rem; margin-top: 1.3rem; }
.meter { display: inline-block; width: 8rem; max-width: 40%; height: 0.5rem; background: var(--track); border-radius: 2px; overflow: hidden; }
.meter > span { display: block; height: 100%; background: var(--status); }
nav { margin-top: 1.6rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.3rem; font-size: 0.9rem; }
main > nav + section { margin-top: 1.2rem; border-top: 1px solid var(--rule); }
`;

const causes = `
.cause + .cause { margin-top: 2.4rem; padding-top: 1.8rem; border-top: 1px dashed var(--rule); }
.cause > p, .known { margin-top: 0.5rem; }
.belief { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 0.6rem; }
.belief code { color: var(--soft); }
.chain { display: flex; flex-wrap: wrap; gap: 0.35rem 0; margin-top: 0.9rem; font: 500 0.86rem/1.5 var(--mono); }
.chain li { display: flex; align-items: center; border: 1px solid var(--rule); border-radius: 4px; padding: 0.15rem 0.55rem; position: relative; margin-right: 1.7rem; }
.chain li:not(:last-child)::after { content: '\\2192' / ''; position: absolute; right: -1.35rem; color: var(--soft); }
.chain li:first-child { border-color: var(--status); }
.known b { font-family: var(--mono); font-size: 0.88em; }
.evidence { margin-top: 1.3rem; }
.evidence > li { display: grid; grid-template-columns: 2.8rem 9.5rem minmax(0, 1fr); column-gap: 0.9rem; padding: 0.6rem 0; border-top: 1px solid var(--rule); align-items: start; }
.evidence .weight { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
.weight-bar { margin-top: 0.4rem; overflow: visible; }
.weight-bar .for { fill: var(--accent); }
.weight-bar .against { fill: var(--part-2); }
.weight-bar .zero { stroke: var(--soft); stroke-width: 1; }
.prior .against, .prior .for { fill: var(--part-5); opacity: 0.6; }
.prior .says { color: var(--soft); }
.excerpt { margin-top: 0.3rem; white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); line-height: 1.45; border-left: 2px solid var(--rule); padding-left: 0.7rem; max-height: 16rem; overflow: auto; }
.says .source { display: inline-block; max-width: 100%; }
.references { margin-top: 0.7rem; font-size: 0.86rem; }
.references li { margin-top: 0.1rem; }
`;

const ways = `
.known-advice li { margin-bottom: 0.5rem; }
.known-advice b { font-family: var(--mono); font-size: 0.88em; margin-right: 0.3rem; }
.ways { counter-reset: way; }
.way { counter-increment: way; position: relative; padding: 0 0 0 2.2rem; margin-top: 1.6rem; }
.way::before { content: counter(way); position: absolute; left: 0; top: -0.1rem; font: 600 1.25rem/1.3 var(--serif); color: var(--soft); }
.way > p { margin-top: 0.2rem; }
.before { list-style: none; }
.before li { position: relative; padding-left: 1.5rem; }
.before li::before { content: ''; position: absolute; left: 0; top: 0.38em; width: 0.8em; height: 0.8em; border: 1.5px solid var(--soft); border-radius: 2px; }
.commands { background: var(--panel); border-radius: 4px; padding: 0.75rem 1rem; margin-top: 0.3rem; overflow-x: auto; white-space: pre; line-height: 1.6; }
.commands code { font-size: 1em; }
.after { margin-top: 0.7rem; }
.after > div { display: grid; grid-template-columns: 4rem minmax(0, 1fr); margin-top: 0.15rem; }
.after dt { font-weight: 600; font-size: 0.92rem; color: var(--soft); }
`;

const lists = `
.rows > li + li { margin-top: 0.9rem; }
.symptoms > li { display: grid; grid-template-columns: minmax(0, 1fr) 14rem; gap: 0.2rem 2rem; align-items: center; }
.symptoms .chart { margin-bottom: 0.1rem; }
.symptoms .figure { color: var(--soft); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.timeline { margin-bottom: 1rem; }
.timeline-tick, .timeline-lane { stroke: var(--rule); stroke-width: 1; }
.timeline-tick { stroke-dasharray: 2 4; }
.timeline-onset { stroke: var(--bad); stroke-width: 2; }
.timeline-event { fill: var(--soft); fill-opacity: 0.75; }
.timeline-event.suspect { fill: var(--bad); fill-opacity: 1; }
.events li { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 1rem; padding: 0.25rem 0; }
.events time { color: var(--soft); line-height: 1.8; }
.subjects details { border-top: 1px solid var(--rule); }
.subjects details:last-child { border-bottom: 1px solid var(--rule); }
summary { cursor: pointer; padding: 0.5rem 0; }
.subjects summary { display: grid; grid-template-columns: 1rem 6.6rem 2.2rem minmax(0, 1fr); align-items: baseline; }
.subjects summary::before { content: '\\25b8'; color: var(--soft); }
.subjects details[open] summary::before { content: '\\25be'; }
.subjects summary::-webkit-details-marker { display: none; }
.count { color: var(--soft); font-variant-numeric: tabular-nums; }
.names { color: var(--soft); font: 0.82rem var(--mono); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
details[open] .names { visibility: hidden; }
.subjects dl { padding: 0.2rem 0 0.9rem 1rem; }
.subjects dl > div, .pairs > div { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 1.6rem; padding: 0.28rem 0; }
.subjects dd, .pairs dd { font-size: 0.94rem; }
.pairs code { display: inline-block; max-width: 100%; color: var(--soft); margin-right: 0.5rem; }
.pairs dt, .subjects dt { font-weight: 500; }
.left-behind h2 { color: var(--warn); }
.left-behind li { margin-top: 0.4rem; }
`;

const charts = `
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 23rem), 1fr)); gap: 1.8rem 2.6rem; }
figcaption { font-weight: 600; font-size: 0.95rem; margin-bottom: 0.55rem; }
.chart { display: block; overflow: visible; font-family: var(--sans); }
.chart text { fill: var(--ink); font-size: 0.84rem; }
.chart .chart-value { font-weight: 600; font-variant-numeric: tabular-nums; }
.chart .chart-note { fill: var(--soft); font-size: 0.78rem; }
.chart-track { fill: var(--track); }
.chart-bar { fill: var(--accent); }
.chart-bar.over { fill: var(--bad); }
.chart-limit { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 2; }
.chart-part { stroke: var(--paper); stroke-width: 2; }
.part-0 { fill: var(--part-0); background: var(--part-0); }
.part-1 { fill: var(--part-1); background: var(--part-1); }
.part-2 { fill: var(--part-2); background: var(--part-2); }
.part-3 { fill: var(--part-3); background: var(--part-3); }
.part-4 { fill: var(--part-4); background: var(--part-4); }
.part-5 { fill: var(--part-5); background: var(--part-5); }
.part-rest { fill: var(--track-rest); background: var(--track-rest); }
.legend { margin-top: 0.6rem; font-size: 0.88rem; }
.legend li { display: grid; grid-template-columns: 1.3rem minmax(0, 1fr) auto; align-items: baseline; padding: 0.08rem 0; }
.legend b { font-weight: 600; font-variant-numeric: tabular-nums; }
.swatch { width: 0.75rem; height: 0.75rem; border-radius: 2px; }
`;

/** Styles of the page's parts, in the order in which they are on it. */
export const partStyles = [verdict, causes, ways, lists, charts].join('');
