import type { Edac } from './edac.probe.ts';

/** Two readings of one memory controller with one module; `grown` errors came between them. */
export function edacOf(corrected: number, more: { uncorrected?: number; grown?: number; seconds?: number; drivers?: string[] } = {}) {
  const { uncorrected = 0, grown = 0, seconds = 864_000, drivers = ['skx_edac'] } = more;
  const reading = (count: number): Edac => ({
    drivers,
    controllers: [
      {
        name: 'mc0',
        controller: 'Skylake Socket#0 IMC#0',
        correctedErrors: count,
        uncorrectedErrors: uncorrected,
        correctedWithoutPlace: 0,
        uncorrectedWithoutPlace: 0,
        secondsSinceReset: seconds,
        modules: [{ label: 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0', location: 'channel 0 slot 0', correctedErrors: count, uncorrectedErrors: uncorrected }],
      },
    ],
  });
  return { first: reading(corrected), second: reading(corrected + grown), intervalSeconds: 5 };
}
