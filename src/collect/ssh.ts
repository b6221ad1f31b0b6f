import type { Target } from '../define/target.ts';

type SshTarget = Extract<Target, { kind: 'ssh' }>;

/**
 * Arguments for the system's ssh, up to and with the destination. The user's options come first, since ssh takes the first value that
 * it finds. Nothing of this machine is lent to a host that may be sick: no agent, no forwardings. A host that is out of memory may stand still for half a minute and go on, so a
 * silent connection is given up after 45 s only.
 */
export function sshArguments(target: SshTarget, interactive: boolean): string[] {
  const ours = [
    'ConnectTimeout=10',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=9',
    'RemoteCommand=none',
    'PermitLocalCommand=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    ...(interactive ? [] : ['BatchMode=yes']),
  ];
  return ['-T', ...target.sshOptions, ...ours.flatMap((option) => ['-o', option]), '--', target.destination];
}
