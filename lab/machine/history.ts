const dayMs = 24 * 3600 * 1000;

/** How long ago a machine of the lab was installed, in days, as its logs and the times of its files tell. */
export const installedDaysAgo = 60;

/** Moves every date (2026-01-31) of a text by that many days, forwards when positive. Times of day stay. */
export function moveDates(text: string, days: number): string {
  return text.replaceAll(/\b20\d\d-[01]\d-[0-3]\d\b/g, (date) => {
    const time = Date.parse(`${date}T00:00:00Z`);
    return Number.isNaN(time) ? date : new Date(time + days * dayMs).toISOString().slice(0, 10);
  });
}

/** Tells apt's history as if somebody had typed the command in the machine: without the options that a build from outside takes. */
export function plainCommands(text: string): string {
  return text.replaceAll(/^Commandline: (.*)$/gm, (_, words: string) => {
    const kept = words.replaceAll(/ -o \S+| -o\S+| \?narrow\S+/g, '');
    return `Commandline: ${kept}`;
  });
}

/** Takes packages out of the logs of dpkg and apt, as if they had never been installed. Names are without the architecture. */
export function withoutPackages(text: string, names: ReadonlySet<string>): string {
  const lines = text.split('\n').filter((line) => {
    const name = /^[\d-]+ [\d:]+ (?:install|upgrade|configure|trigproc|status \S+) ([^\s:]+)/.exec(line)?.[1];
    return name === undefined || !names.has(name);
  });
  return lines.map((line) => withoutNames(line, names)).join('\n');
}

function withoutNames(line: string, names: ReadonlySet<string>): string {
  const [label = '', list] = line.split(/(?<=^(?:Install|Commandline): )/);
  if (list === undefined) return line;
  if (label.startsWith('Commandline')) return label + list.split(' ').filter((word) => !names.has(word)).join(' ');
  const entries = list.split(/(?<=\)), /).filter((entry) => !names.has(entry.split(':')[0] ?? ''));
  return label + entries.join(', ');
}
