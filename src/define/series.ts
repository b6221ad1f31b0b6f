/**
 * One time series, in the shape that all readers of history give and all engines take. Names and units are those of Prometheus' node_exporter; a counter keeps its raw values, which
 * fall only where it was reset.
 */
export interface Series {
  /** `node_load1`, `node_pressure_io_waiting_seconds_total`, … */
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, UTC, ascending. A sample that is missing has no entry. */
  readonly timesMs: readonly number[];
  /** One value for each time, all finite. */
  readonly values: readonly number[];
}
