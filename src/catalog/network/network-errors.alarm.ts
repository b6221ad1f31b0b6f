import { defineAlarmKind, type AlarmReading } from '../../define/alarm-kind.ts';
import { counter, nowMs } from '../alarms/alarms.samples.ts';
import { rates } from '../alarms/measure.ts';

const errors = ['node_network_receive_errs_total', 'node_network_transmit_errs_total'];
const packets = ['node_network_receive_packets_total', 'node_network_transmit_packets_total'];
/** What guests and containers are connected by; the host's own cables and bonds are what matters. */
const virtualNames = 'lo|veth|tap|fwbr|fwpr|fwln|docker|br-|virbr|dummy|tun|wg';
const virtual = new RegExp(`^(${virtualNames})`);
const bothWays = (metrics: readonly string[]): string => `sum by (instance, device) (${metrics.map((metric) => `label_replace(rate(${metric}{device!~"(${virtualNames}).*"}[$window]), "counter", "${metric}", "", "")`).join(' or ')})`;

export default defineAlarmKind({
  id: 'network-errors',
  subject: 'network',
  title: 'A network card counts errors',
  about: 'Packets with errors of 10,000, received and sent, of cards and bonds of the host. Packets that are dropped are not errors: they rise slowly on every network that carries what the host has no use for.',
  unit: 'of 10,000 packets',
  decimals: 1,
  symptom: 'network-errors',
  severity: 'warning',
  metrics: [...errors, ...packets],
  bad: 'above',
  fixedLimit: 10,
  learned: false,
  forSeconds: 300,
  clearSeconds: 300,
  measure: (view) => {
    const wrong = errors.flatMap((metric) => rates(view, metric));
    const all = packets.flatMap((metric) => rates(view, metric));
    const devices = [...new Set(wrong.map(({ labels }) => labels['device'] ?? ''))].filter((device) => !virtual.test(device));
    return devices.flatMap((device): AlarmReading[] => {
      const of = (list: typeof all): number => list.filter(({ labels }) => labels['device'] === device).reduce((sum, { value }) => sum + value, 0);
      const total = Math.max(of(all), of(wrong));
      return total < 1 ? [] : [{ object: `nic/${device}`, value: (10_000 * of(wrong)) / total }];
    });
  },
  promql: { value: `10000 * ${bothWays(errors)} / (${bothWays(packets)} >= 1)`, objectLabels: ['device'], objectPrefix: 'nic/' },
  says: ({ object, value }) => `Of 10,000 packets ${value.toFixed(value < 10 ? 1 : 0)} have errors on ${object.slice('nic/'.length)}.`,
  examples: {
    raised: [{ name: 'a bad cable', nowMs, series: [counter(errors[0]!, 20, { device: 'eth0' }), counter(packets[0]!, 1000, { device: 'eth0' })], expect: [{ object: 'nic/eth0', value: 200 }] }],
    quiet: [
      { name: 'none', nowMs, series: [counter(errors[0]!, 0, { device: 'eth0' }), counter(packets[0]!, 1000, { device: 'eth0' })], expect: [{ value: 0 }] },
      { name: 'a container that is being stopped', nowMs, series: [counter(errors[0]!, 20, { device: 'veth101i0' }), counter(packets[0]!, 100, { device: 'veth101i0' })], expect: [] },
    ],
  },
});
