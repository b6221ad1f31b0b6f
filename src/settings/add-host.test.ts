import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { withHost } from './add-host.ts';

const pve1 = { name: 'pve1', target: 'root@pve1' };

describe('withHost', () => {
  it('begins settings', () => {
    expect(parse(withHost('', pve1))).toEqual({ hosts: [pve1] });
    expect(parse(withHost('# only a remark\n', pve1))).toEqual({ hosts: [pve1] });
    expect(parse(withHost('hosts:\n', pve1))).toEqual({ hosts: [pve1] });
  });

  it('leaves all else as it is, with remarks and variables', () => {
    const text = '# ours\nhosts:\n  # the old one\n  - name: pve0\n    target: root@pve0 # in the cellar\nchannels:\n  - { type: ntfy, name: phone, url: "https://ntfy.sh/${TOPIC}" }\n';
    const result = withHost(text, { ...pve1, sshOptions: ['-i', 'key file'], sudo: true });
    expect(result).toContain('# ours\n');
    expect(result).toContain('# the old one\n');
    expect(result).toContain('root@pve0 # in the cellar\n');
    expect(result).toContain('${TOPIC}');
    expect(parse(result).hosts).toEqual([{ name: 'pve0', target: 'root@pve0' }, { ...pve1, sshOptions: ['-i', 'key file'], sudo: true }]);
  });

  it.each([
    ['a second one of the name', 'hosts: [{ name: pve1 }]', pve1, 'have a host pve1 already'],
    ['a name that no host can have', '', { ...pve1, name: 'a b' }, 'cannot be called "a b"'],
    ['what is no YAML', 'hosts: [', pve1, 'no valid YAML'],
    ['a list that is none', 'hosts: 7', pve1, 'hosts is no list'],
  ])('does not add %s', (_, text, host, says) => {
    expect(() => withHost(text, host)).toThrow(says);
  });
});
