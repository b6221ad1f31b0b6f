import { getServers, promises } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { Reachability } from '../../define/reachability.ts';
import { ping } from './ping.ts';
import { runCommand } from './run-command.ts';

/** Is this machine itself online? Asks only its own gateway and resolvers. */
export async function lookAtOwnNetwork(): Promise<Reachability['here']> {
  const interfaces = Object.entries(networkInterfaces());
  const interfacesUp = interfaces.filter(([, addresses]) => addresses?.some(({ internal }) => !internal)).map(([name]) => name);
  const [defaultGateway, resolvers] = await Promise.all([askGateway(), Promise.all(getServers().slice(0, 2).map(askResolver))]);
  return { interfacesUp, ...(defaultGateway ? { defaultGateway } : {}), resolvers };
}

async function askGateway(): Promise<Reachability['here']['defaultGateway']> {
  const address = await findGateway();
  return address === undefined ? undefined : { address, ping: await ping(address) };
}

async function findGateway(): Promise<string | undefined> {
  if (process.platform === 'linux') return parseRoutes(await readFile('/proc/net/route', 'utf8').catch(() => ''));
  const result = await runCommand('route', ['-n', 'get', 'default'], 2_000);
  return /gateway: ([0-9A-Fa-f:.%a-z]+)/.exec(result?.stdout ?? '')?.[1];
}

/** The default gateway in /proc/net/route: destination and mask zero; addresses are hexadecimal in host byte order (proc(5)). */
export function parseRoutes(text: string): string | undefined {
  for (const line of text.split('\n').slice(1, 1_000)) {
    const [, destination, gateway, flags, , , , mask] = line.split('\t');
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/.test(gateway ?? '')) continue;
    if ((Number.parseInt(flags ?? '', 16) & 2) === 0) continue;
    return gateway!.match(/../g)!.map((byte) => Number.parseInt(byte, 16)).reverse().join('.');
  }
  return undefined;
}

async function askResolver(address: string): Promise<{ address: string; answers: boolean }> {
  const resolver = new promises.Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([address]);
  try {
    await resolver.resolve4('localhost');
    return { address, answers: true };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { address, answers: ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ENOTIMP', 'EFORMERR'].includes(code) };
  }
}
