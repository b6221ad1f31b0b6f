import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

const unit = 'prometheus-node-exporter';

export default defineScenario<{ readonly script: string; readonly answers: boolean }>({
  name: 'exporter-stopped',
  subject: 'reach',
  kind: 'fault',
  why: 'Monitoring says that the host is missing, but the host is well: only node_exporter was stopped, died, or hangs. Right is the exporter, and nothing else.',
  weight: 'light',
  variants: {
    'stopped': { script: `systemctl stop ${unit}`, answers: false },
    'died': { script: `mkdir -p /run/systemd/system/${unit}.service.d; printf '[Service]\\nRestart=no\\n' >/run/systemd/system/${unit}.service.d/no.conf; systemctl daemon-reload; systemctl kill -s SEGV ${unit}`, answers: false },
    'wrong-option-after-a-change': { script: `echo 'ARGS="--collector.no-such-thing"' >/etc/default/${unit}; systemctl restart ${unit}`, answers: false },
    'hangs': { script: `systemctl kill -s STOP ${unit}`, answers: false },
  },
  zfs: false,
  inject: async (host, { script }) => {
    await expectNoPool(host);
    await host.run(script, { mayFail: true });
  },
  check: async (host, { answers }) => {
    const before = await host.run('curl -s -m 5 http://127.0.0.1:9100/metrics | wc -c');
    return Number(before) > 0 === answers ? undefined : 'the exporter answers';
  },
  truth: { first: ['exporter-down'], symptoms: ['target-missing'], never: ['port-filtered'] },
});
