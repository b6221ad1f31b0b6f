import type { ComparisonRule } from '../../define/comparison.ts';
import type { Source } from '../../define/source.ts';
import boots from '../changes/boots.probe.ts';
import configuredSettings from '../changes/configured-settings.probe.ts';
import editedFiles from '../changes/edited-files.probe.ts';
import logins from '../changes/logins.probe.ts';
import packageLog from '../changes/package-log.probe.ts';
import poolHistory from '../changes/pool-history.probe.ts';
import serviceStarts from '../changes/service-starts.probe.ts';
import taskHistory from '../changes/task-history.probe.ts';
import timeZone from '../changes/time-zone.probe.ts';
import proxmoxRrd from '../guests/proxmox-rrd.probe.ts';
import sysstatHistory from '../kernel/sysstat-history.probe.ts';
import { about, ignored } from './rule.ts';

const zone = about(timeZone);

/** What a host remembers grows by itself; the changes in it are told by the timeline. */
export const historyRules: readonly ComparisonRule[] = [
  zone('name', 'setting', 12, 'the time zone'),
  ...ignored(timeZone, 'nowSeconds', 'offsetMinutes'),
  ...([boots, configuredSettings, editedFiles, logins, packageLog, poolHistory, serviceStarts, taskHistory, proxmoxRrd, sysstatHistory] as readonly Source[]).flatMap((probe) => ignored(probe)),
];
