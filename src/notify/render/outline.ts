import type { Alarm } from '../../define/alarm.ts';
import type { Cause, Report } from '../../define/report.ts';
import { agoText } from '../../lib/duration-text.ts';
import { zonedTime } from '../../lib/zoned-time.ts';
import { cleanReport } from '../../report/clean-report.ts';
import { shellWord } from '../../report/command-line.ts';
import { byWeight, keyEvents, knownAdvice, leadingCauses, listed, ruledOutBySubject, waysOut } from '../../report/outline.ts';
import { count, percent, prohibitions, urgencyWords } from '../../report/words.ts';
import { headline, hostsWords, inOrder, line, symptomWords, verdictOf } from './headline.ts';
import type { IncidentNews, Story, StoryAlarm, StoryCause, StoryWayOut } from './story.ts';

const most = { causes: 3, evidence: 4, evidenceOfOthers: 2, waysOut: 3, commands: 6, changes: 6, alarms: 200 } as const;
/** Lighter than this (natural log-odds: odds of 1.5) is not worth a line in a mail. */
const lightest = 0.4;

function storyCause(cause: Cause, index: number): StoryCause {
  const speaksFor = byWeight(cause.evidence).filter(({ logOdds }) => logOdds >= lightest);
  return {
    title: cause.title,
    percent: percent(cause.probability),
    status: cause.status,
    objects: listed(cause.objects, 4),
    knownAs: cause.knownIssues.map(({ id, title }) => `${id}: ${title}`),
    evidence: speaksFor.slice(0, index === 0 ? most.evidence : most.evidenceOfOthers).map(({ text }) => text),
  };
}

function storyWaysOut(report: Report): StoryWayOut[] {
  return waysOut(report)
    .slice(0, most.waysOut)
    .map(({ mitigation: { title, risk, riskSays, preconditions, commands } }, index) => ({
      title,
      risk,
      riskSays,
      // In full for the first only: the others are in the case and on the page.
      before: index === 0 ? preconditions : [],
      commands: index === 0 ? commands.slice(0, most.commands).map((words) => words.map(shellWord).join(' ')) : [],
    }));
}

function ruledOutLine(report: Report): string | undefined {
  const groups = ruledOutBySubject(report);
  if (groups.length === 0) return undefined;
  const unknown = report.unknown.length === 0 ? '' : `; ${report.unknown.length} could not be told`;
  return `${count(report.ruledOut.length, 'other cause')}: ${groups.map(({ subject, count }) => `${subject} ${count}`).join(', ')}${unknown}.`;
}

function storyAlarm(alarm: Alarm, timeZone: string): StoryAlarm {
  return {
    time: zonedTime(alarm.startedAtMs, timeZone),
    where: alarm.object === 'host' ? line(alarm.host, 80) : `${line(alarm.host, 80)} ${line(alarm.object, 80)}`,
    says: line(alarm.says),
    until: alarm.resolvedAtMs === undefined ? undefined : zonedTime(alarm.resolvedAtMs, timeZone),
    critical: alarm.severity === 'critical',
  };
}

const sentence = (text: string): string => (text === '' || /[.!?…]$/.test(text) ? text : `${text}.`);

function verdictLines(news: IncidentNews, report: Report | undefined): string[] {
  const { incident, alarms, kind, timeZone } = news;
  const verdict = verdictOf({ report, incident });
  const since = zonedTime(incident.startedAtMs, timeZone);
  const standing = alarms.filter(({ resolvedAtMs }) => resolvedAtMs === undefined).length;
  const symptom = `${symptomWords(alarms, incident, news.words)} on ${hostsWords(incident.hosts)} since ${since}`;
  if (kind === 'resolved') {
    const endMs = incident.resolvedAtMs ?? news.atMs;
    const over = `Over since ${zonedTime(endMs, timeZone)}, after ${agoText(Math.max(0, (endMs - incident.startedAtMs) / 1_000))}: no alarm stands any more.`;
    const was = verdict === undefined ? 'It was not investigated to an end.' : sentence(`It was: ${line(verdict.summary, 600)}`);
    return [over, was, ...(verdict !== undefined && verdict.causes.length > 0 ? ['If nobody dealt with the cause, it can come back.'] : [])];
  }
  const alarmsNow = kind === 'opened' || alarms.length < 2 ? [] : [standing === alarms.length ? `All ${standing} alarms stand.` : `${standing} of ${alarms.length} alarms ${standing === 1 ? 'stands' : 'stand'} still.`];
  if (verdict === undefined) return [sentence(symptom), ...alarmsNow, 'Culprit is looking for the cause; its verdict follows in this thread.'];
  const risk = report && [
    ...(report.verdict.urgency === 'none' ? [] : [`${urgencyWords[report.verdict.urgency]}.`]),
    ...(report.verdict.dataAtRisk === true ? ['Data is at risk.'] : report.verdict.dataAtRisk === 'unknown' ? ['Whether data is at risk is not known.'] : ['No data is at risk.']),
  ].join(' ');
  const again = incident.state === 'investigating' ? ['Culprit is looking again; this is what it found before.'] : [];
  return [sentence(line(verdict.summary, 600)), ...(risk === undefined ? [] : [risk]), sentence(symptom), ...alarmsNow, ...again];
}

/** What to say of an incident, from all that is known of it. Pure. */
export function storyOf(news: IncidentNews): Story {
  const report = news.report && cleanReport(news.report);
  const { incident, alarms, timeZone } = news;
  const ordered = inOrder(alarms);
  const kept = incident.explanations.at(-1);
  const causes =
    report === undefined
      ? (kept?.causes ?? []).slice(0, most.causes).map(({ title, probability, objects }): StoryCause => ({ title: line(title, 200), percent: percent(probability), status: kept?.status === 'identified' ? 'identified' : 'suspected', objects: line(listed(objects, 4)), knownAs: [], evidence: [] }))
      : leadingCauses(report).slice(0, most.causes).map(storyCause);
  return {
    kind: news.kind,
    severity: incident.severity,
    subject: headline({ ...news, report }),
    hosts: hostsWords(incident.hosts),
    verdict: verdictLines(news, report),
    causes,
    ruledOut: report && ruledOutLine(report),
    doNow: report === undefined ? [] : [...report.verdict.containment, ...knownAdvice(report).map(({ issue, says }) => `${issue}: ${says}`)],
    doNot: report === undefined ? [] : prohibitions(report.verdict.doNot),
    waysOut: report === undefined ? [] : storyWaysOut(report),
    alarms: ordered.slice(0, most.alarms).map((alarm) => storyAlarm(alarm, timeZone)),
    alarmsInAll: ordered.length,
    timeZone,
    changes: report === undefined ? [] : keyEvents(report, most.changes).map(({ at, text }) => ({ time: zonedTime(Date.parse(at), timeZone), text })),
    incident: line(incident.id, 100),
    url: news.url,
    hasChart: news.chartSvg !== undefined,
  };
}
