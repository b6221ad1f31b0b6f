import { defineHypothesis } from '../../define/hypothesis.ts';
import { nicOf } from './network.samples.ts';
import nicSettings, { type Nic } from './nic-settings.probe.ts';
import replaceCableOrPort from './replace-cable-or-port.mitigation.ts';

/** The fastest that both sides say they can do, as far as they say so. */
function possibleMbps({ supportedMbps, advertisedMbps, partnerMbps }: Nic): number | undefined {
  if (supportedMbps === undefined || partnerMbps === undefined) return undefined;
  return Math.min(supportedMbps, advertisedMbps ?? supportedMbps, partnerMbps);
}

export default defineHypothesis({
  id: 'nic-link-downshifted',
  subject: 'network',
  proven: 'documentation',
  title: 'A network link runs slower than both sides can',
  about: `Card and switch both offer a faster mode, but agreed on a slower one, or on half duplex. A cable with a broken pair does that: gigabit needs four pairs, 100 Mbit/s only two. Backups
and migrations then take ten times as long. A card that is faster than the switch, or a 100 Mbit/s device, is no fault.
To be sure by hand: \`ethtool <nic>\`: compare "Speed" with the link modes that are advertised and those of the link partner.`,
  needs: { nics: nicSettings },
  objects: ({ nics }) => nics.nics.filter(({ carrier, speedMbps }) => carrier && speedMbps !== undefined).map((nic) => ({ object: `nic/${nic.name}`, nic })),
  noObjects: 'no network card with a link tells its speed',
  prior: 1 / 300,
  explains: { 'backup-missed': 0.3, 'guest-slow': 0.3, 'network-errors': 0.2, 'target-missing': 0.05 },
  evidence: [
    {
      outcome: (_, { nic }) => {
        const possible = possibleMbps(nic);
        if (possible !== undefined) return (nic.speedMbps ?? 0) < possible ? 'below-both' : nic.duplex === 'half' ? 'half-duplex' : 'as-offered';
        if (nic.duplex === 'half') return 'half-duplex';
        if (nic.supportedMbps === undefined) return 'not-told';
        return (nic.speedMbps ?? 0) < nic.supportedMbps ? 'below-card' : 'as-offered';
      },
      table: {
        'below-both': {
          ifCause: 0.8,
          otherwise: 0.001,
          decisive: true,
          says: (_, { nic }) => `${nic.name} runs at ${nic.speedMbps ?? 0} Mbit/s, although it and its link partner both offer ${possibleMbps(nic) ?? 0} Mbit/s.`,
        },
        'half-duplex': { ifCause: 0.1, otherwise: 0.002, decisive: true, says: (_, { nic }) => `${nic.name} runs half duplex at ${nic.speedMbps ?? 0} Mbit/s.` },
        'below-card': {
          ifCause: 0.09,
          otherwise: 0.2,
          says: (_, { nic }) => `${nic.name} runs at ${nic.speedMbps ?? 0} Mbit/s and could do ${nic.supportedMbps ?? 0}; what the other side can do is not told.`,
        },
        'as-offered': { ifCause: 0.01, otherwise: 0.8, says: (_, { nic }) => `${nic.name} runs at ${nic.speedMbps ?? 0} Mbit/s, the best that is offered.` },
      },
      excerpt: (_, { nic }) => `${nic.name}: ${nic.speedMbps ?? ''} Mb/s ${nic.duplex}; supported ${nic.supportedMbps ?? '?'}, advertised ${nic.advertisedMbps ?? '?'}, partner ${nic.partnerMbps ?? '?'}`,
    },
    {
      when: (_, { nic }) => nic.crcErrors > 0,
      likelihood: { ifCause: 0.4, otherwise: 0.1 },
      says: (_, { nic }) => `${nic.name} has received ${nic.crcErrors} damaged packets since its driver was loaded: a cable fits that.`,
      group: 'damaged',
    },
  ],
  urgency: 'window',
  dataAtRisk: false,
  mitigations: [replaceCableOrPort],
  references: ['ethtool(8)', 'IEEE 802.3, clause 28'],
  examples: {
    supporting: [
      {
        name: 'gigabit on both sides, 100 Mbit/s in between',
        given: { nics: { nics: [nicOf('eno1', { speedMbps: 100, crcErrors: 214 })] } },
        object: 'nic/eno1',
        symptoms: ['backup-missed'],
        expect: 'identified',
      },
    ],
    refuting: [
      { name: 'as fast as offered', given: { nics: { nics: [nicOf('eno1', {})] } } },
      { name: 'a 10 Gbit/s card at a gigabit switch', given: { nics: { nics: [nicOf('eno1', { supportedMbps: 10_000, advertisedMbps: 10_000, partnerMbps: 1000 })] } } },
      { name: 'a fibre card that tells nothing of its partner', given: { nics: { nics: [nicOf('ens1f0', { speedMbps: 10_000, supportedMbps: 25_000, partnerMbps: undefined })] } } },
      { name: 'a management port that is limited on purpose', given: { nics: { nics: [nicOf('eno4', { speedMbps: 100, advertisedMbps: 100 })] } } },
      { name: 'a virtual card without a speed', given: { nics: { nics: [nicOf('eth0', { speedMbps: undefined })] } }, expect: 'ruled-out' },
    ],
  },
});
