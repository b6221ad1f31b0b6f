import { bounded, forTerminal } from '../lib/hostile-text.ts';

/** Has no width, and keeps apart what a chat would read as one thing. */
const joint = '\u200b';

/** What every chat would make of words by itself: links of addresses, mentions of people. The two halves no longer touch. */
function kept(text: string): string {
  return text.replace(/:\/\//g, `:${joint}//`).replace(/@(?=[\p{L}\p{N}_<])/gu, `@${joint}`);
}

/**
 * Text for Slack and what speaks its language (Mattermost, Rocket.Chat, Zulip): `&`, `<` and `>` as Slack documents it; characters of its mrkdwn, and of the Markdown of the others, stand apart from
 * the words that they would change. Length counts after escaping.
 */
export function forSlack(text: string, mostCharacters: number): string {
  const escape = (part: string): string =>
    kept(part)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[*_~`[\]|#!]/g, (character) => `${joint}${character}${joint}`);
  return fitting(text, mostCharacters, escape);
}

/** Text for Discord: a backslash before every character of its Markdown (and of `<@…>`, `#channel`, lists and quotes). */
export function forDiscord(text: string, mostCharacters: number): string {
  return fitting(text, mostCharacters, (part) => kept(part).replace(/[\\*_~`|>#[\]()<:-]/g, (character) => `\\${character}`));
}

/** As much of the beginning as fits once it is escaped, whole escapes only. */
function fitting(text: string, mostCharacters: number, escape: (part: string) => string): string {
  const clean = forTerminal(bounded(text, mostCharacters), 'keep').trim();
  let low = 0;
  let high = clean.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (escape(bounded(clean, middle)).length <= mostCharacters) low = middle;
    else high = middle - 1;
  }
  return escape(bounded(clean, low));
}

export const colours: Readonly<Record<'critical' | 'warning' | 'resolved' | 'neutral', string>> = { critical: '#b42318', warning: '#b7791f', resolved: '#2f7d4f', neutral: '#57606a' };
