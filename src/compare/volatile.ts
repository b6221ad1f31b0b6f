/**
 * Names of what changes by itself, as this project's sources use them: counters, times, fill levels, momentary rates, process numbers. They
 * are how the generic comparison tells noise from state; what matters among them has a rule of its own.
 */
const names = new Set(
  (
    'at now pid tid running blocked inFlight count total entries connections interrupts threads tasks waiting text says detail note message messages samples sample ' +
    'excerpt state index percent done loads faults resets recent today uptime elapsed celsius seconds reads writes operations packets dropped overlimits ' +
    'opened active idle busy free used available exitStatus answer stuck restarts deviceNumber'
  ).split(' '),
);

/** Units and words at the end of a name that make it a measurement or a counter. */
const endings =
  /(?:Seconds|Ms|Milliseconds|Microseconds|At|AtMs|Ago|Percent|PerSecond|Celsius|Mhz|Ticks|Errors?|Failures|Changes|Timeouts|Count|Pages|Packets|Hours|Pid|Segments|Text|Used|Free|usedBytes|freeBytes|availableBytes|referencedBytes|allocatedBytes|rssBytes|cachedBytes|Samples|Level)$/;

/** Elements with such a property are events, not things. */
const ofEvents = ['at', 'atMs', 'atSeconds', 'startedAt', 'endedAt', 'secondsAgo', 'lastSecondsAgo', 'secondsSinceBoot', 'elapsedSeconds', 'pid', 'tid'];

export function isVolatileName(name: string): boolean {
  return names.has(name) || endings.test(name);
}

export function isEvent(element: object): boolean {
  return ofEvents.some((name) => name in element);
}
