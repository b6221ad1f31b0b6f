import { describe, expect, it } from 'vitest';
import { exampleReport } from '../../test/reports/example-reports.ts';
import type { Alarm } from '../define/alarm.ts';
import type { Incident } from '../define/incident.ts';
import { notificationSchema } from '../define/notification.ts';
import { digestOf, renderIncident, testNotification, type IncidentNews } from './render.ts';
import { exampleNotification } from './testing.ts';

const startMs = Date.UTC(2023, 8, 21, 2, 11, 30);
const alarm: Alarm = {
  id: 'a1',
  kind: 'io-delay',
  host: 'pve1',
  object: 'host',
  severity: 'warning',
  source: 'culprit',
  startedAtMs: startMs,
  raisedAtMs: startMs + 300_000,
  value: 34.2,
  limit: 10,
  unit: '%',
  says: 'The processors waited for input and output 34 % of the time, the limit is 10 %',
  labels: {},
};
const load: Alarm = { ...alarm, id: 'a2', kind: 'load', startedAtMs: startMs + 40_000, value: 38.6, limit: 16, unit: '', says: '38.6 tasks run or wait for 16 processors' };
const missing: Alarm = { ...alarm, id: 'a3', kind: 'target-missing', host: 'vm101', startedAtMs: startMs + 95_000, severity: 'critical', says: 'The exporter of vm101 gives no answer', value: undefined, limit: undefined };
const incident: Incident = { id: '2023-0007', state: 'investigating', title: 'IO delay on pve1', severity: 'critical', startedAtMs: startMs, openedAtMs: startMs + 300_000, updatedAtMs: startMs + 300_000, hosts: ['pve1', 'vm101'], alarmIds: ['a1', 'a2', 'a3'], explanations: [] };
const words = { title: (kind: string) => ({ 'io-delay': 'IO delay', 'load': 'Load' })[kind], usual: ({ kind }: Alarm) => (kind === 'io-delay' ? 2 : undefined) };
const news: IncidentNews = { id: 'n1', kind: 'opened', atMs: startMs + 300_000, incident: { ...incident, hosts: ['pve1'], severity: 'warning' }, alarms: [alarm], timeZone: 'Europe/Berlin', words };
const explained: IncidentNews = { ...news, id: 'n2', kind: 'explained', incident: { ...incident, state: 'explained', hosts: ['pve1'] }, alarms: [missing, load, alarm], report: exampleReport('v1-story') };

