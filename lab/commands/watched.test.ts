import { describe, expect, it } from 'vitest';
import { subjectOf } from './watched.ts';

describe('the subject of a mail', () => {
  it.each([
    ['From: a\r\nSubject: pve1: ZFS encrypts slowly\r\nTo: b\r\n\r\nSubject: no', 'pve1: ZFS encrypts slowly'],
    ['Subject: one that is long enough\r\n to be folded\r\n\r\n', 'one that is long enough to be folded'],
    ['Subject: =?UTF-8?Q?pve1=3A_gel=C3=B6st_?= =?UTF-8?Q?und_gut?=\r\n\r\n', 'pve1: gelöst und gut'],
    ['Subject: =?utf-8?B?Z3V0?=\r\n\r\n', 'gut'],
    ['To: b\r\n\r\nno head line', ''],
  ])('of %j', (mail, expected) => expect(subjectOf(mail)).toBe(expected));
});
