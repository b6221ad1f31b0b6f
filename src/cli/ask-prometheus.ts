import type { Catalog } from '../define/catalog.ts';
import type { Case, ProbeOutput } from '../define/case.ts';
import { UserError } from '../define/errors.ts';
import { hostOfDestination, type Target } from '../define/target.ts';
import { readingsOfCase } from '../diagnose/readings.ts';
import { findInstance } from '../history/exporter-instance.ts';
import { prometheusHistory } from '../history/prometheus.ts';
import { askHistory, noHistory } from '../investigate/history.ts';
import { forTerminal } from '../lib/hostile-text.ts';

export interface PrometheusFlags {
  /** Address of the server. */
  readonly prometheus?: string;
  /** The host's `instance` label, where it cannot be found by name. */
  readonly prometheusInstance?: string;
}

/** Where the bearer token is looked for: an argument would stand in the list of processes. */
const tokenVariable = 'CULPRIT_PROMETHEUS_TOKEN';
const searchMs = 24 * 3_600_000;

/**
 * Asks the server of `--prometheus` what it has kept of the host of a case. What goes wrong there is said on stderr and stops no investigation: at worst the history is
 * missing.
 */
export async function askPrometheus(catalog: Catalog, aCase: Case, target: Target, flags: PrometheusFlags & { readonly prometheus: string }, signal: AbortSignal): Promise<ProbeOutput> {
  const nowMs = Date.parse(aCase.startedAt);
  const token = process.env[tokenVariable];
  try {
    const history = prometheusHistory({ address: flags.prometheus, ...(token ? { bearerToken: token } : {}) });
    const identity = readingsOfCase(catalog, aCase).read(catalog.hostIdentity);
    const address = target.kind === 'ssh' ? hostOfDestination(target.destination) : 'localhost';
    const name = (identity.status === 'ok' ? identity.value.hostname : undefined) ?? address;
    const instance = flags.prometheusInstance ?? (await instanceOf(history, { name, addresses: [address] }, nowMs, signal));
    return await askHistory(history, instance, nowMs, signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`culprit: ${forTerminal(error.message)} Its history is left out.\n${forTerminal(error.hint)}\n`);
    return noHistory(error.message);
  }
}

async function instanceOf(history: ReturnType<typeof prometheusHistory>, host: Parameters<typeof findInstance>[1], nowMs: number, signal: AbortSignal): Promise<string> {
  const found = await findInstance(history, host, nowMs - searchMs, nowMs, signal);
  if (found.found === 'one') return found.instance;
  const names = found.found === 'several' ? found.instances : found.known;
  const list = names.length === 0 ? 'It knows no node_exporter at all.' : `Write for example: --prometheus-instance ${names[0]}${names.length > 1 ? ` (or ${names.slice(1, 6).join(', ')})` : ''}`;
  throw new UserError('history-host-not-found', `The server of --prometheus has ${found.found === 'several' ? 'several hosts that may be' : 'no host that is'} ${host.name}.`, list);
}
