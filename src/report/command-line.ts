const needsNoQuotes = /^(?:[\w./:=@%+,^-]|<[a-z][a-z0-9 -]*>)+$/;

/** One word of a command, quoted for a POSIX shell where it must be. Words in angle brackets are for the user to fill in. */
export function shellWord(word: string): string {
  return needsNoQuotes.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** An argument vector as a line to copy into a shell. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
