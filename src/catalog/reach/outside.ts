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

/** Somebody in the network of the asking machine has the address of the host, or nobody has. */
export function linkAnswer({ way }: Reachability): 'answered' | 'no-answer' | 'not-known' {
  return way?.linkAnswer === 'answered' || way?.linkAnswer === 'no-answer' ? way.linkAnswer : 'not-known';
}

/** What became of the watched hosts that hang on the same switch, cluster or site, or run on the same node: a broken way to them takes all of them along. */
export function neighbours({ others }: Reachability): 'none' | 'all-silent' | 'some-answer' {
  const beside = (others?.neighbours ?? []).filter(({ kind }) => kind !== 'power');
  if (beside.length === 0) return 'none';
  return beside.some(({ answers }) => answers) ? 'some-answer' : 'all-silent';
}

/** `pve2 (switch core) and pve3 (cluster lab)` */
export function neighboursText({ others }: Reachability, answers: boolean): string {
  const named = (others?.neighbours ?? []).filter((one) => one.answers === answers).map(({ host, shares }) => `${host} (${shares})`);
  const shown = named.slice(0, 3);
  const rest = named.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

/** What the cluster of a Proxmox VE host says of it through another node. */
export function clusterSays({ others }: Reachability): 'online' | 'offline' | 'not-asked' {
  const cluster = others?.cluster;
  return cluster === undefined ? 'not-asked' : cluster.online ? 'online' : 'offline';
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

/** Why ssh was not let in, or did not go in, although an ssh server answered it: by the words of ssh(1) itself. */
export type Refusal = 'key-changed' | 'key-unknown' | 'login' | 'terms';

const refusals: readonly (readonly [RegExp, Refusal])[] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, 'key-changed'],
  [/Host key verification failed/, 'key-unknown'],
  [/Permission denied|Too many authentication failures/, 'login'],
  [/Unable to negotiate with|no matching (?:host key type|key exchange method|cipher|MAC) found/, 'terms'],
];

export function refusalOf({ ssh }: Reachability): Refusal | undefined {
  return refusals.find(([words]) => words.test(ssh.says))?.[1];
}

/** What a jump host says of connecting to the host: `Connection refused`, `No route to host`, … (ssh(1), open failed). */
export function jumpSays({ ssh }: Reachability): string | undefined {
  return /open failed: connect failed: ([A-Z][\w ]{1,60})/.exec(ssh.says)?.[1]?.trim();
}

/** The connection for ssh was opened and then closed from the other side before a word was said. */
export function closesAtOnce({ ssh, ports, sshBanner }: Reachability): boolean {
  return ports.ssh.outcome === 'connected' && sshBanner === '' && /kex_exchange_identification: (?:read: )?Connection (?:closed|reset)/.test(ssh.says);
}

/** The last line of ssh without its full stop. */
export function reasonOf({ ssh }: Reachability): string {
  return (ssh.says.trim().split('\n').at(-1) ?? '').trim().slice(0, 200).replace(/\.$/, '');
}

/** One line of what was seen, as an excerpt. */
export function seenText(outside: Reachability): string {
  const { ping, ports, sshBanner, ssh } = outside;
  const each = Object.values(ports).map(({ port, outcome }) => `${port} ${outcome}`);
  const last = ssh.says.trim().split('\n').at(-1) ?? '';
  const link = linkAnswer(outside) === 'not-known' ? '' : `; address in the own network: ${linkAnswer(outside)}`;
  const cluster = clusterSays(outside) === 'not-asked' ? '' : `; cluster: ${clusterSays(outside)}`;
  return `ping ${ping.outcome}; ${each.join(', ')}; banner ${sshBanner === '' ? 'none' : 'sent'}${link}${cluster}; ssh: ${last.slice(0, 160)}`;
}
