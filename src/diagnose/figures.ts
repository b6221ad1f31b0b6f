import type { Figure, FigureData } from '../define/figure.ts';
import { attempt, factsOf, type Readings } from './readings.ts';

const maxItems = 24;

/** The figures whose facts could be had, the largest bars first. */
export function drawFigures(figures: readonly Figure[], readings: Readings): FigureData[] {
  return figures.flatMap((figure) => {
    const outcome = attempt(() => figure.items(factsOf(figure.needs, readings.read, new Set()) as never));
    if ('missing' in outcome || outcome.value.length === 0) return [];
    const items = [...outcome.value];
    if (figure.kind === 'bars') items.sort((a, b) => b.value - a.value);
    const { id, title, kind, unit, limit } = figure;
    return [{ id, title, kind, unit, ...(limit === undefined ? {} : { limit }), items: items.slice(0, maxItems) }];
  });
}
