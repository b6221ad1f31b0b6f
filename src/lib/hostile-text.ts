/** What becomes of line ends: `keep` them, show them as `\n`, or make each a `space`. */
export type Newlines = 'keep' | 'escape' | 'space';

/**
 * Controls (C0, DEL, C1), bidirectional and other format characters, zero-width and variation characters, line separators, private
 * and unassigned code points, lone surrogates: all that a terminal obeys or that a reader cannot see.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** More marks than this on one character are a tower over the neighbouring lines; no script needs so many. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

function visible(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0xfffd;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return '\ufffd';
  return codePoint < 0x100 ? `\\x${codePoint.toString(16).padStart(2, '0')}` : `\\u{${codePoint.toString(16)}}`;
}

/**
 * Host text for a terminal, and the first step for every other output: what would be obeyed or unseen becomes visible, such as
 * `\x1b` or `\u{202e}`; a tab and every kind of blank become a space. Linear in the length of the text.
 */
export function forTerminal(text: string, newlines: Newlines = 'space'): string {
  const lineEnd = { keep: '\n', escape: '\\n', space: ' ' }[newlines];
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[\t\p{Zs}]/gu, ' ')
    .replace(unseen, (character) => (character === '\n' ? lineEnd : visible(character)))
    .replace(stackedMarks, '$1\ufffd');
}

/** Cuts after so many UTF-16 units, the ellipsis included, and never within a surrogate pair. */
export function bounded(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  let end = Math.max(0, maxCharacters - 1);
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1;
  return maxCharacters > 0 ? `${text.slice(0, end)}…` : '';
}

function longestRunOfBackticks(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/** A CommonMark code span of one line: nothing in it is markup. */
export function markdownCode(text: string): string {
  const content = forTerminal(text).trim();
  if (content === '') return '';
  const fence = '`'.repeat(longestRunOfBackticks(content) + 1);
  const blank = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${blank}${content}${blank}${fence}`;
}

/** A fenced code block whose fence is longer than any in the text. Its lines may be indented by the caller as a whole. */
export function markdownCodeBlock(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRunOfBackticks(text) + 1));
  return `${fence}${language}\n${forTerminal(text, 'keep')}\n${fence}`;
}

/** Words that ticket systems and chats make into links or mentions even where every special character is escaped: addresses, names of hosts and files. */
const linkedByItself = /@.|.@|\/\/|\.\p{L}{2}|mailto:|xmpp:|#\d|!\d/iu;

/**
 * Host text as one line of CommonMark or GFM that reads as it is: no links, mentions, HTML, code, tables, headings, lists.
 * Words that would be linked by themselves become code spans.
 */
export function forMarkdown(text: string): string {
  const words = forTerminal(text)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => (linkedByItself.test(word) ? markdownCode(word) : word.replace(/[\\`*_[\]<>|~&$]/g, '\\$&')));
  return words.join(' ').replace(/^(?:[-+=#:]|(\d{1,9})(?=[.)]))/, (start, digits) => (digits ? `${digits}\\` : `\\${start}`));
}
