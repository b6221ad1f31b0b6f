import type { Report } from '../define/report.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { renderNagios } from './nagios.ts';
import type { RenderOptions } from './options.ts';
import { renderPrometheus } from './prometheus.ts';
import { renderText } from './text.ts';

export type { RenderOptions } from './options.ts';

export type Renderer = (report: Report, options?: RenderOptions) => string;

/** Every output by the name that `--output` gives it. Pure: the same report gives the same text. */
export const renderers = {
  text: renderText,
  json: renderJson,
  markdown: renderMarkdown,
  html: renderHtml,
  nagios: renderNagios,
  prometheus: renderPrometheus,
} as const satisfies Readonly<Record<string, Renderer>>;

export type OutputFormat = keyof typeof renderers;
