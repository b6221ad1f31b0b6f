import { defineMitigation } from '../../define/mitigation.ts';

export default defineMitigation({
  id: 'allow-the-login',
  title: 'Use the right user and key, or make the host’s key known',
  risk: 'low',
  riskSays: 'A host key that is accepted without a look could be that of somebody in between.',
  preconditions: ['The fingerprint of the host’s key is known from its console: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.'],
  commands: [
    ['ssh', '-v', '<user>@<host>', 'true'],
    ['ssh-keygen', '-F', '<host>'],
    ['ssh-copy-id', '-i', '<key>.pub', '<user>@<host>'],
  ],
  verify: '`ssh <user>@<host> true` works without a question.',
  undo: 'Take the line of the key out of `~/.ssh/authorized_keys` on the host.',
});
