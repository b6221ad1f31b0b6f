import { defineExperiment } from '../../define/experiment.ts';
import { unparsable } from '../../define/result.ts';
import { optional } from '../../define/source.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import chosenGuest from './chosen-guest.probe.ts';
import { freezeFunctions, frozenSeconds, thawLeft } from './freeze-script.ts';
import { freezeOneGuestSamples } from './freeze-one-guest.samples.ts';
import guestCgroups from './guest-cgroups.probe.ts';
import guestConfigs from './guest-configs.probe.ts';
import { findingOfHold } from './guest-hold-judge.ts';
import { holdFunctions, plainGuest } from './guest-hold-script.ts';
import { heldOf } from './guest-hold-text.ts';
import guestProcesses from './guest-processes.probe.ts';
import { refusalsOfGuest } from './guest-refusals.ts';
import guestRoles from './guest-roles.probe.ts';
import { heldGuest, holdScriptOf, takesOf } from './guest-to-hold.ts';
import guestWork, { type GuestWork } from './guest-work.fact.ts';
import runningTasks from './running-tasks.probe.ts';
import { abortWhenWorse } from '../disk/abort-when-worse.ts';

const stretchSeconds = 0.7;
const rounds = 3;

function chosen({ chosen: { freeze }, work }: { readonly chosen: { readonly freeze: string }; readonly work: { readonly guests: readonly GuestWork[] } }): GuestWork | undefined {
  return work.guests.find(({ object }) => plainGuest.test(object) && (object === `qemu/${freeze}` || object === `lxc/${freeze}`));
}

/** One guest, named by the user, stands still for a moment, and the others are watched meanwhile. */
export default defineExperiment({
  id: 'freeze-one-guest',
  title: 'The other guests, with one frozen for a moment',
  subject: 'guests',
  about: `Freezes the guest that \`--freeze <id>\` names, ${rounds} times for at most ${frozenSeconds} seconds, with time to go on in between, and reads what the others wait meanwhile. It is the surest way to see whether one guest holds up the others, also where its I/O
cannot be limited or accounted; its users notice a short stop. A process of its own thaws it after ${frozenSeconds} seconds even if everything else dies. Never frozen are guests that are highly available, have a watchdog or devices passed through, belong to a cluster, are being backed up
or migrated, or carry this host's own gateway, name server or storage. It needs \`--experiments intrusive\` as well, unless it is tried by itself.`,
  needs: {
    chosen: chosenGuest,
    work: guestWork,
    groups: guestCgroups,
    configs: optional(guestConfigs),
    roles: optional(guestRoles),
    running: optional(runningTasks),
    pressure: optional(pressureNow),
    processes: optional(guestProcesses),
  },
  risk: 'disturbs-guests',
  costSeconds: 25,
  costBytes: 0,
  limitSeconds: 70,
  differs: ['whether one guest runs at all'],
  objects: (facts) => [chosen(facts)?.object ?? []].flat(),
  refusals: (facts) => {
    const guest = chosen(facts);
    return guest === undefined ? [] : [...refusalsOfGuest('freeze', heldGuest(guest.object, facts)), ...(facts.running === undefined ? ['which tasks are running is not known'] : [])];
  },
  sh: (facts) => {
    const guest = chosen(facts);
    if (guest === undefined) return "absent 'this guest does not run here'";
    const [kind, id] = guest.object.split('/');
    return `have setsid || absent 'no session of its own can be made for what thaws the guest'
${holdFunctions(holdScriptOf(guest.object, facts))}${freezeFunctions([`/etc/pve/${kind === 'lxc' ? 'lxc' : 'qemu-server'}/${id}.conf`])}
echo "guest ${guest.object} ${takesOf(guest, facts.pressure) ?? 'cpu'} frozen"
round=0
while [ "$round" -lt ${rounds} ]; do
  window free ${stretchSeconds}
  freeze_it
  window held ${stretchSeconds}
  window held ${stretchSeconds}
  still_frozen
  thaw
  sleep 1
  window free ${stretchSeconds}
  sleep 2
  round=$((round + 1))
done`;
  },
  abortWhen: () => abortWhenWorse,
  cleanUp: () => thawLeft,
  parse: (stdout) => {
    const held = heldOf(stdout);
    return held === undefined ? unparsable('no guest is named') : { findings: [findingOfHold(held)] };
  },
  outcomes: { 'others are well without it': 0.1, 'makes no difference': 0.85, 'not applied': 0.05 },
  examples: freezeOneGuestSamples,
});
