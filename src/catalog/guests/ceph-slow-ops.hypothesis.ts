import { defineHypothesis } from '../../define/hypothesis.ts';
import cephHealth, { type CephHealth } from './ceph-health.probe.ts';
import findSlowOsd from './find-slow-osd.mitigation.ts';

type Check = CephHealth['checks'][number];

const slowCodes = ['SLOW_OPS', 'REQUEST_SLOW', 'REQUEST_STUCK', 'MDS_SLOW_REQUEST', 'MDS_SLOW_METADATA_IO'];
const stopCodes = ['PG_AVAILABILITY', 'OSD_FULL', 'POOL_FULL'];
const daemonCodes = ['OSD_DOWN', 'OSD_HOST_DOWN', 'OSD_SLOW_PING_TIME_FRONT', 'OSD_SLOW_PING_TIME_BACK'];
const latchedCodes = ['BLUESTORE_SLOW_OP_ALERT', 'BLUEFS_SPILLOVER'];

const among = (health: CephHealth, codes: readonly string[]): Check | undefined => health.checks.find(({ code, muted }) => codes.includes(code) && !muted);

function healthOf(...checks: readonly (Partial<Check> & { code: string; message: string })[]): CephHealth {
  return { answered: true, status: checks.length === 0 ? 'HEALTH_OK' : 'HEALTH_WARN', checks: checks.map((check) => ({ severity: 'HEALTH_WARN', muted: false, detail: [], ...check })) };
}

const slowOsd = { code: 'SLOW_OPS', message: '12 slow ops, oldest one blocked for 174 sec, osd.3 has slow ops', detail: ['osd.3 has slow ops'] };
const latched = { code: 'BLUESTORE_SLOW_OP_ALERT', message: '1 OSD(s) experiencing slow operations in BlueStore' };

export default defineHypothesis({
  id: 'ceph-slow-ops',
  subject: 'guests',
  proven: 'documentation',
  title: 'Operations of Ceph are slow or blocked',
  about: `A write to Ceph is done when all copies are: one slow disk, one overloaded node or a disturbed network holds up the guests of the whole cluster. Ceph reports operations that wait longer than 30 seconds (\`SLOW_OPS\`), and stops
writes altogether when an OSD is full or too few copies are reachable. When the same OSD is named again and again, it is its disk. \`BLUESTORE_SLOW_OP_ALERT\` alone often stays for a day after one short wait and is harmless.

To be sure by hand: \`ceph health detail\`, \`ceph osd perf\`, and on the node of the OSD that is named \`ceph daemon osd.<id> dump_historic_ops\`.`,
  needs: { health: cephHealth },
  objects: ({ health }) => [{ object: 'host', health }],
  noObjects: 'this host belongs to no Ceph cluster',
  prior: 1 / 80,
  explains: { 'guest-slow': 0.8, 'io-delay': 0.6, 'target-missing': 0.3, 'high-load': 0.3, 'guest-down': 0.2, 'disk-latency': 0.2, 'backup-missed': 0.2 },
  evidence: [
    {
      outcome: ({ health }) => {
        if (!health.answered) return 'no-answer';
        if (among(health, slowCodes) !== undefined) return 'slow';
        if (among(health, stopCodes) !== undefined) return 'stopped';
        return among(health, latchedCodes) === undefined ? 'well' : 'latched';
      },
      table: {
        slow: { ifCause: 0.75, otherwise: 0.001, decisive: true, says: ({ health }) => `Ceph reports: ${among(health, slowCodes)?.message ?? ''}.` },
        stopped: { ifCause: 0.1, otherwise: 0.0003, decisive: true, says: ({ health }) => `Ceph cannot serve all data: ${among(health, stopCodes)?.message ?? ''}.` },
        'no-answer': { ifCause: 0.1, otherwise: 0.005, says: 'The monitors of Ceph gave no answer within four seconds.' },
        latched: { ifCause: 0.03, otherwise: 0.05, says: ({ health }) => `Ceph reports no slow operations now, only: ${among(health, latchedCodes)?.message ?? ''}.` },
        well: { ifCause: 0.02, otherwise: 0.94, says: 'Ceph reports no slow or blocked operations.' },
      },
      excerpt: ({ health }) => health.checks.slice(0, 4).map(({ code, detail, message }) => `${code}: ${detail[0] ?? message}`).join('; '),
    },
    {
      when: ({ health }) => among(health, daemonCodes) !== undefined,
      likelihood: { ifCause: 0.4, otherwise: 0.05 },
      says: ({ health }) => `Ceph also reports: ${among(health, daemonCodes)?.message ?? ''}.`,
      group: 'daemons',
    },
  ],
  ruledOut: [
    {
      when: ({ health }) => health.answered && among(health, [...slowCodes, ...stopCodes, ...latchedCodes, ...daemonCodes]) === undefined,
      says: ({ health }) => `Ceph reports ${health.status ?? 'its health'}, and no slow or blocked operations`,
    },
  ],
  broughtBy: ['virtualisation'],
  urgency: 'now',
  dataAtRisk: false,
  containment: ['Put off backups, scrubs (`ceph osd set noscrub`, `ceph osd set nodeep-scrub`) and moves of guests until it is over.'],
  doNot: ['Do not restart OSDs one after the other: each restart moves work to the others.'],
  mitigations: [findSlowOsd],
  references: ['ceph/ceph doc/rados/operations/health-checks.rst', 'ceph(8)'],
  examples: {
    supporting: [
      { name: 'one OSD has slow operations', given: { health: healthOf(slowOsd) }, symptoms: ['guest-slow'], expect: 'identified' },
      { name: 'an OSD is full', given: { health: healthOf({ code: 'OSD_FULL', severity: 'HEALTH_ERR', message: '1 full osd(s)' }) }, symptoms: ['guest-slow', 'guest-down'], expect: 'identified' },
    ],
    refuting: [
      { name: 'all is well', given: { health: healthOf() }, expect: 'ruled-out' },
      { name: 'an alert that stays for a day after one short wait', given: { health: healthOf(latched) } },
      { name: 'one OSD is down, nothing waits', given: { health: healthOf({ code: 'OSD_DOWN', message: '1 osds down' }) }, expect: 'not-a-cause' },
      { name: 'an administrator has muted an old report', given: { health: healthOf({ ...slowOsd, muted: true }) }, expect: 'ruled-out' },
      { name: 'no Ceph', given: { health: { status: 'absent', detail: 'this host belongs to no Ceph cluster' } }, expect: 'ruled-out' },
    ],
  },
});
