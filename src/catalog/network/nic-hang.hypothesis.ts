import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import networkEvents, { type NetworkEvent } from './network-events.fact.ts';
import { eventsOf } from './network-events.samples.ts';
import { nicOf } from './network.samples.ts';
import nicSettings from './nic-settings.probe.ts';
import { countSince, daySeconds, hourSeconds, lastText, namesWith } from './recent.ts';
import replaceCableOrPort from './replace-cable-or-port.mitigation.ts';
import switchOffloadsOff from './switch-offloads-off.mitigation.ts';
import networkPaths from './network-paths.experiment.ts';

const hung = ['hang', 'device-lost'] as const;

function hangsWithin(events: readonly NetworkEvent[], name: string, seconds: number): number {
  return hung.reduce((sum, kind) => sum + countSince(events, kind, name, seconds), 0);
}

/** Without a name: the log does not go back to the boot, so that nothing can be said. */
interface NamedNic {
  readonly object: string;
  readonly name: string | undefined;
}

export default defineHypothesis({
  id: 'nic-hang',
  subject: 'network',
  proven: 'documentation',
  title: 'A network card hangs',
  about: `The card stops sending, its driver notices after some seconds, says so in the kernel log ("Detected Hardware Unit Hang", "transmit queue 0 timed out") and resets it; or the card falls off
the PCI bus. The host is alive but cannot be reached meanwhile. Known for Intel's e1000e (I217 to I219) under load, igc, and Realtek's r8169; offloads, power saving and firmware play a part.
To be sure by hand: \`dmesg | grep -iE 'unit hang|transmit queue|PCIe link lost'\`, \`ethtool -i <nic>\`. One such line right after a boot or a change of cables is harmless.`,
  needs: { events: networkEvents, nics: optional(nicSettings) },
  objects: ({ events }): NamedNic[] => {
    const names = namesWith(events.events, hung);
    if (names.length === 0 && !events.complete) return [{ object: 'host', name: undefined }];
    return names.map((name) => ({ object: name === 'host' ? 'host' : `nic/${name}`, name }));
  },
  noObjects: 'the kernel log of this boot has no word of a network card that hung',
  prior: 1 / 300,
  explains: { 'network-errors': 0.85, 'unreachable': 0.3, 'target-missing': 0.5, 'guest-slow': 0.2, 'backup-missed': 0.15, 'errors-logged': 0.6, 'storage-down': 0.3 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ events }, { name }) => {
        if (name === undefined || events.events.every(({ secondsAgo }) => secondsAgo === undefined)) return 'not-known';
        if (countSince(events.events, 'device-lost', name, daySeconds) > 0) return 'lost';
        if (hangsWithin(events.events, name, hourSeconds) > 0) return 'hour';
        return hangsWithin(events.events, name, daySeconds) > 0 ? 'day' : 'earlier';
      },
      table: {
        lost: { ifCause: 0.15, otherwise: 0.00005, decisive: true, says: (_, { name }) => `${name ?? ''} fell off the PCI bus within the last day.` },
        hour: {
          ifCause: 0.65,
          otherwise: 0.0004,
          decisive: true,
          says: ({ events }, { name }) => `${name ?? ''} hung ${hangsWithin(events.events, name ?? '', hourSeconds)} times within the last hour, says its driver.`,
        },
        day: {
          ifCause: 0.15,
          otherwise: 0.003,
          says: ({ events }, { name }) => `${name ?? ''} hung ${hangsWithin(events.events, name ?? '', daySeconds)} times within the last day, but not within the last hour.`,
        },
        earlier: { ifCause: 0.05, otherwise: 0.5, says: (_, { name }) => `The last hang of ${name ?? ''} was more than a day ago, or while booting.` },
      },
      excerpt: ({ events }, { name }) => lastText(events.events, 'hang', name ?? '') || lastText(events.events, 'device-lost', name ?? ''),
    },
    {
      outcome: ({ nics }, { name }) => {
        const nic = nics?.nics.find((one) => one.name === name);
        return nic === undefined ? 'not-known' : nic.transmitTimeouts > 0 ? 'counted' : 'none';
      },
      table: {
        counted: {
          ifCause: 0.6,
          otherwise: 0.3,
          says: ({ nics }, { name }) => {
            const nic = nics?.nics.find((one) => one.name === name);
            const firmware = nic?.firmware ? `, firmware ${nic.firmware}` : '';
            return `The kernel counts ${nic?.transmitTimeouts ?? 0} transmit timeouts of ${name ?? ''} (driver ${nic?.driver ?? ''}${firmware}).`;
          },
        },
        none: { ifCause: 0.4, otherwise: 0.7, says: (_, { name }) => `The kernel counts no transmit timeout of ${name ?? ''}.` },
      },
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      table: { 'packets are lost': { ifCause: 0.4, otherwise: 0.03 }, 'only pings to a router are lost': { ifCause: 0.1, otherwise: 0.03 }, 'all paths are well': { ifCause: 0.5, otherwise: 0.93 } },
    },
  ],
  broughtBy: ['kernel', 'network-card', 'kernel-settings'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [switchOffloadsOff, replaceCableOrPort],
  references: ['kernel drivers/net/ethernet/intel/e1000e/netdev.c, e1000_print_hw_hang', 'kernel net/sched/sch_generic.c, dev_watchdog', 'kernel drivers/net/ethernet/intel/igc/igc_main.c'],
  examples: {
    supporting: [
      {
        name: 'three hangs within the hour',
        given: {
          events: { events: eventsOf('hang', 'eno1', [2_000, 900, 60], 'e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:'), complete: true },
          nics: { nics: [nicOf('eno1', { driver: 'e1000e', transmitTimeouts: 3 })] },
        },
        object: 'nic/eno1',
        symptoms: ['network-errors'],
        expect: 'identified',
      },
      {
        name: 'the card is gone',
        given: { events: { events: eventsOf('device-lost', 'enp5s0', [400]), complete: true } },
        object: 'nic/enp5s0',
        symptoms: ['network-errors'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'one hang while booting, and all paths are well',
        given: { events: { events: [{ kind: 'hang', name: 'eno1', secondsAgo: 1_800, secondsSinceBoot: 20, text: 'eno1: Reset adapter unexpectedly' }], complete: true } },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'all paths are well', says: 'The gateway 192.0.2.1: 0 of 50 packets lost.' }] }],
      },
      { name: 'a quiet log', given: { events: { events: eventsOf('link-up', 'eno1', [50]), complete: true } }, expect: 'ruled-out' },
      { name: 'a quiet log that does not go back to the boot', given: { events: { events: [], complete: false } }, expect: 'cannot-tell' },
      { name: 'one hang last week', given: { events: { events: eventsOf('hang', 'eno1', [600_000]), complete: true }, nics: { nics: [nicOf('eno1', { transmitTimeouts: 1 })] } } },
      {
        name: 'one hang while booting, an hour ago',
        given: { events: { events: [{ kind: 'hang', name: 'eno1', secondsAgo: 1_800, secondsSinceBoot: 20, text: 'eno1: Reset adapter unexpectedly' }], complete: true } },
      },
    ],
  },
});
