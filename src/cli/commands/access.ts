import { catalog } from '../../catalog/index.ts';
import { accessText } from '../../collect/access.ts';

/** `culprit access`: prints the least rights that are needed on a host. */
export function accessAction(options: { readonly user: string }): void {
  process.stdout.write(accessText(catalog.probes, options.user));
}
