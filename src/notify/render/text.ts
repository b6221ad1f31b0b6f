import { hanging, wrapped } from '../../lib/text-layout.ts';
import type { Story, StoryAlarm, StoryCause, StoryWayOut } from './story.ts';

/** Columns of a mail in plain text (RFC 5322, 2.1.1: no line should be longer than 78). */
const width = 76;

const section = (title: string, lines: readonly string[], beside = ''): string[] => (lines.length === 0 ? [] : ['', `${title.toUpperCase()}${beside}`, ...lines]);
const bullets = (texts: readonly string[]): string[] => texts.flatMap((text) => hanging('  - ', text, width));

function causeLines(cause: StoryCause): string[] {
  return [
    ...hanging('  ', `${cause.title} (${cause.percent}, ${cause.status})`, width),
    ...(cause.objects === '' ? [] : hanging('    on ', cause.objects, width)),
    ...cause.knownAs.flatMap((text) => hanging('    known as ', text, width)),
    ...cause.evidence.flatMap((text) => hanging('    - ', text, width)),
  ];
}

function wayOutLines(way: StoryWayOut, index: number): string[] {
  return [
    ...hanging(`  ${index + 1}. `, `${way.title} (risk: ${way.risk}). ${way.riskSays}`, width),
    ...way.before.flatMap((text) => hanging('     before: ', text, width)),
    // Commands stay in one line, however long, so that they can be copied.
    ...way.commands.map((command) => `       ${command}`),
  ];
}

function alarmLines({ time, where, says, until, critical }: StoryAlarm): string[] {
  return [`  ${time}  ${where}${critical ? '  [critical]' : ''}`, ...hanging('      ', `${says}${until === undefined ? '' : ` (over ${until})`}`, width)];
}

/** The whole message as plain text: the verdict first. */
export function storyText(story: Story): string {
  const more = story.alarmsInAll - story.alarms.length;
  return [
    ...wrapped(story.subject, width),
    '',
    ...story.verdict.flatMap((text) => wrapped(text, width)),
    ...section('How it knows', story.causes.flatMap((cause, index) => [...(index > 0 ? [''] : []), ...causeLines(cause)])),
    ...section('Ruled out', story.ruledOut === undefined ? [] : hanging('  ', story.ruledOut, width)),
    ...section('What to do', [...bullets(story.doNow), ...story.waysOut.flatMap(wayOutLines), ...(story.doNot.length === 0 ? [] : ['  Do not:', ...bullets(story.doNot)])]),
    ...section('Alarms as they began', [...story.alarms.flatMap(alarmLines), ...(more > 0 ? [`  and ${more} more`] : [])], ` (${story.timeZone})`),
    ...section('What changed before', story.changes.flatMap(({ time, text }) => hanging(`  ${time}  `, text, width))),
    '',
    '-- ',
    `Culprit, incident ${story.incident}${story.url === undefined ? '' : `\n${story.url}`}`,
    '',
  ].join('\n');
}
