import { defineHypothesis } from '../../define/hypothesis.ts';
import { optional } from '../../define/source.ts';
import { pressureNow as pressureOf } from '../cpu/cpu-usage.samples.ts';
import pressureNow from '../cpu/pressure-now.fact.ts';
import exporter, { type Exporter } from './exporter.probe.ts';
import { allPorts, answered, seenFromOutside } from './outside.samples.ts';
import { isAlive, seenText } from './outside.ts';
import reachability from './reachability.probe.ts';
import restartExporter from './restart-exporter.mitigation.ts';

function stopped({ units, listening }: Exporter): Exporter['units'][number] | undefined {
  if (listening || units.some(({ active }) => active === 'active')) return undefined;
  return units.find(({ active, enabled }) => active === 'failed' || enabled);
}

/** Hardly anything waits on this host, so that a program that gives no answer has itself to blame. */
function hasTime(pressure: { readonly cpu: { readonly somePercent: number }; readonly io: { readonly fullPercent: number }; readonly memory: { readonly somePercent: number } } | undefined): boolean {
  return pressure !== undefined && pressure.cpu.somePercent < 40 && pressure.io.fullPercent < 10 && pressure.memory.somePercent < 10;
}

const unit = { unit: 'prometheus-node-exporter.service', active: 'active', enabled: true, restarts: 0 };

export default defineHypothesis({
  id: 'exporter-down',
  subject: 'reach',
  proven: 'documentation',
  title: 'The exporter of metrics does not run',
  about: `Monitoring loses the host although the host is well: only node_exporter has ended, was not started, or does not come to an answer. A host that is slow as a whole lets its
exporter answer too late as well; then the exporter is not to blame.
To be sure by hand: \`systemctl status prometheus-node-exporter\`, \`curl -s http://127.0.0.1:9100/metrics | head\` on the host.`,
  needs: { exporter, outside: optional(reachability), pressure: optional(pressureNow) },
  objects: (facts) => (facts.outside !== undefined || facts.exporter.units.length > 0 || facts.exporter.listening ? [{ object: 'host' }] : []),
  noObjects: 'node_exporter is not installed',
  prior: 1 / 60,
  explains: { 'target-missing': 0.97 },
  evidence: [
    {
      outcome: (facts) => {
        const { outside } = facts;
        if (outside !== undefined) {
          if (outside.metrics.outcome === 'answered') return 'answers';
          return outside.ports.exporter.outcome === 'refused' && isAlive(outside) ? 'refused' : 'not-known';
        }
        const onHost = facts.exporter;
        if (stopped(onHost) !== undefined) return 'stopped';
        if (onHost.answer === undefined) return onHost.listening ? 'listens' : 'not-known';
        if (onHost.answer.ok) return 'answers';
        return hasTime(facts.pressure) ? 'hangs alone' : 'hangs';
      },
      table: {
        stopped: {
          ifCause: 0.7,
          otherwise: 0.0005,
          decisive: true,
          says: ({ exporter: onHost }) => {
            const one = stopped(onHost);
            return `${one?.unit ?? ''} is ${one?.active ?? ''}${one?.enabled === true ? ', although it is to start at boot' : ''}.`;
          },
        },
        'hangs alone': {
          ifCause: 0.15,
          otherwise: 0.002,
          decisive: true,
          says: ({ exporter: onHost }) => `The exporter listens, but gave no metrics within ${onHost.answer?.seconds ?? 0} s, on a host that has time to spare.`,
        },
        hangs: { ifCause: 0.1, otherwise: 0.03, says: ({ exporter: onHost }) => `The exporter listens, but gave no metrics within ${onHost.answer?.seconds ?? 0} s.` },
        refused: { ifCause: 0.6, otherwise: 0.1, says: 'The host answers, but refuses connections to port 9100.' },
        listens: { ifCause: 0.05, otherwise: 0.5, says: 'Something listens on port 9100.' },
        answers: { ifCause: 0.01, otherwise: 0.9, says: (facts) => (facts.outside === undefined ? `The exporter answers within ${facts.exporter.answer?.seconds ?? 0} s.` : 'The exporter answers.') },
      },
      excerpt: (facts) =>
        facts.outside === undefined ? facts.exporter.units.map((one) => `${one.unit} ${one.active} restarts ${one.restarts}`).join('\n') : seenText(facts.outside),
    },
  ],
  ruledOut: [
    {
      when: (facts) => facts.outside === undefined && facts.exporter.answer?.ok === true && facts.exporter.answer.seconds < 10,
      says: ({ exporter: onHost }) => `the exporter answers within ${onHost.answer?.seconds ?? 0} s`,
    },
    { when: ({ outside }) => outside?.metrics.outcome === 'answered', says: 'the exporter answers' },
  ],
  broughtBy: ['services'],
  urgency: 'today',
  dataAtRisk: false,
  mitigations: [restartExporter],
  references: ['systemctl(1)', 'Prometheus configuration, scrape_timeout'],
  examples: {
    supporting: [
      {
        name: 'the service failed after five restarts',
        given: { exporter: { units: [{ ...unit, active: 'failed', restarts: 5 }], listening: false } },
        expect: 'identified',
      },
      { name: 'it hangs on a host that has nothing to do', given: { exporter: { units: [unit], listening: true, answer: { ok: false, seconds: 10 } }, pressure: pressureOf() } },
      {
        name: 'from outside: refused by a host that answers',
        given: { outside: seenFromOutside({ ping: answered, ports: { ...allPorts('timed-out'), exporter: { port: 9100, outcome: 'refused', milliseconds: 1 } } }) },
        expect: 'suspected',
      },
    ],
    refuting: [
      { name: 'it answers', given: { exporter: { units: [unit], listening: true, answer: { ok: true, seconds: 0.2 } } }, expect: 'ruled-out' },
      { name: 'it answers too late on a host that is slow as a whole', given: { exporter: { units: [unit], listening: true, answer: { ok: false, seconds: 10 } }, pressure: pressureOf({ cpu: { somePercent: 96 }, io: { somePercent: 80, fullPercent: 60 } }) }, symptoms: ['target-missing'] },
      { name: 'it is not installed', given: { exporter: { status: 'absent', detail: 'node_exporter is not installed' } }, expect: 'ruled-out' },
      { name: 'it is switched off on purpose', given: { exporter: { units: [{ ...unit, active: 'inactive', enabled: false }], listening: false } } },
      { name: 'the whole host is silent', given: { outside: seenFromOutside({}) } },
    ],
  },
});
