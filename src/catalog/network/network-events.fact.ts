import { z } from 'zod';
import { defineFact } from '../../define/fact.ts';
import { optional } from '../../define/source.ts';
import kernelLog from '../kernel/kernel-log.probe.ts';
import operatingSystem from '../kernel/os.probe.ts';
import links from './links.probe.ts';
import { kernelLogOf, uptimeOf } from './network-events.samples.ts';
import { linkOf } from './network.samples.ts';

const kinds = ['link-down', 'link-up', 'hang', 'device-lost', 'conntrack-full', 'neighbours-full', 'transport-silent', 'transport-back'] as const;
const eventSchema = z.object({
  kind: z.enum(kinds),
  /** Interface or server; `host` for events of the whole host. */
  name: z.string(),
  /** Before the host was asked. Left out where the log has no times. */
  secondsAgo: z.number().optional(),
  /** After boot. */
  secondsSinceBoot: z.number().optional(),
  text: z.string(),
});
export type NetworkEvent = z.infer<typeof eventSchema>;
const schema = z.object({
  events: z.array(eventSchema),
  /** The log goes back to the boot, so that what is not here did not happen. */
  complete: z.boolean(),
});

const hangs = [
  'Detected Hardware Unit Hang',
  'Detected Tx Unit Hang',
  'Reset adapter unexpectedly',
  'TX driver issue detected, PF reset issued',
  'TX timeout detected',
] as const;

/** The server in `nfs: server NAME not responding` and `nfs: server NAME OK`, or in the messages of CIFS. */
function server(text: string): { name: string; back: boolean } | undefined {
  const nfs = /\bserver (\S{1,200}) (not responding|OK\b)/.exec(text);
  if (nfs?.[1] !== undefined && text.includes('nfs')) return { name: nfs[1], back: nfs[2] === 'OK' };
  const cifs = /\\\\(\S{1,200}) has not responded in \d+ seconds/.exec(text);
  return cifs?.[1] === undefined ? undefined : { name: cifs[1], back: false };
}

/** For an interface that is gone: `enp1s0`, `eth0`. */
function isUsualName(word: string): boolean {
  return /^(en|eth|nic)[a-z0-9]{1,12}$/.test(word);
}

/** What a line of the kernel log says about the network, by the texts of the kernel and its drivers. */
function eventOf(text: string, names: ReadonlySet<string>): Pick<NetworkEvent, 'kind' | 'name'> | undefined {
  if (text.includes('nf_conntrack') && text.includes('table full')) return { kind: 'conntrack-full', name: 'host' };
  if (text.includes('neighbor table overflow')) return { kind: 'neighbours-full', name: 'host' };
  const asked = server(text);
  if (asked !== undefined) return { kind: asked.back ? 'transport-back' : 'transport-silent', name: asked.name };
  const said = text.split(/[\s:(),]+/).slice(0, 40);
  const name = said.find((word) => names.has(word));
  if (text.includes('PCIe link lost, device now detached')) return { kind: 'device-lost', name: name ?? said.find(isUsualName) ?? 'host' };
  if (name === undefined) return undefined;
  if (hangs.some((words) => text.includes(words))) return { kind: 'hang', name };
  if (text.includes('NETDEV WATCHDOG') && text.includes('timed out')) return { kind: 'hang', name };
  if (/\b[Ll]ink (?:is )?[Dd]own\b/.test(text)) return { kind: 'link-down', name };
  if (/\b[Ll]ink (?:is )?[Uu]p\b/.test(text)) return { kind: 'link-up', name };
  return undefined;
}

/** Events of the network in the kernel's log, oldest first, with their age. */
export default defineFact({
  id: 'network-events',
  title: 'Events of the network in the kernel log',
  needs: { log: kernelLog, system: optional(operatingSystem), stack: optional(links) },
  schema,
  derive: ({ log, system, stack }) => {
    const names = new Set(stack?.links.filter(({ kind }) => kind === 'nic' || kind === 'virtual-function').map(({ name }) => name));
    const events = log.lines.flatMap(({ text, secondsSinceBoot }) => {
      const found = eventOf(text.slice(0, 400), names);
      if (found === undefined) return [];
      const age = system === undefined || secondsSinceBoot === undefined ? undefined : Math.max(0, system.uptimeSeconds - secondsSinceBoot);
      return [
        {
          ...found,
          ...(age === undefined ? {} : { secondsAgo: age }),
          ...(secondsSinceBoot === undefined ? {} : { secondsSinceBoot }),
          text: text.slice(0, 200),
        },
      ];
    });
    return { events: events.slice(-500), complete: log.coversBoot };
  },
  examples: [
    {
      name: 'a NIC that hangs and flaps, a silent NFS server, full tables',
      given: {
        log: kernelLogOf([
          [3.2, 'igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX/TX'],
          [9_000, 'e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:'],
          [9_001, 'NETDEV WATCHDOG: eno1 (e1000e): transmit queue 0 timed out'],
          [9_002, 'e1000e 0000:00:1f.6 eno1: NIC Link is Down'],
          [9_100, 'ata3: SATA link down (SStatus 0 SControl 300)'],
          [9_200, 'nfs: server nas.example.net not responding, still trying'],
          [9_300, 'nf_conntrack: nf_conntrack: table full, dropping packet'],
          [9_400, 'neighbour: arp_cache: neighbor table overflow!'],
          [9_500, 'igc 0000:05:00.0 enp5s0: PCIe link lost, device now detached'],
        ]),
        system: uptimeOf(10_000),
        stack: { links: [linkOf('eno1', {}), linkOf('vmbr0', { kind: 'bridge' })] },
      },
      expect: {
        events: [
          { kind: 'link-up', name: 'eno1' },
          { kind: 'hang', secondsAgo: 1_000 },
          { kind: 'hang', secondsAgo: 999 },
          { kind: 'link-down', secondsAgo: 998 },
          { kind: 'transport-silent', name: 'nas.example.net' },
          { kind: 'conntrack-full', name: 'host' },
          { kind: 'neighbours-full' },
          { kind: 'device-lost', name: 'enp5s0' },
        ],
        complete: true,
      },
    },
    { name: 'a quiet log', given: { log: kernelLogOf([[1, 'Linux version 6.8.12-4-pve']]) }, expect: { events: [], complete: true } },
  ],
});
