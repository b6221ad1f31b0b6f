import { lookup } from 'node:dns/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineScenario } from '../../define.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Variant {
  /** The name that leads nowhere; names under .invalid never exist (RFC 6761). */
  readonly name: string;
  /** How the user comes to it. */
  readonly way: 'given' | 'by-alias' | 'jump-host';
}

export default defineScenario<Variant>({
  name: 'name-not-resolved',
  subject: 'reach',
  kind: 'fault',
  why: 'The name of the host, or of the jump host before it, leads to no address, while the host itself is well: it is misspelt, its record is gone, or an alias in ~/.ssh/config names what no longer exists.',
  weight: 'light',
  variants: {
    'misspelt': { name: 'pve11.invalid', way: 'given' },
    'alias-without-host': { name: 'pve1.old-office.invalid', way: 'by-alias' },
    'jump-host-unknown': { name: 'gate.invalid', way: 'jump-host' },
  },
  zfs: false,
  inject: async () => {},
  settleSeconds: 0,
  check: async (_, { name }) => lookup(name).then(({ address }) => `${name} leads to ${address}`, () => undefined),
  look: (_, { name, way }) => {
    if (way === 'given') return { words: [`root@${name}`] };
    if (way === 'jump-host') return { words: ['root@192.0.2.11', '-J', `admin@${name}`] };
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config'), `Host pve\n  HostName ${name}\n  User root\n`);
    return { words: ['pve', '-F', join(folder, 'config')] };
  },
  truth: { first: ['name-not-resolved'], status: ['unreachable'], symptoms: ['unreachable'], never: ['host-down', 'network-unreachable'] },
});
