import { renderToString } from 'preact-render-to-string';
import { html, type Markup } from '../../report/html-tag.ts';
import { colours } from '../chat-text.ts';
import type { Story, StoryAlarm, StoryCause, StoryWayOut } from './story.ts';

/** Mail clients drop style sheets, scripts and what is loaded from elsewhere; inline styles and tables stay. */
const font = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const styles = {
  page: `margin:0;padding:0;background-color:#f4f5f6;${font};color:#1c2126;font-size:15px;line-height:1.5`,
  sheet: 'width:100%;max-width:680px;background-color:#ffffff;border:1px solid #dfe3e6',
  body: 'padding:20px 28px 24px',
  title: 'margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:600',
  heading: 'margin:24px 0 6px;font-size:12px;letter-spacing:.06em;text-transform:uppercase;color:#57606a;font-weight:600',
  text: 'margin:0 0 6px',
  list: 'margin:4px 0 0;padding-left:20px',
  item: 'margin:0 0 4px',
  code: "margin:6px 0;padding:8px 12px;background-color:#f4f5f6;font-family:'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:13px;white-space:pre-wrap;word-break:break-word",
  dim: 'color:#57606a',
  cell: 'padding:4px 12px 4px 0;vertical-align:top;border-top:1px solid #eceff1',
  picture: 'display:block;width:100%;max-width:624px;height:auto;margin:16px 0 0',
} as const;

const section = (title: string, content: Markup | readonly Markup[], beside = ''): Markup =>
  content === null || (Array.isArray(content) && content.length === 0) ? null : html`<h2 style=${styles.heading}>${title}${beside === '' ? null : html` <span style="text-transform:none;font-weight:400">${beside}</span>`}</h2>${content}`;
const list = (texts: readonly string[]): Markup => (texts.length === 0 ? null : html`<ul style=${styles.list}>${texts.map((text) => html`<li style=${styles.item}>${text}</li>`)}</ul>`);

function causePart(cause: StoryCause): Markup {
  return html`<div style="margin:0 0 10px">
    <p style=${styles.text}><b>${cause.title}</b> <span style=${styles.dim}>${cause.percent}, ${cause.status}${cause.objects === '' ? '' : `, on ${cause.objects}`}</span></p>
    ${cause.knownAs.map((text) => html`<p style=${styles.text}>Known as ${text}</p>`)}
    ${list(cause.evidence)}
  </div>`;
}

function wayOutPart(way: StoryWayOut): Markup {
  return html`<li style=${styles.item}><b>${way.title}</b> <span style=${styles.dim}>risk: ${way.risk}</span><br />${way.riskSays}
    ${way.before.length === 0 ? null : html`<br /><span style=${styles.dim}>Before:</span>${list(way.before)}`}
    ${way.commands.length === 0 ? null : html`<pre style=${styles.code}>${way.commands.join('\n')}</pre>`}
  </li>`;
}

function alarmRow({ time, where, says, until, critical }: StoryAlarm): Markup {
  return html`<tr>
    <td style=${`${styles.cell};white-space:nowrap;${styles.dim}`}>${time}</td>
    <td style=${styles.cell}><b style=${critical ? `color:${colours.critical}` : ''}>${where}</b> ${says}${until === undefined ? null : html` <span style=${styles.dim}>over ${until}</span>`}</td>
  </tr>`;
}

const table = (rows: readonly Markup[]): Markup => html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse;font-size:14px">${rows}</table>`;

/** A page that mails carry: `stripe` is the colour of its upper edge. */
export function mailPage(subject: string, stripe: string, content: Markup): string {
  return `<!doctype html>${renderToString(html`<html lang="en">
    <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>${subject}</title></head>
    <body style=${styles.page}>
      <table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"><tr><td align="center" style="padding:16px 8px">
        <table role="presentation" cellpadding="0" cellspacing="0" border="0" style=${styles.sheet}><tr><td style=${`height:4px;line-height:4px;font-size:0;background-color:${stripe}`}> </td></tr>
        <tr><td style=${styles.body}>${content}</td></tr></table>
      </td></tr></table>
    </body>
  </html>`)}\n`;
}

const footer = (text: string, url: string | undefined): Markup =>
  html`<p style="margin:24px 0 0;font-size:13px;color:#57606a">${text}${url !== undefined && /^https?:\/\//.test(url) ? html`, <a href=${url} style="color:#57606a">its page</a>` : null}</p>`;

/** The whole message as HTML, with nothing to be loaded but `cid:chart`, which the mail has in it. */
export function storyHtml(story: Story): string {
  const more = story.alarmsInAll - story.alarms.length;
  const doing = story.doNow.length + story.waysOut.length + story.doNot.length;
  const content = html`
    <h1 style=${styles.title}>${story.subject}</h1>
    ${story.verdict.map((text, index) => html`<p style=${`${styles.text};${index === 0 ? 'font-size:16px' : ''}`}>${text}</p>`)}
    ${story.hasChart ? html`<img src="cid:chart" alt="Course of what raised the alarm, with its limit" width="624" style=${styles.picture} />` : null}
    ${section('How it knows', story.causes.map(causePart))}
    ${section('Ruled out', story.ruledOut === undefined ? null : html`<p style=${styles.text}>${story.ruledOut}</p>`)}
    ${doing === 0 ? null : section('What to do', html`<div>${list(story.doNow)}<ol style=${styles.list}>${story.waysOut.map(wayOutPart)}</ol>${story.doNot.length === 0 ? null : html`<p style="margin:8px 0 0"><b>Do not:</b></p>${list(story.doNot)}`}</div>`)}
    ${story.alarms.length === 0 ? null : section('Alarms as they began', html`<div>${table(story.alarms.map(alarmRow))}${more > 0 ? html`<p style=${styles.text}>and ${more} more</p>` : null}</div>`, story.timeZone)}
    ${story.changes.length === 0 ? null : section('What changed before', table(story.changes.map(({ time, text }) => html`<tr><td style=${`${styles.cell};white-space:nowrap;${styles.dim}`}>${time}</td><td style=${styles.cell}>${text}</td></tr>`)))}
    ${footer(`Culprit, incident ${story.incident}`, story.url)}`;
  return mailPage(story.subject, story.kind === 'resolved' ? colours.resolved : colours[story.severity], content);
}

/** A page of lines in groups, for digests. */
export function linesHtml(subject: string, stripe: string, summary: string, groups: readonly { readonly title: string; readonly lines: readonly { readonly time: string; readonly text: string }[] }[]): string {
  return mailPage(
    subject,
    stripe,
    html`<h1 style=${styles.title}>${subject}</h1>
      <p style=${styles.text}>${summary}</p>
      ${groups.map(({ title, lines }) => section(title, table(lines.map(({ time, text }) => html`<tr><td style=${`${styles.cell};white-space:nowrap;${styles.dim}`}>${time}</td><td style=${styles.cell}>${text}</td></tr>`))))}
      ${footer('Culprit', undefined)}`,
  );
}
