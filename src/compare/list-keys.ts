/** Properties that name a thing, the stablest first. */
const keyNames = ['object', 'stableId', 'name', 'device', 'slot', 'id', 'mountPoint', 'path', 'unit', 'code', 'guestId', 'interface', 'port', 'node', 'kind', 'server', 'release', 'tool'] as const;

export type Element = Readonly<Record<string, unknown>>;

export function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysBy(list: readonly Element[], name: string): Map<string, Element> | undefined {
  const keyed = new Map<string, Element>();
  for (const element of list) {
    const key = element[name];
    if ((typeof key !== 'string' && typeof key !== 'number') || keyed.has(String(key))) return undefined;
    keyed.set(String(key), element);
  }
  return keyed;
}

/** Both lists by the first property that tells their elements apart in each; nothing where none does. */
export function keyedLists(before: readonly Element[], after: readonly Element[]): { name: string; before: Map<string, Element>; after: Map<string, Element> } | undefined {
  for (const name of keyNames) {
    const one = keysBy(before, name);
    const other = one && keysBy(after, name);
    if (one && other) return { name, before: one, after: other };
  }
  return undefined;
}
