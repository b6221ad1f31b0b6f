import { z } from 'zod';
import type { Facts, Needs } from './source.ts';

/** A small chart as data: bars of one unit, or the parts of one whole. */
export const figureSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['bars', 'parts']),
  unit: z.string(),
  /** For bars: the value at which it is worth worrying, drawn as a line. */
  limit: z.number().optional(),
  items: z.array(z.object({ label: z.string(), value: z.number() })),
});
export type FigureData = z.infer<typeof figureSchema>;

export interface FigureSpec<N extends Needs> {
  readonly id: string;
  readonly title: string;
  readonly kind: 'bars' | 'parts';
  readonly unit: string;
  readonly limit?: number;
  readonly needs: N;
  /** Empty: the figure is left out. */
  readonly items: (facts: Facts<N>) => readonly { label: string; value: number }[];
}

/** A picture for the report where a picture says it better. */
// oxlint-disable-next-line no-explicit-any -- the types of the needs are checked where the figure is declared
export type Figure = FigureSpec<any>;

export function defineFigure<N extends Needs>(spec: FigureSpec<N>): Figure {
  return spec as Figure;
}
