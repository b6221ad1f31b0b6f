import type { Report } from '../define/report.ts';
import { baselineIn } from './baseline.ts';
import { figureChart, limitBar, probabilityMeter } from './charts.ts';
import { html, type Markup } from './html-tag.ts';
import { eventsInOrder, leadingCauses, listed, symptomTitles } from './outline.ts';
import { timelineChart } from './timeline-chart.ts';
import { clockTime, count, dataAtRiskWords, hostName, hostParts, measured, percent, prohibitions, statusWords, urgencyWords } from './words.ts';

/** Name of the product, of the host, and when. */
export function masthead(report: Report): Markup {
  return html`
    <header class="masthead">
      <p class="wordmark">Culprit</p>
      <p class="where"><b>${hostName(report)}</b> <time datetime=${report.startedAt}>${clockTime(report.startedAt)}</time></p>
    </header>`;
}

function advice(title: string, kind: string, texts: readonly string[]): Markup {
  if (texts.length === 0) return null;
  return html`<section class=${`advice ${kind}`}><h2>${title}</h2><ul>${texts.map((text) => html`<li>${text}</li>`)}</ul></section>`;
}

/** The one sentence, how sure, how urgent, what not to do and what helps at once. */
export function verdictSection(report: Report): Markup {
  const { verdict } = report;
  const leading = leadingCauses(report)[0];
  const healthy = verdict.status === 'healthy';
  const titles = symptomTitles(report);
  return html`
    <section class="verdict" aria-labelledby="verdict">
      <p class="status"><span class="mark" aria-hidden="true"></span>${statusWords[verdict.status]}</p>
      <h1 id="verdict">${verdict.summary}</h1>
      <dl class="facts">
        ${leading && html`<div><dt>Probability</dt><dd>${percent(leading.probability)} ${probabilityMeter(leading.probability, 'Probability of the leading cause')}</dd></div>`}
        ${titles.length > 0 && html`<div><dt>Symptoms</dt><dd>${listed(titles, 2)}</dd></div>`}
        ${healthy && html`<div><dt>Checked</dt><dd>${count(report.ruledOut.length, 'cause')} ruled out</dd></div>`}
        ${healthy && report.unknown.length > 0 && html`<div><dt>Cannot be told</dt><dd>${count(report.unknown.length, 'cause')}</dd></div>`}
        ${!healthy && html`<div class=${`urgency-${verdict.urgency}`}><dt>Urgency</dt><dd>${urgencyWords[verdict.urgency]}</dd></div>`}
        ${!healthy && html`<div class=${verdict.dataAtRisk === true ? 'at-risk' : ''}><dt>Data at risk</dt><dd>${dataAtRiskWords(verdict.dataAtRisk)}</dd></div>`}
      </dl>
      <div class="advices">${advice('Do not', 'do-not', prohibitions(verdict.doNot))}${advice('Until then', 'until-then', verdict.containment)}</div>
      ${hostParts(report).length > 0 && html`<p class="host">${hostParts(report).join(' · ')}</p>`}
    </section>`;
}

/** What was felt, each with its figure and limit. */
export function symptomsSection(report: Report): Markup {
  if (report.symptoms.length === 0) return null;
  return html`
    <section aria-labelledby="symptoms">
      <h2 id="symptoms">Symptoms</h2>
      <ul class="rows symptoms">
        ${report.symptoms.map((symptom) => html`
          <li>
            <div><p><b>${symptom.title}</b> <span class="object">${symptom.object}</span></p><p>${symptom.text}</p></div>
            ${symptom.value !== undefined && html`<div>${limitBar(symptom)}<p class="figure">${measured(symptom)}</p></div>`}
          </li>`)}
      </ul>
      ${report.attribution !== undefined && html`<p>${report.attribution.says}</p>`}
      ${report.activityPattern !== undefined && html`<p>${report.activityPattern}</p>`}
    </section>`;
}

/** Pictures that some parts of the catalogue made of what they read. */
export function figuresSection(report: Report): Markup {
  const figures = report.figures.filter(({ items }) => items.length > 0);
  if (figures.length === 0) return null;
  return html`<section aria-labelledby="figures"><h2 id="figures">Measured</h2><div class="figures">${figures.map(figureChart)}</div></section>`;
}

export function historySection(report: Report): Markup {
  const events = eventsInOrder(report);
  if (events.length === 0) return null;
  return html`
    <section aria-labelledby="before">
      <h2 id="before">What happened before</h2>
      ${timelineChart(report)}
      <ol class="events">${events.map(({ at, text }) => html`<li><time datetime=${at}>${clockTime(at)}</time><span>${text}</span></li>`)}</ol>
    </section>`;
}

/** What differs from the state that was kept as the baseline. */
export function baselineSection(report: Report): Markup {
  const baseline = baselineIn(report);
  if (baseline === undefined) return null;
  return html`
    <section aria-labelledby="baseline">
      <h2 id="baseline">Differs from the baseline <small>${baseline.of.replace('baseline ', '')}</small></h2>
      <ul class="rows">${baseline.differences.map(({ text, suspicion }) => html`<li><p>${suspicion === 'high' ? html`<b>${text}</b>` : text}</p></li>`)}</ul>
      ${baseline.remarks.map((text) => html`<p>${text}</p>`)}
    </section>`;
}

export function alsoNoticedSection(report: Report): Markup {
  if (report.alsoNoticed.length === 0) return null;
  return html`
    <section aria-labelledby="noticed">
      <h2 id="noticed">Also noticed ${report.causes.length > 0 && html`<small>no cause of this</small>`}</h2>
      <ul class="rows">
        ${report.alsoNoticed.map(({ title, text, objects, urgency }) => html`
          <li>
            <p><b>${title}</b>${urgency !== 'none' && html` <span class="badge">${urgencyWords[urgency]}</span>`}</p>
            <p>${text}</p>
            <p>${objects.slice(0, 8).map((object) => html`<span class="object">${object}</span> `)}</p>
          </li>`)}
      </ul>
    </section>`;
}
