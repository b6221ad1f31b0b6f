/** Looks over which the quickest one counts. */
const remembered = 40;
/** More than this apart, one of the two clocks was set, or the host makes its times up. */
const mostApartMs = 600_000;

/**
 * Turns uptimes of a host into our time. A frame comes late by what the network takes, which is never less than nothing: the least difference of the last frames is the best
 * (the minimum filter of NTP, RFC 5905 section 10). Samples then have the distances that they had on the host, also after a pause of the network, whatever the host's clock on the wall shows.
 */
export class HostTime {
  #differencesMs: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /** When a frame was made that came at `nowMs`. Ascends for ticks. */
  of(uptimeSeconds: number, nowMs: number): number {
    const difference = nowMs - uptimeSeconds * 1_000;
    const known = Math.min(...this.#differencesMs);
    if (this.#differencesMs.length > 0 && Math.abs(difference - known) > mostApartMs) this.#differencesMs = [];
    this.#differencesMs.push(difference);
    if (this.#differencesMs.length > remembered) this.#differencesMs.shift();
    return Math.round(uptimeSeconds * 1_000 + Math.min(...this.#differencesMs));
  }

  ascending(timeMs: number): number {
    // A clock that was set back: what lies before is history.
    this.#lastMs = timeMs <= this.#lastMs && this.#lastMs - timeMs < 2_000 ? this.#lastMs + 1 : timeMs;
    return this.#lastMs;
  }
}
