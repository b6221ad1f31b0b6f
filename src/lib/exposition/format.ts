/** The two formats of a page of metrics: Prometheus' text format 0.0.4 (with its successor 1.0.0, which adds names in quotes) and OpenMetrics 1.0. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** Header `Accept` of whoever reads both, in the order that Prometheus 3 prefers them ("Content negotiation"). */
export const acceptedFormats =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

/** Header `Content-Type` of a page that we write. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The format that a `Content-Type` names. What is no OpenMetrics is read as the text format, as Prometheus up to 2 did. */
export function formatOf(contentType: string): ExpositionFormat {
  return /^\s*application\/openmetrics-text\s*(;|$)/i.test(contentType) ? 'openmetrics' : 'text';
}

/** Types of metric families in either format. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';

export const plainMetricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
export const plainLabelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
