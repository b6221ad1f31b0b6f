/** How to run a script on a host, or where its saved answers are. */
export type Target =
  | { readonly kind: 'local'; readonly sudo: boolean }
  | {
      readonly kind: 'ssh';
      /** As the user wrote it: `user@host` or `ssh://user@host:port`. */
      readonly destination: string;
      /** Handed to the system's `ssh` unchanged: `-o`, `-F`, `-J`, `-i` and their values. */
      readonly sshOptions: readonly string[];
      readonly sudo: boolean;
    }
  | { readonly kind: 'case'; readonly path: string };

/** How a target is named in reports. */
export function targetName(target: Target): string {
  if (target.kind === 'local') return 'this machine';
  return target.kind === 'ssh' ? target.destination : target.path;
}

/** The host of `user@host` or `ssh://user@host:port`: a name or an address. */
export function hostOfDestination(destination: string): string {
  return destination.replace(/^ssh:\/\//, '').replace(/\/$/, '').replace(/^.*@/, '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
