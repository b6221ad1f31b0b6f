/** Lines that name disks: kernel name, kind, number of its group. */
export function bunch(...disks: readonly (readonly [name: string, kind: string, group: number])[]): string {
  return disks.map(([name, kind, group]) => `disk ${name} disk/${name} ${kind} ${group}\n`).join('');
}

/** Twelve reads of a disk about so many milliseconds long, and a first one. */
export function reads(name: string, milliseconds: number, { stored = 4_000, others = 0 }: { stored?: number; others?: number } = {}): string {
  return Array.from({ length: 13 }, (_, index) => {
    const ms = milliseconds * (0.9 + (index % 3) / 10);
    return `read ${name} ${(ms / 1_000).toFixed(6)} ${stored} ${others} ${others * 8} 0 ${Math.ceil(ms / 10) * 10}\n`;
  }).join('');
}
