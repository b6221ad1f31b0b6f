import type { Sample } from '../../../define/sample.ts';
import { ProxmoxError, type ProxmoxClient } from './client.ts';
import { backupSamples, poolSamples } from './samples.ts';
import { poolsSchema, tasksSchema } from './schemas.ts';

const everyMs = 60_000;
/** What could not be read, for a pool hangs or the token may not, is asked for no sooner. */
const againMs = 600_000;

interface Asked {
  nextMs: number;
  samples: readonly Sample[];
}

const questions: Readonly<Record<string, (client: ProxmoxClient, node: string, timeMs: number, signal: AbortSignal) => Promise<Sample[]>>> = {
  pools: async (client, node, timeMs, signal) => poolSamples(await client.get(`/nodes/${node}/disks/zfs`, poolsSchema, signal), timeMs),
  backups: async (client, node, timeMs, signal) => backupSamples(await client.get(`/nodes/${node}/tasks?typefilter=vzdump&limit=20`, tasksSchema, signal), timeMs),
};

/** What a node is asked once a minute, since it starts a command there for each answer. */
export class SlowQuestions {
  readonly #client: ProxmoxClient;
  readonly #asked = new Map<string, Asked>();

  constructor(client: ProxmoxClient) {
    this.#client = client;
  }

  /** Asks what is due. `failed` gets each trouble. */
  async ask(node: string, timeMs: number, signal: AbortSignal, failed: (error: unknown) => void): Promise<Sample[]> {
    const found: Sample[] = [];
    for (const [name, question] of Object.entries(questions)) {
      const key = `${node} ${name}`;
      const asked = this.#asked.get(key) ?? { nextMs: timeMs, samples: [] };
      this.#asked.set(key, asked);
      // A clock that was put back must not stop anything.
      if (timeMs < asked.nextMs && timeMs > asked.nextMs - 2 * againMs) continue;
      // A little sooner, since looks do not come to the millisecond.
      asked.nextMs = timeMs + everyMs - 1_000;
      try {
        asked.samples = await question(this.#client, node, timeMs, signal);
        found.push(...asked.samples);
      } catch (error) {
        asked.nextMs = timeMs + againMs;
        // Of what cannot be asked the last answer ends.
        asked.samples = [];
        if (!(error instanceof ProxmoxError && error.reason === 'cut-short')) failed(error);
      }
    }
    return found;
  }

  /** Series that stand until they are asked for again. */
  standing(node: string): readonly Pick<Sample, 'metric' | 'labels'>[] {
    return Object.keys(questions).flatMap((name) => this.#asked.get(`${node} ${name}`)?.samples ?? []);
  }
}
