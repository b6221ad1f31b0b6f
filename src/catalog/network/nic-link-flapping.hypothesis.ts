import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import networkEvents from './network-events.fact.ts';
import { eventsOf } from './network-events.samples.ts';
import { nicOf } from './network.samples.ts';
import nicSettings from './nic-settings.probe.ts';
import { countSince, daySeconds, hourSeconds, lastText, namesWith } from './recent.ts';
import replaceCableOrPort from './replace-cable-or-port.mitigation.ts';
import networkPaths from './network-paths.experiment.ts';

/** Without a name: the log does not go back to the boot, so that nothing can be said. */
interface NamedNic {
  readonly object: string;
  readonly name: string | undefined;
}

export default defineHypothesis({
  id: 'nic-link-flapping',
  subject: 'network',
  proven: 'documentation',
  title: 'The link of a network card comes and goes',
  about: `The cable's signal is lost for seconds again and again. Connections stall, a bond switches over each time, cluster links break. A loose or damaged cable, a dying transceiver, an
overheated card or a switch port are behind it. Once at boot, or once when a switch was restarted, is harmless: so only losses of the last hour count much.
To be sure by hand: \`dmesg -T | grep -i 'link is'\`, and \`cat /sys/class/net/<nic>/carrier_changes\` some minutes apart.`,
  needs: { events: networkEvents, nics: optional(nicSettings) },
  objects: ({ events }): NamedNic[] => {
    const names = namesWith(events.events, ['link-down']);
    if (names.length === 0 && !events.complete) return [{ object: 'host', name: undefined }];
    return names.map((name) => ({ object: `nic/${name}`, name }));
  },
  noObjects: 'no network card has lost its link since the boot, says the kernel log',
  prior: 1 / 200,
  explains: { 'network-errors': 0.9, 'unreachable': 0.2, 'target-missing': 0.4, 'guest-slow': 0.15, 'backup-missed': 0.15, 'storage-down': 0.2 },
  explainsAcross: ['storage-down'],
  evidence: [
    {
      outcome: ({ events }, { name }) => {
        if (name === undefined || events.events.every(({ secondsAgo }) => secondsAgo === undefined)) return 'not-known';
        const hour = countSince(events.events, 'link-down', name, hourSeconds);
        if (hour >= 3) return 'often';
        if (hour === 2) return 'twice';
        if (hour === 1) return countSince(events.events, 'link-down', name, daySeconds) >= 4 ? 'day' : 'once';
        return countSince(events.events, 'link-down', name, daySeconds) >= 6 ? 'day' : 'earlier';
      },
      table: {
        often: {
          ifCause: 0.75,
          otherwise: 0.0008,
          decisive: true,
          says: ({ events }, { name }) => `${name ?? ''} lost its link ${countSince(events.events, 'link-down', name ?? '', hourSeconds)} times within the last hour.`,
        },
        twice: { ifCause: 0.1, otherwise: 0.004, says: (_, { name }) => `${name ?? ''} lost its link twice within the last hour.` },
        day: {
          ifCause: 0.1,
          otherwise: 0.004,
          says: ({ events }, { name }) => `${name ?? ''} lost its link ${countSince(events.events, 'link-down', name ?? '', daySeconds)} times within the last day.`,
        },
        once: { ifCause: 0.04, otherwise: 0.05, says: (_, { name }) => `${name ?? ''} lost its link once within the last hour.` },
        earlier: { ifCause: 0.01, otherwise: 0.9, says: (_, { name }) => `${name ?? ''} has not lost its link within the last hour.` },
      },
      excerpt: ({ events }, { name }) => lastText(events.events, 'link-down', name ?? ''),
    },
    {
      outcome: ({ events }, { name }) => (name !== undefined && countSince(events.events, 'hang', name, daySeconds) > 0 ? 'resets' : 'no-resets'),
      table: {
        resets: {
          ifCause: 0.05,
          otherwise: 0.3,
          says: (_, { name }) => `The driver has reset ${name ?? ''} after a hang, and each reset takes the link down: that explains it as well.`,
        },
      },
      group: 'resets',
    },
    {
      outcome: ({ nics }, { name }) => {
        const nic = nics?.nics.find((one) => one.name === name);
        return nic === undefined ? 'not-known' : nic.carrierChanges >= 10 ? 'many' : 'few';
      },
      table: {
        many: {
          ifCause: 0.7,
          otherwise: 0.15,
          says: ({ nics }, { name }) => `The carrier of ${name ?? ''} came or went ${nics?.nics.find((nic) => nic.name === name)?.carrierChanges ?? 0} times since its driver was loaded.`,
        },
        few: { ifCause: 0.3, otherwise: 0.85, says: (_, { name }) => `The carrier of ${name ?? ''} changed less than ten times since its driver was loaded.` },
      },
      group: 'carrier',
    },
  ],
  tested: [
    {
      experiment: networkPaths,
      table: { 'packets are lost': { ifCause: 0.4, otherwise: 0.03 }, 'only pings to a router are lost': { ifCause: 0.1, otherwise: 0.03 }, 'all paths are well': { ifCause: 0.5, otherwise: 0.93 } },
    },
  ],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [replaceCableOrPort],
  references: ['kernel Documentation/ABI/testing/sysfs-class-net, carrier_changes', 'kernel Documentation/networking/operstates'],
  examples: {
    supporting: [
      {
        name: 'twice within the hour, and packets are lost now',
        given: { events: { events: eventsOf('link-down', 'eno1', [900, 300]), complete: true }, nics: { nics: [nicOf('eno1', { carrierChanges: 12 })] } },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'packets are lost', says: 'The gateway 192.0.2.1: 12 of 50 packets lost.' }] }],
        object: 'nic/eno1',
        symptoms: ['network-errors'],
      },
      {
        name: 'five times within the hour',
        given: {
          events: { events: eventsOf('link-down', 'eno1', [3_000, 2_000, 900, 300, 20]), complete: true },
          nics: { nics: [nicOf('eno1', { carrierChanges: 12 })] },
        },
        object: 'nic/eno1',
        symptoms: ['network-errors'],
        expect: 'identified',
      },
    ],
    refuting: [
      {
        name: 'the cable was plugged over just now, and all paths are well',
        given: { events: { events: eventsOf('link-down', 'eno1', [600]), complete: true } },
        found: [{ experiment: networkPaths, findings: [{ object: 'host', outcome: 'all paths are well', says: 'The gateway 192.0.2.1: 0 of 50 packets lost.' }] }],
        symptoms: ['network-errors'],
      },
      { name: 'never', given: { events: { events: [], complete: true } }, expect: 'ruled-out' },
      {
        name: 'once at boot, and once when the switch was restarted last month',
        given: {
          events: {
            events: [{ kind: 'link-down', name: 'eno1', secondsAgo: 2_599_990, secondsSinceBoot: 10, text: 'eno1: NIC Link is Down' }, ...eventsOf('link-down', 'eno1', [2_000_000])],
            complete: true,
          },
          nics: { nics: [nicOf('eno1', { carrierChanges: 6 })] },
        },
      },
      { name: 'the cable was plugged over just now', given: { events: { events: eventsOf('link-down', 'eno1', [600]), complete: true } } },
      {
        name: 'a host that has just booted',
        given: {
          events: {
            events: [20, 25, 31].map((secondsSinceBoot) => ({ kind: 'link-down' as const, name: 'eno1', secondsAgo: 900 - secondsSinceBoot, secondsSinceBoot, text: 'eno1: Link is Down' })),
            complete: true,
          },
        },
      },
    ],
  },
});
