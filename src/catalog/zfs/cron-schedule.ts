/** The host's local time, as `date '+%M %H %d %m %w'` prints it. */
export interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly dayOfMonth: number;
  readonly month: number;
  readonly dayOfWeek: number;
}

const minutesADay = 1_440;
const names: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Whether a field of crontab(5) holds for a number; undefined where the field is not understood. */
function holds(field: string, value: number, top: number): boolean | undefined {
  const parts = field.slice(0, 200).split(',').map((part) => {
    const [, from, to, step] = /^(\*|\d{1,2})(?:-(\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (from === undefined || Number(step ?? 1) < 1) return undefined;
    const low = from === '*' ? 0 : Number(from);
    const high = from === '*' || (to === undefined && step !== undefined) ? top : Number(to ?? from);
    const within = (one: number): boolean => one >= low && one <= high && (one - low) % Number(step ?? 1) === 0;
    return within(value) || (top === 7 && value === 0 && within(7));
  });
  return parts.includes(undefined) ? undefined : parts.includes(true);
}

/**
 * Seconds until a line of crontab(5) is due again, counted from the start of the minute, at most a day; undefined where its five words are not understood. Months are taken to have no end within
 * that day: the day after today counts as a possible first.
 */
export function secondsToCron(schedule: string, now: LocalTime): number | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', ...rest] = (names[schedule] ?? schedule).split(' ', 6);
  if (rest.length > 0) return undefined;
  for (let ahead = 0; ahead < minutesADay; ahead += 1) {
    const total = now.hour * 60 + now.minute + ahead;
    const days = Math.floor(total / minutesADay);
    const inDay = total % minutesADay;
    const inMonth = [holds(dayOfMonth, now.dayOfMonth + days, 31), days > 0 && holds(dayOfMonth, 1, 31)];
    const inWeek = holds(dayOfWeek, (now.dayOfWeek + days) % 7, 7);
    const fields = [holds(minute, inDay % 60, 59), holds(hour, Math.floor(inDay / 60), 23), holds(month, now.month, 12), inMonth[0], inWeek];
    if (fields.includes(undefined)) return undefined;
    // Where both days are restricted, either is enough.
    const isDay = dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*') ? inMonth.includes(true) && inWeek === true : inMonth.includes(true) || inWeek === true;
    const isMonth = fields[2] === true || days > 0;
    if (fields[0] === true && fields[1] === true && isMonth && isDay) return ahead * 60;
  }
  return minutesADay * 60;
}
