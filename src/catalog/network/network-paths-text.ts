import { countIn, numberIn, words } from '../../lib/host-text.ts';

interface Pings {
  readonly sent: number;
  readonly received: number;
  readonly averageMs?: number;
  readonly mostMs?: number;
  /** This host (`local`) or a router on the way (`told`) said that they are too large. */
  readonly refused?: 'local' | 'told';
  readonly limitBytes?: number;
}

/** What was seen of the way to one machine. */
export interface Path {
  readonly kind: 'gateway' | 'storage' | 'member' | 'nameserver';
  /** As it is configured. */
  readonly name: string;
  /** Undefined: the name was not found. */
  readonly address: string | undefined;
  readonly device: string;
  readonly mtu: number;
  readonly direct: boolean;
  small?: Pings;
  readonly large: (Pings & { readonly size: number })[];
  /** Largest packet of the usual sizes that passed where those of the full size did not. */
  passesBytes?: number;
  tcp?: { readonly port: number; readonly tries: readonly { readonly outcome: 'open' | 'refused' | 'none'; readonly milliseconds: number }[] };
}

export interface Lookup {
  readonly kind: 'own' | 'used';
  readonly name: string;
  readonly found: boolean;
  readonly milliseconds: number;
}

export interface Ways {
  readonly paths: readonly Path[];
  readonly lookups: readonly Lookup[];
}

const kinds = ['gateway', 'storage', 'member', 'nameserver'] as const;
const outcomes = ['open', 'refused', 'none'] as const;

function pingsOf(row: readonly (string | undefined)[]): Pings | undefined {
  const [sent, received] = [countIn(row[0]), countIn(row[1])];
  if (sent === undefined || received === undefined || sent === 0 || received > sent) return undefined;
  const [averageMs, mostMs, limitBytes] = [numberIn(row[3]), numberIn(row[4]), countIn(row[6])];
  const refused = row[5] === 'local' || row[5] === 'told' ? row[5] : undefined;
  return { sent, received, ...(averageMs !== undefined && { averageMs }), ...(mostMs !== undefined && { mostMs }), ...(refused !== undefined && { refused }), ...(limitBytes !== undefined && { limitBytes }) };
}

function pathOf([, kind, name, address, device, mtu, way]: readonly string[]): Path | undefined {
  const known = kinds.find((one) => one === kind);
  if (known === undefined || name === undefined || way === undefined) return undefined;
  return { kind: known, name, address: address === '-' ? undefined : address, device: device ?? '-', mtu: countIn(mtu) ?? 0, direct: way === 'direct', large: [] };
}

function addTo(path: Path, [what, ...rest]: readonly string[]): void {
  if (what === 'small') {
    const small = pingsOf(rest);
    if (small !== undefined) path.small = small;
  }
  const [size, pings] = [countIn(rest[0]), pingsOf(rest.slice(1))];
  if (what === 'large' && size !== undefined && pings !== undefined && path.large.length < 4) path.large.push({ ...pings, size });
  if (what === 'passes' && size !== undefined) path.passesBytes = Math.max(path.passesBytes ?? 0, size);
  if (what === 'tcp' && size !== undefined) {
    const tries = rest.slice(1, 60).flatMap((word) => {
      const [outcome, time] = word.split(':', 2);
      const [known, milliseconds] = [outcomes.find((one) => one === outcome), countIn(time)];
      return known === undefined || milliseconds === undefined ? [] : [{ outcome: known, milliseconds }];
    });
    path.tcp = { port: size, tries };
  }
}

/** What the experiment network-paths printed; undefined where it does not reach its end. */
export function waysOf(stdout: string): Ways | undefined {
  const rows = stdout.split('\n', 400);
  if (!rows.includes('end')) return undefined;
  const paths: Path[] = [];
  const lookups: Lookup[] = [];
  for (const row of rows) {
    const parts = words(row.slice(0, 1_000));
    const [what, kind, name, status, milliseconds] = parts;
    const took = countIn(milliseconds);
    if (what === 'path' && paths.length < 20) {
      const path = pathOf(parts);
      if (path !== undefined) paths.push(path);
    } else if (what === 'lookup' && (kind === 'own' || kind === 'used') && name !== undefined && took !== undefined && lookups.length < 60) lookups.push({ kind, name, found: status === '0', milliseconds: took });
    else if (paths.length > 0) addTo(paths.at(-1)!, parts);
  }
  return { paths, lookups };
}
