import { Agent } from 'node:https';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** Why a certificate is not taken. Nothing was sent over the connection. */
export class UntrustedCertificate extends Error {
  readonly fingerprint: string;

  constructor(fingerprint: string, why: string) {
    super(why);
    this.fingerprint = fingerprint;
  }
}

function problemOf(socket: TLSSocket, trusted: readonly string[]): UntrustedCertificate | undefined {
  const { fingerprint256 = 'none' } = socket.getPeerCertificate();
  if (trusted.length === 0) return socket.authorized ? undefined : new UntrustedCertificate(fingerprint256, `no authority that is known here vouches for its certificate (${String(socket.authorizationError)})`);
  return trusted.includes(fingerprint256) ? undefined : new UntrustedCertificate(fingerprint256, 'its certificate is not the one that the settings name');
}

/**
 * Connections over TLS to servers whose certificates are known by fingerprint (SHA-256, `AA:BB:…`), or, where none is named, signed by an authority. A connection is handed out after the
 * check: a token is never sent to anybody else.
 */
export function pinnedAgent({ fingerprints, ca, timeoutMs }: { readonly fingerprints: readonly string[]; readonly ca?: string | undefined; readonly timeoutMs: number }): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, timeout: timeoutMs });
  agent.createConnection = (options, callback) => {
    const socket = connect({ ...(options as ConnectionOptions), ...(ca === undefined ? {} : { ca }), rejectUnauthorized: false });
    let answered = false;
    const answer = (error: Error | null): void => {
      if (answered) return;
      answered = true;
      if (error !== null) socket.destroy();
      callback?.(error, socket);
    };
    socket.once('secureConnect', () => answer(problemOf(socket, fingerprints) ?? null));
    socket.once('error', answer);
    socket.once('close', () => answer(new Error('the connection was cut')));
    return undefined;
  };
  return agent;
}
