import { defineSymptom } from '../../define/symptom.ts';
import exporter from './exporter.probe.ts';

/** Prometheus gives up on a target after ten seconds by default (scrape_timeout). */
const patienceSeconds = 10;

export default defineSymptom({
  id: 'target-missing',
  title: 'Monitoring gets no metrics from the host',
  about: `node_exporter is installed on the host and meant to run, but its service has failed or stopped, or it does not answer on port 9100 within the ten seconds that Prometheus
waits. Where no exporter is installed, nothing is missing. Targets that only the monitoring server misses are named by the user.`,
  needs: { exporter },
  leak: 0.05,
  detect: ({ exporter: { units, listening, answer } }) => {
    if (answer !== undefined && (!answer.ok || answer.seconds >= patienceSeconds)) {
      const says = answer.ok ? `node_exporter took ${answer.seconds} s to answer.` : `node_exporter gave no metrics, asked on the host itself for ${answer.seconds} s.`;
      return [{ object: 'host', value: answer.seconds, limit: patienceSeconds, unit: 's', says }];
    }
    if (listening || units.some(({ active }) => active === 'active')) return [];
    const stopped = units.find(({ enabled, active }) => active === 'failed' || enabled);
    if (stopped === undefined) return [];
    return [{ object: 'host', value: 0, limit: 1, unit: 'services', says: `${stopped.unit} is ${stopped.active}, so nothing answers on port 9100.` }];
  },
  examples: {
    present: [
      { name: 'the service failed', given: { exporter: { units: [{ unit: 'node_exporter.service', active: 'failed', enabled: true, restarts: 5 }], listening: false } } },
      {
        name: 'it answers too late',
        given: { exporter: { units: [{ unit: 'node_exporter.service', active: 'active', enabled: true, restarts: 0 }], listening: true, answer: { ok: false, seconds: 10 } } },
      },
    ],
    absent: [
      {
        name: 'it answers',
        given: { exporter: { units: [{ unit: 'node_exporter.service', active: 'active', enabled: true, restarts: 0 }], listening: true, answer: { ok: true, seconds: 0.1 } } },
      },
      { name: 'installed, and switched off on purpose', given: { exporter: { units: [{ unit: 'node_exporter.service', active: 'inactive', enabled: false, restarts: 0 }], listening: false } } },
      { name: 'it listens on another port', given: { exporter: { units: [{ unit: 'node_exporter.service', active: 'active', enabled: true, restarts: 0 }], listening: false } } },
    ],
  },
});
