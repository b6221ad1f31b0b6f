import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { needs } from '../../test/needs.ts';
import { exampleReport, exampleReportNames } from '../../test/reports/example-reports.ts';
import { renderJson } from './json.ts';
import { renderNagios } from './nagios.ts';
import { renderPrometheus } from './prometheus.ts';

describe('Prometheus text', () => {
  const sample = /^[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\} -?[0-9.e+-]+$/;

  it.each(exampleReportNames)('of %s has a HELP and a TYPE before each family, and every series once', (name) => {
    const lines = renderPrometheus(exampleReport(name)).trimEnd().split('\n');
    const series = lines.filter((line) => !line.startsWith('#'));
    expect(series.filter((line) => !sample.test(line))).toEqual([]);
    expect(new Set(series.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(series.length);
    const families = new Set(series.map((line) => line.slice(0, line.indexOf('{'))));
    for (const family of families) {
      expect(lines.filter((line) => line.startsWith(`# TYPE ${family} gauge`))).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith(`# HELP ${family} `))).toHaveLength(1);
    }
  });

  it('says what the story is', () => {
    const text = renderPrometheus(exampleReport('v1-story'));
    expect(text).toContain('culprit_verdict{target="root@pve1",status="identified"} 1');
    expect(text).toContain('culprit_verdict{target="root@pve1",status="healthy"} 0');
    expect(text).toContain('culprit_cause_probability{target="root@pve1",cause="zfs-crypto-unaccelerated",object="storage/pve1/tank",status="identified"} 0.972');
    expect(text).toContain('culprit_investigation_timestamp_seconds{target="root@pve1"} 1695262447');
  });
});

needs('prometheus', '/usr/bin/promtool')('Prometheus text and promtool', () => {
  it('is accepted', () => {
    for (const name of exampleReportNames) {
      const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: renderPrometheus(exampleReport(name)), encoding: 'utf8' });
      expect({ name, status, stderr, stdout }).toEqual({ name, status: 0, stderr: '', stdout: '' });
    }
  });
});

describe('Nagios output', () => {
  it.each(exampleReportNames)('of %s has one bar, in its first line, and well-formed performance data', (name) => {
    const [first = '', ...rest] = renderNagios(exampleReport(name)).trimEnd().split('\n');
    expect(first).toMatch(/^CULPRIT (?:OK|WARNING|CRITICAL|UNKNOWN) - [^|]* \| (?:'[^'=|]+'=-?[0-9.e+-]+(?:%|[um]?s|[KMGT]?B|c)?;[0-9.]*;;; ?)+$/);
    expect(rest.join('\n')).not.toContain('|');
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(first + rest.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('has the states of the guidelines', () => {
    expect(renderNagios(exampleReport('v1-healthy'))).toMatch(/^CULPRIT OK - /);
    expect(renderNagios(exampleReport('v1-unreachable'))).toMatch(/^CULPRIT UNKNOWN - /);
    expect(renderNagios(exampleReport('v1-story'))).toContain("'io-delay node/pve1'=31.2%;10;;;");
    expect(renderNagios(exampleReport('v1-story'))).toContain('identified 97 %: ZFS encrypts on a slower path than this CPU offers (zfs-crypto-unaccelerated)');
  });
});

describe('a unit of measurement', () => {
  it('that the guidelines do not know is left out, whatever it is called', () => {
    const story = exampleReport('v1-story');
    const symptoms = ['constructor', '__proto__', 'tasks'].map((unit) => ({ id: 'io-delay' as const, title: '', object: unit, origin: 'measured' as const, text: '', value: 1, unit }));
    expect(renderNagios({ ...story, symptoms })).toMatch(/'io-delay constructor'=1;;;; 'io-delay __proto__'=1;;;; 'io-delay tasks'=1;;;;\n/);
  });
});

describe('JSON', () => {
  it.each(exampleReportNames)('of %s is the report itself, and harmless on a terminal', (name) => {
    const text = renderJson(exampleReport(name));
    expect(JSON.parse(text)).toEqual(exampleReport(name));
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/);
  });
});
