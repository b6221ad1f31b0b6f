import type { Target } from '../../define/target.ts';
import { runCommand } from './run-command.ts';

export interface SshDestination {
  readonly hostname: string;
  readonly port: number;
  readonly proxiedBy?: string;
}

/** Where ssh would connect to, by its own configuration (`ssh -G`). */
export async function resolveDestination(target: Extract<Target, { kind: 'ssh' }>): Promise<SshDestination> {
  const result = await runCommand('ssh', [...target.sshOptions, '-G', '--', target.destination], 2_000);
  return parseSshConfig(result?.stdout ?? '') ?? withoutConfig(target.destination);
}

/** Reads what `ssh -G` prints: lines of a keyword in small letters and its value. */
export function parseSshConfig(text: string): SshDestination | undefined {
  const valueOf = (keyword: string): string | undefined => {
    const value = text.split('\n').find((line) => line.startsWith(`${keyword} `))?.slice(keyword.length + 1).trim();
    return value === 'none' || value === '' ? undefined : value;
  };
  const hostname = valueOf('hostname');
  if (hostname === undefined) return undefined;
  const jump = valueOf('proxyjump');
  const command = valueOf('proxycommand');
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: validPort(valueOf('port')),
    ...(jump !== undefined ? { proxiedBy: `ProxyJump ${jump}` } : command !== undefined ? { proxiedBy: 'ProxyCommand' } : {}),
  };
}

function withoutConfig(destination: string): SshDestination {
  const host = destination.replace(/^ssh:\/\//, '').replace(/^.*@/, '').replace(/\/$/, '');
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(host) ?? [];
  return { hostname: bracketed ?? plain ?? host, port: validPort(destination.startsWith('ssh://') ? port : undefined) };
}

function validPort(text: string | undefined): number {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : 22;
}
