import { defineSymptom, type Detection } from '../../define/symptom.ts';
import bootHistory from './boot-history.probe.ts';
import { agoText } from '../../lib/duration-text.ts';
import operatingSystem from './os.probe.ts';
import { proxmoxHost } from './os.samples.ts';

const recentSeconds = 86_400;
const justBooted = { ...proxmoxHost, uptimeSeconds: 1_800 };
const history = { source: 'journal', bootsKnown: 5, crashRecords: 0 } as const;

export default defineSymptom({
  id: 'rebooted',
  title: 'Unexpected reboot',
  about: `The host started within the last 24 hours, and the boot before ended without an orderly shutdown: power loss, reset, crash, watchdog or fencing. It is told from
the end of that boot's journal (\`journalctl -b -1 -n 40\`), or from the records of logins (\`last -x reboot shutdown\`). Without a journal on disk it cannot be told,
and a planned reboot is none.`,
  leak: 0.3,
  needs: { system: operatingSystem, boots: bootHistory },
  detect: ({ system, boots }): readonly Detection[] => {
    if (boots.previousBootEndedCleanly !== false || system.uptimeSeconds > recentSeconds) return [];
    const crash = boots.crashRecords > 0 ? ` Records of a crash were kept (${boots.crashRecords} files).` : '';
    return [
      {
        object: 'host',
        value: Math.round(system.uptimeSeconds / 360) / 10,
        limit: recentSeconds / 3_600,
        unit: 'hours since the start',
        says: `The host started ${agoText(system.uptimeSeconds)} ago, and the boot before ended without an orderly shutdown.${crash}`,
      },
    ];
  },
  examples: {
    present: [
      { name: 'half an hour after a reset', given: { system: justBooted, boots: { ...history, previousBootEndedCleanly: false } }, objects: ['host'] },
      { name: 'a crash that left records', given: { system: justBooted, boots: { ...history, previousBootEndedCleanly: false, crashRecords: 2 } } },
    ],
    absent: [
      { name: 'a planned reboot', given: { system: justBooted, boots: { ...history, previousBootEndedCleanly: true } } },
      { name: 'a crash long ago', given: { system: proxmoxHost, boots: { ...history, previousBootEndedCleanly: false } } },
      { name: 'nothing kept of the boot before', given: { system: justBooted, boots: { source: 'none', bootsKnown: 1, crashRecords: 0 } } },
    ],
  },
});
