import type { ObjectRef } from '../../define/hypothesis.ts';
import type { Reachability } from '../../define/reachability.ts';

/** The host as the one object of hypotheses about reaching it. Where ssh answered there is no look from outside, and the engine says so. */
export function theHost({ outside }: { readonly outside: Reachability }): ObjectRef[] {
  return outside.hostname === '' ? [] : [{ object: 'host' }];
}

/** Nothing could be asked directly: the host is behind a proxy, or its name gives no address. */
export function nothingAsked({ ping, ports }: Reachability): boolean {
  return ping.outcome === 'not-asked' && Object.values(ports).every(({ outcome }) => outcome === 'not-asked');
}

/** Ports by what became of connecting to them. */
export function portsThat({ ports }: Reachability, outcome: Reachability['ports']['ssh']['outcome']): number[] {
  return Object.values(ports).flatMap((one) => (one.outcome === outcome ? [one.port] : []));
}

/** The kernel of the host gave some answer: to ping, or to a connection, be it a refusal. */
export function isAlive(outside: Reachability): boolean {
  return outside.ping.outcome === 'answered' || portsThat(outside, 'connected').length > 0 || portsThat(outside, 'refused').length > 0;
}

/** Programs run on the host: one of them answered with more than an open connection. */
export function runsPrograms({ sshBanner, metrics }: Reachability): boolean {
  return sshBanner !== '' || metrics.outcome === 'answered' || metrics.outcome === 'other-status' || metrics.outcome === 'other-content';
}

/** How the network of the asking machine itself is: `unknown` where it has nothing that could be asked. */
export function ownNetwork({ here, name }: Reachability): 'down' | 'silent' | 'works' | 'unknown' {
  if (here.interfacesUp.length === 0) return 'down';
  if (here.defaultGateway?.ping.outcome === 'answered' || here.resolvers.some(({ answers }) => answers) || name.outcome === 'resolved') return 'works';
  const asked = here.resolvers.length > 0 || here.defaultGateway?.ping.outcome === 'no-answer';
  return asked ? 'silent' : 'unknown';
}

/** ssh came to the point of asking for a key or password, so the host answers and only refuses this user. */
export function refusesUser({ ssh }: Reachability): boolean {
  return /Permission denied|Host key verification failed|Too many authentication failures|REMOTE HOST IDENTIFICATION/.test(ssh.says);
}

/** One line of what was seen, as an excerpt. */
export function seenText({ ping, ports, sshBanner, ssh }: Reachability): string {
  const each = Object.values(ports).map(({ port, outcome }) => `${port} ${outcome}`);
  const last = ssh.says.trim().split('\n').at(-1) ?? '';
  return `ping ${ping.outcome}; ${each.join(', ')}; banner ${sshBanner === '' ? 'none' : 'sent'}; ssh: ${last.slice(0, 160)}`;
}
