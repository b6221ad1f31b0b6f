import type { Cause, EvidenceTerm, Report } from '../define/report.ts';
import { probabilityMeter, weightBar } from './charts.ts';
import { commandLine } from './command-line.ts';
import { html, type Markup } from './html-tag.ts';
import { byWeight, knownAdvice, leadingCauses, waysOut, type WayOut } from './outline.ts';
import { chain, percent, provenWords, sourceWords, weight } from './words.ts';
import { triedIn } from './experiments.ts';

const mostObjects = 24;

/** A reference as a link where it is an address, else as text. */
function reference(text: string): Markup {
  if (!/^https?:\/\/[^\s"'<>\\]+$/.test(text)) return html`<span>${text}</span>`;
  return html`<a href=${text} rel="noopener noreferrer">${text.replace(/^https?:\/\//, '')}</a>`;
}

interface Extremes {
  readonly against: number;
  readonly for: number;
}

function extremes(cause: Cause): Extremes {
  const weights = [cause.priorLogOdds, ...cause.evidence.map(({ logOdds }) => logOdds)].filter(Number.isFinite);
  return { against: Math.max(0.5, ...weights.map((one) => -one)), for: Math.max(0.5, ...weights) };
}

function evidenceRow(term: EvidenceTerm, most: Extremes): Markup {
  return html`
    <li>
      <span class="weight">${weight(term.logOdds).replace('-', '−')}</span>
      ${weightBar(term.logOdds, most)}
      <div class="says">
        <p>${term.text}${term.decisive && html` <span class="badge strong">decisive</span>`} <span class="source">${sourceWords(term.source)}</span></p>
        ${term.excerpt !== '' && html`<pre class="excerpt">${term.excerpt}</pre>`}
      </div>
    </li>`;
}

function chainList(cause: Cause): Markup {
  const links = chain(cause);
  if (links.length < 2) return null;
  return html`<ol class="chain" aria-label="From the cause to what is felt">${links.map((link) => html`<li>${link}</li>`)}</ol>`;
}

function causeArticle(cause: Cause, index: number): Markup {
  const most = extremes(cause);
  const objects = cause.objects.slice(0, mostObjects);
  const references = [...new Set([...cause.references, ...cause.knownIssues.flatMap((issue) => issue.references)])];
  return html`
    <article class=${`cause ${cause.status}`} aria-labelledby=${`cause-${index}`}>
      <h3 id=${`cause-${index}`}>${cause.title}</h3>
      <p class="belief">
        ${probabilityMeter(cause.probability, 'Probability')}
        <b>${percent(cause.probability)}</b> ${cause.status}${cause.role === 'mechanism' ? ', a link in the chain' : ''}
        <code>${cause.id}</code>
      </p>
      <p>${objects.map((object) => html`<span class="object">${object}</span> `)}${cause.objects.length > objects.length && `and ${cause.objects.length - objects.length} more`}</p>
      ${chainList(cause)}
      ${cause.knownIssues.map(({ id, title }) => html`<p class="known"><b>${id}</b> ${title}</p>`)}
      ${cause.experiments.length > 0 && html`<p>Tried: ${cause.experiments.join(', ')}</p>`}
      <ol class="evidence" aria-label="Evidence, the heaviest first">
        ${byWeight(cause.evidence).map((term) => evidenceRow(term, most))}
        <li class="prior">
          <span class="weight">${weight(cause.priorLogOdds).replace('-', '−')}</span>
          ${weightBar(cause.priorLogOdds, most)}
          <div class="says"><p>Where it starts: how rare this is on troubled hosts</p></div>
        </li>
      </ol>
      <p class="fine">Bars to the right speak for it, to the left against it, in natural log-odds: +2.3 makes it ten times likelier. Proven: ${provenWords[cause.proven]}.</p>
      ${references.length > 0 && html`<ul class="references">${references.map((text) => html`<li>${reference(text)}</li>`)}</ul>`}
    </article>`;
}

/** Every cause with its evidence for and against. */
export function causesSection(report: Report): Markup {
  const causes = leadingCauses(report);
  if (causes.length === 0) return null;
  return html`<section aria-labelledby="why"><h2 id="why">Why</h2>${causes.map(causeArticle)}</section>`;
}

export function experimentsSection(report: Report): Markup {
  if (report.experiments.length === 0) return null;
  return html`
    <section aria-labelledby="experiments">
      <h2 id="experiments">Experiments</h2>
      <ul class="rows">${triedIn(report).map(
        ({ title, findings, tells }) => html`<li>
          ${findings.map(({ outcome, text }) => html`<p><b>${title}</b> <span class="badge">${outcome}</span></p><p>${text}</p>`)}
          ${tells !== '' && html`<p class="fine">${tells}</p>`}
        </li>`,
      )}</ul>
    </section>`;
}

function wayOut({ mitigation, causes }: WayOut, index: number, several: boolean): Markup {
  const { title, risk, riskSays, preconditions, commands, verify, undo } = mitigation;
  return html`
    <li class="way">
      <h3 id=${`way-${index}`}>${title} <span class=${`badge risk-${risk}`}>risk: ${risk}</span></h3>
      <p>${riskSays}${several && html` <span class="fine">Ends ${causes.join(', ')}.</span>`}</p>
      ${preconditions.length > 0 && html`<h4>Before</h4><ul class="before">${preconditions.map((text) => html`<li>${text}</li>`)}</ul>`}
      ${commands.length > 0 && html`<h4>Run</h4><pre class="commands" tabindex="0" aria-label="Commands"><code>${commands.map(commandLine).join('\n')}</code></pre>`}
      <dl class="after">
        ${verify !== '' && html`<div><dt>Verify</dt><dd>${verify}</dd></div>`}
        ${undo !== '' && html`<div><dt>Undo</dt><dd>${undo}</dd></div>`}
      </dl>
    </li>`;
}

/** The ways out, with commands to copy. */
export function mitigationsSection(report: Report): Markup {
  const ways = waysOut(report);
  const advice = knownAdvice(report);
  if (ways.length === 0 && advice.length === 0) return null;
  return html`
    <section aria-labelledby="do">
      <h2 id="do">What to do <small>Culprit runs none of this</small></h2>
      ${advice.length > 0 && html`<ul class="known-advice">${advice.map(({ issue, says }) => html`<li><b>${issue}</b> ${says}</li>`)}</ul>`}
      <ol class="ways">${ways.map((way, index) => wayOut(way, index, report.causes.length > 1))}</ol>
    </section>`;
}
