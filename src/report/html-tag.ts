import { html as tag } from 'htm/preact';
import type { VNode } from 'preact';

/** Markup as tagged templates: htm bound to Preact's `h`. All that is put into them is escaped when it is rendered. */
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode = tag as never;

export type Markup = VNode | null;
