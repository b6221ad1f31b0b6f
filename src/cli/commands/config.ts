import { z } from 'zod';
import { UserError } from '../../define/errors.ts';
import { readServerSettings } from '../../settings/read.ts';
import { serverSettingsSchema } from '../../settings/server.ts';
import { samplerOf } from '../../watch/settings.ts';
import { settingsPath } from '../settings-path.ts';

/** `culprit config check`: says what the settings mean, or all that is wrong with them. */
export function configCheckAction({ config }: { readonly config?: string }): number {
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
  process.stdout.write(`${path} can be used.\n\nHosts\n${lines.join('\n')}\n\nChannels\n${channels.length === 0 ? '  none: nobody is told of anything' : channels.join('\n')}\n`);
  return 0;
}

/** `culprit config schema`: the JSON Schema of the settings, for editors. */
export function configSchemaAction(): number {
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(serverSettingsSchema, { io: 'input', unrepresentable: 'any' }), undefined, 2)}\n`);
  return 0;
}
