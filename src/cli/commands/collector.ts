import { randomBytes } from 'node:crypto';
import { catalog } from '../../catalog/index.ts';
import { assembleScript, defaultTotalLimitSeconds } from '../../collect/script.ts';

/** `culprit collector`: prints the script that runs on a host. */
export function collectorAction(options: { readonly sudo?: true; readonly window: number }): void {
  process.stdout.write(
    assembleScript(catalog.probes, {
      sudo: options.sudo === true,
      windowSeconds: options.window,
      holdInput: false,
      nonce: randomBytes(16).toString('hex'),
      totalLimitSeconds: defaultTotalLimitSeconds,
    }),
  );
}
