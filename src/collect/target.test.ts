import { describe, expect, it } from 'vitest';
import { UserError } from '../define/errors.ts';
import { parseTarget } from './target.ts';

const options = { sshOptions: ['-J', 'gate'], sudo: true };

describe('parseTarget', () => {
  it('takes nothing as this machine', () => {
    expect(parseTarget(undefined, options)).toEqual({ kind: 'local', sudo: true });
  });

  it.each([
    'pve1', 'root@pve1', 'root@pve1.example.org', 'root@192.0.2.7', 'root@2001:db8::1', 'root@fe80::1%eth0', 'ssh://pve1', 'ssh://root@pve1:2222',
    'ssh://root@[2001:db8::1]:2222', 'ssh://root@pve1/', 'DOMAIN_user.name+x@host_1', 'user@example.org@pve1',
  ])('takes %s', (text) => {
    expect(parseTarget(text, options)).toEqual({ kind: 'ssh', destination: text, sshOptions: ['-J', 'gate'], sudo: true });
  });

  it.each([
    '', '-oProxyCommand=x', 'root@-x', '-x@host', 'ssh://-x', 'root@', '@host', 'a b', 'host;x', 'root@host:22', 'ssh://host:0', 'ssh://host:99999', 'ssh://host:x',
    'http://host', 'host\n', '$(x)', '`x`@host', 'ssh://[::1', 'ssh://',
  ])('refuses %j', (text) => {
    expect(() => parseTarget(text, options)).toThrow(expect.objectContaining({ code: 'target-not-understood' }));
    expect(() => parseTarget(text, options)).toThrow(UserError);
  });
});
