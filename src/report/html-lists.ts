import type { Report } from '../define/report.ts';
import { html, type Markup } from './html-tag.ts';
import { leadingCauses, ruledOutBySubject, unknownByMissing } from './outline.ts';
import { commandLine } from './command-line.ts';
import { duration, failureWords } from './words.ts';

/** What is not to blame; a subject unfolds to its reasons. */
export function ruledOutSection(report: Report): Markup {
  if (report.ruledOut.length === 0) return null;
  const titles = new Map(report.ruledOut.map(({ id, title }) => [id, title]));
  return html`
    <section aria-labelledby="ruled-out">
      <h2 id="ruled-out">Ruled out <small>${report.ruledOut.length}</small></h2>
      <div class="subjects">
        ${ruledOutBySubject(report).map(({ subject, count, reasons }) => html`
          <details>
            <summary><b>${subject}</b> <span class="count">${count}</span> <span class="names">${reasons.flatMap(({ ids }) => ids).join(', ')}</span></summary>
            <dl>${reasons.map(({ because, ids }) => html`<div><dt>${ids.map((id) => html`<code title=${titles.get(id)}>${id}</code> `)}</dt><dd>${because}</dd></div>`)}</dl>
          </details>`)}
      </div>
    </section>`;
}

/** What could not be told, by what is missing. */
export function unknownSection(report: Report): Markup {
  if (report.unknown.length === 0) return null;
  return html`
    <section aria-labelledby="unknown">
      <h2 id="unknown">Cannot tell <small>${report.unknown.length}, for want of</small></h2>
      <dl class="pairs">
        ${unknownByMissing(report).map(({ missing, ids }) => html`<div><dt>${missing}</dt><dd>${ids.map((id) => html`<code>${id}</code> `)}</dd></div>`)}
      </dl>
    </section>`;
}

/** What could not be read, why, and what root would add. */
export function notReadSection(report: Report): Markup {
  if (report.notRead.length === 0) return null;
  return html`
    <section aria-labelledby="not-read">
      <h2 id="not-read">Could not read <small>${report.notRead.length}</small></h2>
      <dl class="pairs">
        ${report.notRead.map(({ title, reason, detail, wouldDecide, rootAdds }) => html`
          <div>
            <dt>${title}</dt>
            <dd>
              ${failureWords(reason, detail)}.${rootAdds && html` <b>Root would add</b> ${rootAdds}.`}
              ${wouldDecide.length > 0 && html`<br />Needed for ${wouldDecide.map((id) => html`<code>${id}</code> `)}`}
            </dd>
          </div>`)}
      </dl>
    </section>`;
}

export function leftBehindSection(report: Report): Markup {
  if (report.leftBehind.length === 0) return null;
  return html`
    <section class="left-behind" aria-labelledby="left-behind">
      <h2 id="left-behind">Left behind on the host</h2>
      <p>These commands only read, but hang and cannot be killed. They end when what they wait for answers.</p>
      <ul>${report.leftBehind.map((command) => html`<li><code>${command}</code></li>`)}</ul>
    </section>`;
}

/** Links to the sections that there are. */
export function contents(report: Report): Markup {
  const entries: [string, string, boolean | number][] = [
    ['why', 'Why', report.causes.length],
    ['do', 'What to do', report.causes.some(({ mitigations, knownIssues }) => mitigations.length + knownIssues.length > 0)],
    ['symptoms', 'Symptoms', report.symptoms.length],
    ['baseline', 'Differs from the baseline', report.baseline !== undefined],
    ['noticed', 'Also noticed', report.alsoNoticed.length],
    ['ruled-out', `${report.ruledOut.length} ruled out`, report.ruledOut.length],
    ['unknown', `${report.unknown.length} cannot tell`, report.unknown.length],
    ['not-read', `${report.notRead.length} not read`, report.notRead.length],
  ];
  return html`<nav aria-label="Contents"><ul>${entries.filter(([, , there]) => there).map(([id, title]) => html`<li><a href=${`#${id}`}>${title}</a></li>`)}</ul></nav>`;
}

export function colophon(report: Report): Markup {
  const cause = leadingCauses(report)[0] ?? report.alsoNoticed[0];
  return html`
    <footer>
      ${report.steps.length > 0 && html`
        <details><summary>Steps</summary><ol class="steps">${report.steps.map(({ text, durationMs }) => html`<li><span>${text}</span> <span>${duration(durationMs)}</span></li>`)}</ol></details>`}
      ${cause && html`<p>How to be sure by hand: <code>${commandLine(['culprit', 'explain', cause.id])}</code></p>`}
      <p>Culprit ${report.culpritVersion}, report ${report.id} of ${report.target}, made in ${duration(report.durationMs)}. This page loads nothing from anywhere.</p>
    </footer>`;
}
