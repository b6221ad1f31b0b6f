import { describe, expect, it } from 'vitest';
import { prometheusAddress } from './prometheus-address.ts';
import { selectorText } from './selector-text.ts';

describe('prometheusAddress', () => {
  it('takes prefix, parameters and login apart', () => {
    expect(prometheusAddress('https://reader:pa%40ss@history.example.com:9090/prometheus/?dedup=true')).toEqual({
      base: 'https://history.example.com:9090/prometheus',
      parameters: [['dedup', 'true']],
      authorization: 'Basic cmVhZGVyOnBhQHNz',
      secrets: ['pa@ss', 'cmVhZGVyOnBhQHNz'],
    });
    expect(prometheusAddress('http://[2001:db8::1]:9090/api/v1/')).toMatchObject({ base: 'http://[2001:db8::1]:9090', parameters: [] });
    expect(prometheusAddress('http://h', { bearerToken: 'abc.def' }).authorization).toBe('Bearer abc.def');
    expect(prometheusAddress('http://h', { userName: 'käthe', password: 'x' }).authorization).toBe(`Basic ${Buffer.from('käthe:x').toString('base64')}`);
  });

  it.each([
    ['prometheus:9090', {}],
    ['ftp://history', {}],
    ['', {}],
    ['http://user:pa%zz@history', {}],
    ['http://user:secret@history', { bearerToken: 'token' }],
    ['http://history', { bearerToken: 'two\r\nHeader: words' }],
    ['http://history', { userName: 'a:b', password: 'secret' }],
  ])('refuses %j without repeating a secret', (text, credentials) => {
    expect(() => prometheusAddress(text, credentials)).toThrow(expect.objectContaining({ code: 'history-address-not-understood', message: expect.not.stringMatching(/secret|pa%zz|words/) }));
  });
});

describe('selectorText', () => {
  it('writes names and values so that nothing in them is an expression', () => {
    expect(selectorText({ metric: 'node_load1', labels: { instance: 'pve1:9100' } })).toBe('{__name__="node_load1",instance="pve1:9100"}');
    expect(selectorText({ metric: 'up' })).toBe('{__name__="up"}');
    expect(selectorText({ metric: 'a"} or {b="', labels: { x: 'a\\b"c\n\u0007\ud800' } })).toBe('{__name__="a\\"} or {b=\\"",x="a\\\\b\\"c\\n\\u0007\ufffd"}');
  });

  it.each(['', '1a', 'a b', 'a=', '__name__'])('refuses the label %j', (name) => expect(() => selectorText({ metric: 'up', labels: { [name]: 'x' } })).toThrow(TypeError));
});
