export type Kind = 'host' | 'guest' | 'user' | 'serial' | 'mail' | 'uuid' | 'hex' | 'mac' | 'ipv6' | 'network';

/** Gives the same replacement for the same original, numbered by first appearance. Most keep the length, for the sake of columns. */
export class Replacements {
  readonly #known = new Map<Kind, Map<string, string>>();
  readonly #given = new Set<string>();

  of(kind: Kind, original: string): string {
    const key = kind === 'host' || kind === 'serial' || kind === 'guest' ? original : original.toLowerCase();
    const known = this.#known.get(kind) ?? new Map<string, string>();
    this.#known.set(kind, known);
    const before = known.get(key);
    if (before !== undefined) return before;
    const replacement = makers[kind](known.size + 1, original);
    known.set(key, replacement);
    this.#given.add(replacement);
    return replacement;
  }

  /** True for what was put in: it must not be replaced once more. */
  isReplacement(text: string): boolean {
    return this.#given.has(text);
  }
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0').slice(-digits);

const makers: Readonly<Record<Kind, (number: number, original: string) => string>> = {
  host: (number, original) => `host${number}`.padEnd(original.includes('.') ? 0 : original.length, 'x'),
  guest: (number, original) => `guest${number}`.padEnd(original.length, 'x'),
  user: (number, original) => `user${number}`.padEnd(original.length, 'x'),
  serial: serialReplacement,
  mail: (number) => `user${number}@example.org`,
  uuid: (number) => `00000000-0000-4000-8000-${hex(number, 12)}`,
  hex: (number) => `4${hex(number, 31)}`,
  mac: (number, original) => ['02', ...Array<string>(original.length > 17 ? 5 : 3).fill('00'), hex(number >> 8, 2), hex(number, 2)].join(':'),
  ipv6: (number, original) => (/^fe[89ab]/i.test(original) ? `fe80::${hex(number, 1 + Math.floor(Math.log2(number) / 4))}` : `2001:db8::${number.toString(16)}`),
  network: (number) => `10.${(number >> 8) & 255}.${number & 255}`,
};

/** Same length and same kinds of characters: a hexadecimal or decimal number stays one. */
function serialReplacement(number: number, original: string): string {
  const prefix = /^0x/i.exec(original)?.[0] ?? '';
  const rest = original.slice(prefix.length);
  if (/^\d+$/.test(rest)) return prefix + `9${String(number).padStart(Math.max(1, rest.length - 1), '0')}`.slice(0, Math.max(rest.length, 2));
  if (/^[0-9A-Fa-f]+$/.test(rest)) return prefix + hex(number, rest.length).replace(/^0/, 'a');
  return `SERIAL${number}`.padEnd(original.length, '0');
}