describe('what is told of an incident', () => {
  it('begins with the symptom while nobody knows more', () => {
    const notification = notificationSchema.parse(renderIncident(news));
    expect(notification.subject).toBe('[Culprit] pve1: IO delay 34.2 % (usual 2 %), investigating');
    expect(notification.summary).toBe('IO delay 34.2 % (usual 2 %) on pve1 since 2023-09-21 04:11:30 +02:00. Culprit is looking for the cause; its verdict follows in this thread.');
    expect(renderIncident({ ...news, words: undefined }).subject).toBe('[Culprit] pve1: Io delay 34.2 % (limit 10 %), investigating');
  });

  it('does not count where a number is only a code', () => {
    const silent: Alarm = { ...missing, value: 0, limit: 1, unit: '(1 = answers)' };
    expect(renderIncident({ ...news, alarms: [silent] }).subject).toBe('[Culprit] pve1: Target missing, investigating');
  });

  it('begins with the verdict where there is one, and says in this order how it knows, what it is not, what to do, what was felt and what changed', () => {
    const { subject, text, html = '', summary } = notificationSchema.parse(renderIncident(explained));
    expect(subject).toBe('[Culprit] pve1: ZFS encrypts on a slower path than this CPU offers (97 %)');
    expect(summary).toContain('without AVX');
    const order = ['ZFS encrypts on a slower path', 'Act today. No data is at risk.', 'HOW IT KNOWS', 'The CPU has AVX, but ZFS lists no avx path', 'RULED OUT', '49 other causes: cpu 9', 'WHAT TO DO', 'Boot the previous kernel (risk: low)', 'proxmox-boot-tool kernel pin <version> --next-boot', 'Do not:', 'replace disks', 'ALARMS AS THEY BEGAN (Europe/Berlin)', '04:11:30 +02:00  pve1', '04:12:10 +02:00  pve1', '04:13:05 +02:00  vm101  [critical]', 'WHAT CHANGED BEFORE', 'pve-kernel-6.2 6.2.16-8 became 6.2.16-12', 'incident 2023-0007'];
    const places = order.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0), order.filter((_, index) => (places[index] ?? -1) < 0).join('; ')).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    // Two to four of the strongest pieces, the strongest first.
    expect(text.split('\n').filter((line) => line.startsWith('    - ')).length).toBe(4);
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(78);
    expect(html).toContain('ZFS encrypts on a slower path');
    expect(html).not.toMatch(/<(?:link|script|style|iframe)\b|\bsrc=|url\(/);
  });

  it('tells by what the incident keeps where the report is not at hand, and says when nothing was found', () => {
    const explanation = { atMs: startMs, host: 'pve1', status: 'identified' as const, summary: 'The disk sda is slow', causes: [{ id: 'disk-slow', title: 'A disk is slow', probability: 0.93, objects: ['disk/sda'] }], caseName: 'c1' };
    const kept = renderIncident({ ...explained, report: undefined, incident: { ...explained.incident, explanations: [explanation] } });
    expect(kept.subject).toBe('[Culprit] pve1: A disk is slow (93 %)');
    expect(kept.text).toContain('The disk sda is slow.');
    const nothing = renderIncident({ ...explained, alarms: [alarm], report: undefined, incident: { ...explained.incident, explanations: [{ ...explanation, status: 'inconclusive', causes: [] }] } });
    expect(nothing.subject).toBe('[Culprit] pve1: IO delay 34.2 % (usual 2 %), no cause found');
  });

  it('says that it is over, how long it took, and that the cause may not be', () => {
    const resolvedAtMs = startMs + 8_000_000;
    const over = renderIncident({ ...explained, kind: 'resolved', atMs: resolvedAtMs, incident: { ...explained.incident, state: 'resolved', resolvedAtMs }, alarms: explained.alarms.map((one) => ({ ...one, resolvedAtMs })) });
    expect(over.subject).toBe('[Culprit] pve1: over after 2 hours: ZFS encrypts on a slower path than this CPU offers (97 %)');
    const inOneLine = over.text.replaceAll(/\s+/g, ' ');
    expect(inOneLine).toContain('no alarm stands any more');
    expect(inOneLine).toContain('it can come back');
    expect(over.alarms.every((one) => one.resolvedAtMs === resolvedAtMs)).toBe(true);
  });

  it('holds every alarm, shows many, and makes nothing of what hosts say', () => {
    const evil = 'x</td><script>alert(1)</script>\u001b[31m\r\nSubject: y\u202e';
    const alarms = Array.from({ length: 1_000 }, (_, index) => ({ ...alarm, id: `a${index}`, startedAtMs: startMs + index, host: evil, object: evil, says: evil, kind: evil, unit: evil }));
    const many = renderIncident({ ...explained, alarms, incident: { ...incident, hosts: [evil], id: evil, title: evil }, report: exampleReport('v1-hostile'), chartSvg: '<svg/>', url: 'javascript:alert(1)' });
    expect(many.alarms.length).toBe(1_000);
    expect(many.text).toContain('and 800 more');
    expect(many.html).not.toMatch(/<script|href="javascript/);
    expect(many.html).toContain('<img src="cid:chart"');
    // oxlint-disable-next-line no-control-regex -- controls are what is looked for
    const unseen = /[\u0000-\u0009\u000b-\u001f\u202e]/;
    for (const shown of [many.subject, many.summary, many.text, many.html ?? '']) expect(shown).not.toMatch(unseen);
    expect(many.subject).not.toContain('\n');
  });

  it('says every kind of report without a word that is missing', () => {
    for (const name of ['v1-healthy', 'v1-unreachable', 'v1-story', 'v1-hostile']) {
      for (const kind of ['opened', 'explained', 'changed', 'resolved', 'reopened'] as const) {
        const { subject, text, html } = renderIncident({ ...explained, kind, report: exampleReport(name) });
        for (const shown of [subject, text, html ?? '']) expect(shown).not.toMatch(/\bundefined\b|\bNaN\b|\[object/);
      }
    }
  });
});

describe('a digest', () => {
  it('tells each incident by its newest word, the critical first, and keeps all alarms', () => {
    const one = exampleNotification({ id: 'n1', incidentId: 'i1', atMs: startMs });
    const later = exampleNotification({ id: 'n2', incidentId: 'i1', kind: 'explained', subject: '[Culprit] pve1: a disk is slow (93 %)', atMs: startMs + 1_000 });
    const critical = exampleNotification({ id: 'n3', incidentId: 'i2', severity: 'critical', subject: '[Culprit] pve2: gone', hosts: ['pve2'], atMs: startMs, alarms: one.alarms.map((alarm) => ({ ...alarm, id: 'a9' })) });
    const over = exampleNotification({ id: 'n4', incidentId: 'i3', kind: 'resolved', subject: '[Culprit] pve3: over', hosts: ['pve3'] });
    const digest = notificationSchema.parse(digestOf([one, critical, later, over], startMs + 5_000, 'Europe/Berlin'));
    expect(digest).toMatchObject({ kind: 'digest', severity: 'critical', subject: '[Culprit] 2 incidents at once on pve1 and 2 more hosts, 1 over', hosts: ['pve1', 'pve2', 'pve3'] });
    expect(digest.alarms.map(({ id }) => id)).toEqual(['a1', 'a9']);
    expect(digest.text).toMatch(/CRITICAL \(1\)\n {2}2023-09-21 04:11:30 \+02:00 {2}pve2: gone\n\nWARNINGS \(1\)\n.*a disk is slow \(93 %\)\n\nOVER \(1\)/);
    expect(digest.text).not.toContain('investigating');
    expect(digestOf([one, critical, later, over], startMs + 9_000, 'UTC').id).toBe(digest.id);
    expect(digestOf([one, critical], startMs, 'UTC').id).not.toBe(digest.id);
  });
});

describe('a test', () => {
  it('says that nothing is wrong', () => {
    expect(notificationSchema.parse(testNotification('t1', 'mail', startMs, 'UTC'))).toMatchObject({ kind: 'test', subject: '[Culprit] test of the channel mail', summary: expect.stringContaining('Nothing is wrong') });
  });
});
