import { tooNoisy, type ExperimentSpec } from '../../define/experiment.ts';

type Examples = ExperimentSpec<Record<string, never>>['examples'];

/** A way as network-paths prints it. */
function way(kind: string, name: string, small: string, more = '', mtu = 1500): string {
  return `path ${kind} ${name} ${name} vmbr0 ${mtu} direct\nsmall 40 ${small} 0.211 0.350 0.900 - -\n${more}`;
}
const full = 'large 1500 10 10 0.3 0.4 0.6 - -\n';
const connected = (port: number, late: number): string => `tcp ${port}${' open:10'.repeat(20 - late)}${' open:1040'.repeat(late)}\n`;

export const networkPathsSamples: Examples = [
  {
    name: 'all is well',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '40', full)}${way('storage', '192.0.2.20', '40', full + connected(2049, 0))}${way('nameserver', '192.0.2.53', '40', full)}lookup own pve1 0 0\nlookup used nas.example.org 0 20\nlookup used nas.example.org 0 10\nend\n`,
    findings: [{ object: 'host', outcome: 'all paths are well' }, { object: 'storage/192.0.2.20', outcome: 'all paths are well' }],
  },
  {
    name: 'a tenth of the packets to gateway and storage server is lost',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '35', 'large 1500 10 9 0.3 0.4 0.6 - -\n')}${way('storage', '192.0.2.20', '36', full + connected(2049, 3))}end\n`,
    findings: [{ object: 'host', outcome: 'packets are lost' }, { object: 'storage/192.0.2.20', outcome: 'packets are lost' }],
  },
  {
    name: 'a network that loses twelve per cent each way, on a busy machine',
    from: 'recorded',
    stdout: `path gateway 192.0.2.1 192.0.2.1 eno1 1500 direct
small 40 28 0.265 0.553 5.284 - -
large 1500 10 7 0.376 0.445 0.715 - -
tcp 53 refused:1700 refused:230 refused:1220 refused:270 refused:1270 refused:310 refused:1290 refused:260 refused:220 refused:1250 refused:1080 refused:3100 refused:60 refused:30 refused:90 refused:40 refused:40 refused:80 refused:70 refused:50
path nameserver 198.51.100.53 198.51.100.53 eth0 1500 direct
small 40 40 0.505 6.638 23.774 - -
large 1500 10 10 1.140 6.660 21.435 - -
tcp 53 refused:990 refused:190 refused:350 refused:260 refused:210 refused:200 refused:240 refused:230 refused:260 refused:240 refused:340 refused:410 refused:220 refused:220 refused:200 refused:160 refused:210 refused:280 refused:50 refused:100
lookup own pve1 0 970
lookup own pve1 0 460
end
`,
    findings: [{ object: 'host', outcome: 'packets are lost' }],
  },
  {
    name: 'only the gateway, but connections to it are late as well',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '33', connected(53, 4))}end\n`,
    findings: [{ object: 'host', outcome: 'packets are lost' }],
  },
  {
    name: 'a router that answers pings sparingly',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '8', connected(53, 0))}${way('member', '192.0.2.12', '40', full)}end\n`,
    findings: [{ object: 'host', outcome: 'only pings to a router are lost' }],
  },
  {
    name: 'jumbo frames here, none in the switch',
    from: 'documented',
    stdout: `${way('member', '192.0.2.12', '40', 'large 9000 10 0 - - - - -\nlarge 1500 10 10 0.3 0.4 0.5 - -\npasses 1500\npasses 1400\n', 9000)}end\n`,
    findings: [{ object: 'host', outcome: 'large packets do not pass' }],
  },
  {
    name: 'a tunnel whose limit senders are told',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '40', 'large 1500 1 0 - - - told 1420\n')}end\n`,
    findings: [{ object: 'host', outcome: 'all paths are well' }],
  },
  {
    name: 'the storage server is gone, and another answers no ping but works',
    from: 'documented',
    stdout: `${way('storage', '192.0.2.20', '0', 'tcp 2049 none:3070 none:3060\n')}${way('storage', '192.0.2.21', '0', connected(8007, 0))}end\n`,
    findings: [{ object: 'storage/192.0.2.20', outcome: 'a storage server does not answer' }, { object: 'storage/192.0.2.21', outcome: 'all paths are well' }],
  },
  {
    name: 'the first name server is silent',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '40', full)}lookup used nas.example.org 0 5010\nlookup used nas.example.org 0 5020\nend\n`,
    findings: [{ object: 'host', outcome: 'names are slow' }],
  },
  {
    name: 'two packets of forty are lost, once',
    from: 'documented',
    stdout: `${way('gateway', '192.0.2.1', '38')}end\n`,
    findings: [{ object: 'host', outcome: tooNoisy }],
  },
  {
    name: 'a small virtual machine whose name server answers no ping',
    from: 'recorded',
    stdout: `path gateway 192.0.2.1 192.0.2.1 eth0 1400 direct
small 40 40 0.073 0.193 0.264 - -
large 1400 10 10 0.156 0.191 0.213 - -
tcp 53 refused:20 refused:20 refused:10 refused:10 refused:40 refused:20 refused:0 refused:10 refused:0 refused:10 refused:10 refused:0 refused:10 refused:0 refused:20 refused:0 refused:0 refused:10 refused:0 refused:10
path nameserver 198.51.100.53 198.51.100.53 eth0 1400 routed
small 40 0 - - - - -
large 1400 10 0 - - - - -
tcp 53 open:10 open:10 open:0 open:0 open:50 open:0 open:10 open:10 open:0 open:10 open:10 open:0 open:10 open:0 open:10 open:0 open:10 open:0 open:10 open:0
lookup own pve1 0 30
lookup own pve1 0 0
lookup used mirror.example.org 0 40
lookup used mirror.example.org 0 10
end
`,
    findings: [{ object: 'host', outcome: 'all paths are well' }],
  },
  { name: 'nobody answers ping, which proves nothing', from: 'documented', stdout: `${way('gateway', '192.0.2.1', '0')}lookup own pve1 2 7010\nend\n`, findings: 'absent' },
  { name: 'an answer that was cut', from: 'documented', stdout: 'path gateway 192.0.2.1 192.0.2.1 vmbr0 1500 direct\n', findings: 'unparsable' },
  { name: 'nothing', from: 'documented', stdout: '', findings: 'unparsable' },
];
