import type { PoolScan, PoolStatus } from './zpool-status.schema.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon Nov 23 02:49:28 2026` as seconds since 1970, the host's clock read as UTC. */
function secondsOf(text: string): number | undefined {
  const match = /^\w{3} (\w{3}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})/.exec(text);
  const month = months.indexOf(match?.[1] ?? '');
  if (!match || month < 0) return undefined;
  const [day, hour, minute, second, year] = match.slice(2).map(Number);
  return Date.UTC(year!, month, day, hour, minute, second) / 1000;
}

function scanOf(lines: readonly string[]): PoolScan | undefined {
  const text = lines.join(' ');
  const kind = text.startsWith('scrub') ? 'scrub' : text.startsWith('resilver') ? 'resilver' : undefined;
  if (!kind) return undefined;
  const done = /(\d{1,3}(?:\.\d{1,4})?)% done/.exec(text)?.[1];
  const at = / (?:since|on) (\w{3} \w{3} {1,2}\d{1,2} [\d:]{8} \d{4})/.exec(text)?.[1];
  const errors = Number(/with (\d{1,15}) errors/.exec(text)?.[1] ?? 0);
  const state = text.includes(' in progress')
    ? 'running'
    : text.startsWith('scrub paused')
      ? 'paused'
      : text.includes('canceled')
        ? 'cancelled'
        : 'finished';
  return {
    kind,
    state,
    percentDone: done === undefined ? undefined : Math.min(100, Number(done)),
    atSeconds: at === undefined ? undefined : secondsOf(at),
    errors,
  };
}

const roles: Readonly<Record<string, string>> = { logs: 'log', cache: 'cache', spares: 'spare', special: 'special', dedup: 'dedup' };
const grouping = /^(mirror|raidz[123]?|draid[123]?[:\w]*|replacing|spare)-\d+$/;

function countIn(word: string | undefined): number {
  return word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : 0;
}

interface Row {
  readonly depth: number;
  readonly words: readonly string[];
}

function readConfig(rows: readonly Row[], pool: PoolStatus): void {
  let role = 'data';
  let top = '';
  for (const [index, { depth, words }] of rows.entries()) {
    const [name, state = 'UNKNOWN', read, write, checksum, slow, ...rest] = words;
    if (!name || name === 'NAME') continue;
    if (depth === 0) {
      role = roles[name] ?? (name === pool.name ? 'data' : role);
      continue;
    }
    const hasChildren = (rows[index + 1]?.depth ?? 0) > depth;
    if (depth === 1) {
      top = name;
      const type = grouping.exec(name)?.[1] ?? 'disk';
      pool.vdevs.push({ name, type, state, role });
    }
    if (hasChildren || grouping.test(name)) continue;
    const counted = /^\d/.test(read ?? '');
    const note = (counted ? rest : [read, write, checksum, slow, ...rest]).filter((word) => word && word !== '-').join(' ').slice(0, 200);
    pool.leaves.push({
      path: name,
      vdev: top,
      role,
      state,
      readErrors: countIn(read),
      writeErrors: countIn(write),
      checksumErrors: countIn(checksum),
      slowIos: countIn(slow),
      note,
      trim: note.includes('(trimming)') ? 'running' : 'none',
    });
  }
}

/** The text of `zpool status -P -p -s` (ZFS up to 2.2): header lines, then an indented table with two spaces a level. */
export function poolsOfText(stdout: string): PoolStatus[] {
  const pools: PoolStatus[] = [];
  let pool: PoolStatus | undefined;
  let section = '';
  let scan: string[] = [];
  let rows: Row[] = [];
  const finish = (): void => {
    if (pool) {
      pool.scan = scanOf(scan);
      pool.status = pool.status.replaceAll(/\s+/g, ' ').trim();
      readConfig(rows, pool);
    }
    scan = [];
    rows = [];
  };
  for (const line of stdout.split('\n')) {
    const header = /^ {0,2}(pool|state|status|action|see|scan|config|errors|remove|checkpoint|expand|dedup|id): ?(.*)$/.exec(line.replace(/^ {1,6}/, ''));
    if (header && !line.startsWith('\t')) {
      section = header[1]!;
      const value = header[2]!.trim();
      if (section === 'pool') {
        finish();
        pool = { name: value, state: 'UNKNOWN', status: '', scan: undefined, vdevs: [], leaves: [], dataErrors: 0 };
        pools.push(pool);
      } else if (section === 'state' && pool) pool.state = value;
      else if (section === 'status' && pool) pool.status = value;
      else if (section === 'scan') scan.push(value);
      else if (section === 'errors' && pool) pool.dataErrors = countIn(/^(\d+) data errors/.exec(value)?.[1]) || (value.startsWith('Permanent') ? 1 : 0);
    } else if (section === 'config' && line.startsWith('\t')) {
      const body = line.slice(1);
      const depth = Math.floor((body.length - body.trimStart().length) / 2);
      const words = body.trim().split(/\s+/);
      if (words[0]) rows.push({ depth, words });
    } else if (section === 'status' && pool) pool.status += ` ${line.trim()}`;
    else if (section === 'scan') scan.push(line.trim());
  }
  finish();
  return pools;
}
