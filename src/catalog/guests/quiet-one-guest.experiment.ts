import { defineExperiment } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import guestCgroups from './guest-cgroups.probe.ts';
import guestConfigs from './guest-configs.probe.ts';
import { findingOfHold } from './guest-hold-judge.ts';
import { holdFunctions } from './guest-hold-script.ts';
import { heldOf } from './guest-hold-text.ts';
import guestProcesses from './guest-processes.probe.ts';
import { refusalsOfGuest } from './guest-refusals.ts';
import guestRoles from './guest-roles.probe.ts';
import { greediest, heldGuest, holdScriptOf } from './guest-to-hold.ts';
import guestWork from './guest-work.fact.ts';
import { leverFor } from './quiet-levers.ts';
import { restoreSetting, settingFunctions } from './quiet-setting.ts';
import { quietOneGuestSamples } from './quiet-one-guest.samples.ts';
import runningTasks from './running-tasks.probe.ts';
import { abortWhenWorse } from '../disk/abort-when-worse.ts';

const stretchSeconds = 4;
const rounds = 2;

/** The guest that takes most gets less for some seconds, and the others are watched meanwhile. */
export default defineExperiment({
  id: 'quiet-one-guest',
  title: 'The other guests, with the busiest one held back',
  subject: 'guests',
  about: `Holds the guest that uses most of the processors or of the I/O back for ${stretchSeconds} seconds at a time (free, held back, held back, free, ${rounds} times), by the settings of its control group: a limit of its processor time or of its
I/O at a quarter of what it uses. Less processor time also means fewer requests, and that works where limits of I/O do not: on ZFS, and for VMs of Proxmox VE. It counts only where the guest really did at least a third less. What the others wait is read
from their control groups (PSI) and from the volumes of the other VMs. It tells a guest that keeps others waiting from a host that is too slow for anybody. The settings are put back as they were, whatever happens.`,
  needs: {
    work: guestWork,
    groups: guestCgroups,
    pressure: optional(pressureNow),
    processes: optional(guestProcesses),
    configs: optional(guestConfigs),
    roles: optional(guestRoles),
    running: optional(runningTasks),
  },
  risk: 'disturbs-guests',
  costSeconds: 40,
  costBytes: 0,
  limitSeconds: 110,
  differs: ['how much one guest may do'],
  objects: (facts) => [greediest(facts)?.object ?? []].flat(),
  refusals: (facts) => {
    const guest = greediest(facts);
    return guest === undefined ? [] : refusalsOfGuest('slow', heldGuest(guest.object, facts));
  },
  sh: (facts) => {
    const guest = greediest(facts);
    if (guest === undefined) return "absent 'no guest does much'";
    const { file, value, says } = leverFor(guest, facts.groups.second.guests);
    return `${holdFunctions(holdScriptOf(guest.object, facts))}${settingFunctions}
echo "guest ${guest.object} ${guest.takes} ${says}"
prepare_setting ${file} '${value}'
round=0
while [ "$round" -lt ${rounds} ]; do
  window free ${stretchSeconds}
  hold
  window held ${stretchSeconds}
  window held ${stretchSeconds}
  let_go
  window free ${stretchSeconds}
  round=$((round + 1))
done`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: () => restoreSetting,
  parse: (stdout) => {
    const held = heldOf(stdout);
    return held === undefined ? unparsable('no guest is named') : { findings: [findingOfHold(held)] };
  },
  outcomes: { 'others are well without it': 0.1, 'makes no difference': 0.75, 'not applied': 0.15 },
  examples: quietOneGuestSamples,
});
