import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineScenario } from '../../define.ts';
import { differs } from './asking.ts';
import { addressOf, joinNetwork } from './own-network.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Variant {
  /** What this side knows of the host's key: nothing and trusts it, nothing and asks for it, or another one than it has. */
  readonly hostKey: 'trusted' | 'unknown' | 'another';
  readonly user: string;
}

export default defineScenario<Variant>({
  name: 'login-refused',
  subject: 'reach',
  kind: 'fault',
  why: 'The ssh server answers, but ssh does not get in: the host does not accept the key or the user, or this side does not trust the key that the host shows, be it unknown or another one than the time before. Host and network are well.',
  weight: 'light',
  variants: {
    'key-not-accepted': { hostKey: 'trusted', user: 'root' },
    'host-key-changed': { hostKey: 'another', user: 'root' },
    'no-such-user': { hostKey: 'trusted', user: 'admin' },
    'host-key-unknown': { hostKey: 'unknown', user: 'root' },
  },
  zfs: false,
  inject: async (host) => void (await joinNetwork(host, 'switch')),
  check: async (host) => {
    const problem = await differs(addressOf(host), { ping: true, ssh: 'connected' });
    return problem ?? ((await host.run('systemctl is-active ssh')).trim() === 'active' ? undefined : 'the ssh server does not run');
  },
  look: (host, { hostKey, user }) => {
    const folder = temporaryFolder();
    const [mine, theirs, known] = ['mine', 'theirs', 'known_hosts'].map((name) => join(folder, name)) as [string, string, string];
    for (const file of [mine, theirs]) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
    writeFileSync(known, hostKey === 'another' ? `${addressOf(host)} ${readFileSync(`${theirs}.pub`, 'utf8')}` : '');
    const settings = [`UserKnownHostsFile=${known}`, `StrictHostKeyChecking=${hostKey === 'trusted' ? 'accept-new' : 'yes'}`, 'GlobalKnownHostsFile=/dev/null', 'IdentitiesOnly=yes'];
    return { words: [`${user}@${addressOf(host)}`, '-i', mine, ...settings.flatMap((setting) => ['-o', setting])] };
  },
  truth: { first: ['login-refused'], status: ['unreachable'], symptoms: ['unreachable'], never: ['host-down', 'port-filtered'] },
});
