import { z } from 'zod';
import type { Reachability } from '../../define/reachability.ts';
import { runCommand } from './run-command.ts';

type Way = NonNullable<Reachability['way']>;

const timeoutMs = 2_000;
/** A neighbour that was known is asked again only 5 s after it was needed, then three times a second apart (arp(7), delay_first_probe_time). */
const mostAsks = 8;
const askEveryMs = 1_000;
/** An entry counts as of now when it was confirmed within this time, of which the look itself takes some. */
const freshSeconds = 12;

const routesSchema = z.array(z.object({ type: z.string().optional(), gateway: z.string().max(60).optional(), dev: z.string().max(30).optional() })).min(1);
const neighboursSchema = z.array(z.object({ state: z.array(z.string()).optional(), confirmed: z.number().optional() }));

function read<Shape>(schema: z.ZodType<Shape>, text: string): Shape | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Reads `ip -json route get ADDRESS` (ip-route(8)); the kernel's refusal goes to standard error. */
export function parseRoute(stdout: string, stderr: string): Omit<Way, 'linkAnswer'> {
  if (/(?:Network is unreachable|No route to host|Invalid argument)/.test(stderr)) return { route: 'none' };
  const [route] = read(routesSchema, stdout) ?? [];
  if (route === undefined) return { route: 'not-known' };
  const { type, gateway, dev } = route;
  if (type === 'local') return { route: 'local' };
  if (type === 'unreachable' || type === 'blackhole' || type === 'prohibit') return { route: 'none' };
  return { route: gateway === undefined ? 'direct' : 'gateway', ...(dev === undefined ? {} : { interface: dev }), ...(gateway === undefined ? {} : { gateway }) };
}

/** Reads `ip -s -json neigh show to ADDRESS` (ip-neighbour(8)). `undefined`: the kernel has not made up its mind yet. */
export function parseNeighbour(stdout: string): Way['linkAnswer'] | undefined {
  const [entry] = read(neighboursSchema, stdout.trim() === '' ? '[]' : stdout) ?? [];
  const state = entry?.state?.[0];
  if (state === 'FAILED') return 'no-answer';
  if (state === 'REACHABLE') return (entry?.confirmed ?? Number.POSITIVE_INFINITY) <= freshSeconds ? 'answered' : 'old';
  // Of an interface that asks nobody, such as a tunnel, nothing can be told.
  return state === 'NOARP' || state === 'PERMANENT' ? 'not-known' : undefined;
}

/** How this machine's kernel gets to an address that was just asked, and whether anybody in the same network has it. Undefined where ip(8) is not installed. */
export async function askWay(address: string): Promise<Way | undefined> {
  const asked = await runCommand('ip', ['-json', 'route', 'get', address], timeoutMs);
  if (asked === undefined) return undefined;
  const route = parseRoute(asked.stdout, asked.stderr);
  if (route.route !== 'direct') return { ...route, linkAnswer: 'not-known' };
  for (let ask = 0; ask < mostAsks; ask += 1) {
    const entry = await runCommand('ip', ['-s', '-json', 'neigh', 'show', 'to', address], timeoutMs);
    const linkAnswer = parseNeighbour(entry?.stdout ?? '');
    if (linkAnswer !== undefined) return { ...route, linkAnswer };
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  return { ...route, linkAnswer: 'not-known' };
}
