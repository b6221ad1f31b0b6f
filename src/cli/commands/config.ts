import { z } from 'zod';
import { UserError } from '../../define/errors.ts';
import { readServerSettings } from '../../settings/read.ts';
import { serverSettingsSchema } from '../../settings/server.ts';
import { samplerOf } from '../../watch/settings.ts';
import { ownDependencies, watchedPlaces } from '../../server/own-dependencies.ts';
import { forTerminal } from '../../lib/hostile-text.ts';
import { ownPlaces } from '../../watch/discovery/own-places.ts';
import { settingsPath } from '../settings-path.ts';

/** `culprit config check`: says what the settings mean, or all that is wrong with them. */
export async function configCheckAction({ config }: { readonly config?: string }): Promise<number> {
  const path = settingsPath(config);
  if (path === undefined) throw new UserError('usage', 'There are no settings to check.', 'Name a file: culprit config check --config culprit.yaml');
  const settings = readServerSettings(path, process.env);
  const lines = settings.hosts.map((host) => {
    const sampler = samplerOf(host, settings.prometheus !== undefined);
    const ways = [...host.exporters.map(({ url }) => url), ...(sampler === undefined ? [] : [host.target === 'local' ? 'measures this machine' : `measures over ssh (${host.target})`]), ...(settings.prometheus === undefined ? [] : [`asks ${settings.prometheus.address}`])];
    const look = !host.investigate ? 'not investigated' : host.target === undefined ? 'cannot be investigated: no target' : `investigated, experiments: ${host.experiments}`;
    return `  ${host.name}: ${ways.length === 0 ? 'nothing brings samples' : ways.join(', ')}; ${look}`;
  });
  const channels = settings.channels.map(({ name, type }) => `  ${name} (${type})`);
  const clusters = settings.proxmox.map(({ addresses }) => `  ${addresses.join(', ')}`);
  const warnings = ownPlaces(await ownDependencies(settings), await watchedPlaces(settings), []).map((warning) => `  ${warning}`);
  const parts = [
    `${path} can be used.`,
    `Hosts\n${lines.join('\n')}`,
    ...(clusters.length === 0 ? [] : [`Proxmox VE\n${clusters.join('\n')}`]),
    `Channels\n${channels.length === 0 ? '  none: nobody is told of anything' : channels.join('\n')}`,
    ...(warnings.length === 0 ? [] : [`To think about\n${warnings.join('\n')}`]),
  ];
  process.stdout.write(`${forTerminal(parts.join('\n\n'), 'keep')}\n`);
  return 0;
}

/** `culprit config schema`: the JSON Schema of the settings, for editors. */
export function configSchemaAction(): number {
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(serverSettingsSchema, { io: 'input', unrepresentable: 'any' }), undefined, 2)}\n`);
  return 0;
}
