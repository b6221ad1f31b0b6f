import { describe, expect, it } from 'vitest';
import type { History } from '../define/history.ts';
import { findInstance, hostOfInstance } from './exporter-instance.ts';

/** A history in memory: series of one sample with these labels. */
function historyOf(metric: string, labels: readonly Record<string, string>[]): History {
  return { series: (selector) => Promise.resolve(selector.metric === metric ? labels.map((one) => ({ metric, labels: one, timesMs: [0], values: [1] })) : []) };
}
const find = (labels: readonly Record<string, string>[], name: string, addresses: readonly string[] = [], metric = 'node_uname_info') => findInstance(historyOf(metric, labels), { name, addresses }, 0, 3_600_000);

describe('findInstance', () => {
  const two = [{ instance: '192.0.2.1:9100', nodename: 'pve1' }, { instance: '192.0.2.2:9100', nodename: 'pve10' }];

  it('goes by what the kernel calls itself', async () => {
    expect(await find(two, 'pve1')).toEqual({ found: 'one', instance: '192.0.2.1:9100' });
    expect(await find(two, 'PVE10.example.com')).toEqual({ found: 'one', instance: '192.0.2.2:9100' });
  });

  it('goes by the address where only that is known', async () => expect(await find(two, '192.0.2.2', ['192.0.2.2'])).toEqual({ found: 'one', instance: '192.0.2.2:9100' }));

  it('prefers the exporter at the host’s own address among hosts of the same name', async () => {
    const same = [{ instance: '192.0.2.1:9100', nodename: 'node' }, { instance: '198.51.100.1:9100', nodename: 'node' }];
    expect(await find(same, 'node', ['198.51.100.1'])).toEqual({ found: 'one', instance: '198.51.100.1:9100' });
    expect(await find(same, 'node')).toEqual({ found: 'several', instances: ['192.0.2.1:9100', '198.51.100.1:9100'] });
  });

  it('does not take one domain’s host for that of another', async () => {
    const domains = [{ instance: 'a:9100', nodename: 'pve1.example.com' }, { instance: 'b:9100', nodename: 'pve1.example.org' }];
    expect(await find(domains, 'pve1.example.org')).toEqual({ found: 'one', instance: 'b:9100' });
    expect(await find(domains, 'pve1.example.net')).toEqual({ found: 'none', known: ['a:9100', 'b:9100'] });
  });

  it('does not take a host of another name for this one, whatever its address', async () => expect(await find(two, 'pve3', ['192.0.2.1'])).toMatchObject({ found: 'none' }));

  it('goes by names and addresses of instances where the exporter gives no name', async () => {
    expect(await find([{ instance: 'pve1' }, { instance: '[2001:db8::2]:9100' }], 'pve2', ['2001:DB8::2'], 'node_load1')).toEqual({ found: 'one', instance: '[2001:db8::2]:9100' });
    expect(await find([{ instance: 'pve1.example.com:9100' }], 'pve1', [], 'node_load1')).toEqual({ found: 'one', instance: 'pve1.example.com:9100' });
  });

  it('says so where there is nothing', async () => expect(await find([], 'pve1')).toEqual({ found: 'none', known: [] }));

  it.each([['pve1:9100', 'pve1'], ['PVE1', 'pve1'], ['[::1]:9100', '::1'], ['::1', '::1'], ['192.0.2.1:9100', '192.0.2.1']])('takes %s for %s', (instance, host) => expect(hostOfInstance(instance)).toBe(host));
});
