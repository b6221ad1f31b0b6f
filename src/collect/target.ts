import { UserError } from '../define/errors.ts';
import type { Target } from '../define/target.ts';

export interface TargetOptions {
  /** Options for ssh as given: `-o`, `-F`, `-J`, `-i`, … and their values. */
  readonly sshOptions: readonly string[];
  readonly sudo: boolean;
}

const userPattern = /^[A-Za-z0-9_][A-Za-z0-9_.+@-]*$/;
const hostPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const addressPattern = /^[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,15})?$/;

/** Understands what the user wrote as the target: nothing (this machine), `host`, `user@host`, or `ssh://user@host:port`. */
export function parseTarget(text: string | undefined, options: TargetOptions): Target {
  if (text === undefined) return { kind: 'local', sudo: options.sudo };
  const { user, host, port } = text.startsWith('ssh://') ? splitUrl(text) : splitPlain(text);
  const isHost = hostPattern.test(host) || (host.includes(':') && addressPattern.test(host));
  const isPort = port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  if (!isHost || !isPort || (user !== undefined && !userPattern.test(user))) {
    throw new UserError(
      'target-not-understood',
      `The target ${JSON.stringify(text.slice(0, 100))} is neither a host, user@host nor ssh://user@host:port.`,
      'Write for example root@pve1.example.org, or ssh://root@pve1.example.org:2222 for another port.',
    );
  }
  return { kind: 'ssh', destination: text, sshOptions: options.sshOptions, sudo: options.sudo };
}

interface Parts {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: string | undefined;
}

function splitPlain(text: string): Parts {
  const at = text.lastIndexOf('@');
  return { user: at < 0 ? undefined : text.slice(0, at), host: text.slice(at + 1), port: undefined };
}

function splitUrl(text: string): Parts {
  const { user, host } = splitPlain(text.slice('ssh://'.length).replace(/\/$/, ''));
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(host) ?? [];
  return { user, host: bracketed ?? plain ?? '', port };
}
