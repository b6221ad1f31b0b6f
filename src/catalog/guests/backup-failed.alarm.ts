import { defineAlarmKind } from '../../define/alarm-kind.ts';
import { ownMetrics } from '../../define/history.ts';
import { gauge, nowMs } from '../alarms/alarms.samples.ts';
import { latestOf } from '../alarms/measure.ts';

const { backupFailed } = ownMetrics;

export default defineAlarmKind({
  id: 'backup-failed',
  subject: 'guests',
  title: 'A backup failed',
  about: 'The newest backup task (vzdump) of a node that has ended, ended with an error: at least one guest has no new backup. One that ended with warnings did its work.',
  unit: '(1 = failed)',
  symptom: 'backup-missed',
  severity: 'warning',
  metrics: [backupFailed],
  bad: 'above',
  fixedLimit: 0,
  learned: false,
  forSeconds: 0,
  clearSeconds: 60,
  measure: (view) => {
    const value = latestOf(view, backupFailed);
    return value === undefined ? [] : [{ object: 'host', value }];
  },
  says: () => 'The newest backup failed.',
  examples: {
    raised: [{ name: 'the newest failed', nowMs, series: [gauge(backupFailed, 1)], expect: [{ object: 'host', value: 1 }] }],
    quiet: [
      { name: 'the newest went well', nowMs, series: [gauge(backupFailed, 0)], expect: [{ value: 0 }] },
      { name: 'nothing is known of backups', nowMs, series: [], expect: [] },
    ],
  },
});
