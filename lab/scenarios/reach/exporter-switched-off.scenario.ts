import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

export default defineScenario<{ readonly script: string }>({
  name: 'exporter-switched-off',
  subject: 'reach',
  kind: 'control',
  why: 'Nobody watches this host with Prometheus: node_exporter is switched off on purpose, or not installed at all. Nothing is missing, and the host is healthy.',
  weight: 'light',
  variants: {
    'disabled': { script: 'systemctl disable -q --now prometheus-node-exporter' },
    'masked': { script: 'systemctl stop prometheus-node-exporter; systemctl mask -q prometheus-node-exporter' },
  },
  zfs: false,
  inject: async (host, { script }) => {
    await expectNoPool(host);
    await host.run(script);
  },
  check: async (host) => ((await host.run("ss -Hltn 'sport = :9100' | wc -l")).trim() === '0' ? undefined : 'something listens on port 9100'),
  truth: { first: [], never: ['exporter-down'] },
});
