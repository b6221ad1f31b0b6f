import type { ServerSettings } from '../settings/server.ts';
import type { Log } from '../watch/log.ts';
import type { Surveillance } from '../watch/surveillance.ts';
import { ownPlaces } from '../watch/discovery/own-places.ts';
import { ownDependencies, watchedPlaces } from './own-dependencies.ts';

const againMs = 3_600_000;
/** By then a hypervisor's API has said what guests there are. */
const afterInventoryMs = 120_000;

/** Looks now and then whether what watching depends on stands on what is watched; guests move. */
export class OwnPlacesWatch {
  readonly #settings: ServerSettings;
  readonly #surveillance: Pick<Surveillance, 'discovery'>;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #warnings: readonly string[] = [];

  constructor(settings: ServerSettings, surveillance: Pick<Surveillance, 'discovery'>, log: Log) {
    this.#settings = settings;
    this.#surveillance = surveillance;
    this.#log = log;
  }

  /** Sentences, empty where nothing is to be said. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  start(): void {
    void this.#look(afterInventoryMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(nextMs: number): Promise<void> {
    const [dependencies, places] = await Promise.all([ownDependencies(this.#settings), watchedPlaces(this.#settings)]);
    const guests = this.#settings.hosts.flatMap(({ name }) => this.#surveillance.discovery.guestsOf(name));
    const warnings = ownPlaces(dependencies, places, guests);
    for (const warning of warnings) if (!this.#warnings.includes(warning)) this.#log('warn', warning);
    this.#warnings = warnings;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(againMs), nextMs);
    this.#timer.unref();
  }
}
