import type { DependencyNode } from '../../define/dependency-graph.ts';
import { ms } from '../disk/disk-limits.ts';

const sources: Readonly<Record<NonNullable<DependencyNode['beforeFrom']>, string>> = {
  'history': 'as its history has it',
  'since boot': 'on average since the boot',
  'since its start': 'on average since it was started',
  'not running': 'before it was started a few minutes ago',
};

/** Where "before" comes from, in words. */
export const beforeText = ({ beforeFrom }: DependencyNode): string => sources[beforeFrom ?? 'since boot'];

const times = (factor: number): string => (factor >= 10 ? String(Math.round(factor)) : String(Math.round(factor * 10) / 10));

function latencies({ before, after }: DependencyNode): { readonly from: string; readonly to: string; readonly factor: number } | undefined {
  if (before.secondsEach === undefined || after.secondsEach === undefined || before.secondsEach <= 0) return undefined;
  return { from: ms(1_000 * before.secondsEach), to: ms(1_000 * after.secondsEach), factor: after.secondsEach / before.secondsEach };
}

/** `18 times as long for an I/O as on average since the boot (340 ms, not 19 ms)` */
export function slowerText(node: DependencyNode): string {
  const found = latencies(node);
  return found === undefined ? 'longer for an I/O than before' : `${times(found.factor)} times as long for an I/O as ${beforeText(node)} (${found.to}, not ${found.from})`;
}

/** `has 5 times the work that it had on average since the boot` */
export function moreWorkText(node: DependencyNode): string {
  const [before, after] = [node.before.workPerSecond, node.after.workPerSecond];
  if (before <= 0 || after / before >= 1_000) return `has work, and had next to none ${beforeText(node)}`;
  return `has ${times(after / before)} times the work that it had ${beforeText(node)}`;
}

/** Of the siblings of a disk: how they do meanwhile. */
export function siblingsText(siblings: readonly DependencyNode[]): string {
  if (siblings.length === 0) return '';
  const factors = siblings.flatMap((node) => latencies(node)?.factor ?? []);
  if (factors.length === 0) return '';
  const others = siblings.length === 1 ? 'the other disk there takes' : `the other ${siblings.length} disks there take`;
  const most = Math.max(...factors);
  return most < 1.2 ? `; ${others} no longer than before` : `; ${others} ${siblings.length > 1 ? 'at most ' : ''}${times(most)} times as long`;
}
