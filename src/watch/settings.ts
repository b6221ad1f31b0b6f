import { hostname } from 'node:os';
import { z } from 'zod';
import { parseTarget } from '../collect/target.ts';
import { alertmanagerSettingsSchema } from './sources/alertmanager-webhook/settings.ts';
import { expositionSettingsSchema } from './sources/exposition/settings.ts';
import { prometheusSourceSettingsSchema } from './sources/prometheus/settings.ts';
import { proxmoxSettingsSchema } from './sources/proxmox/settings.ts';
import { sshSamplerSettingsSchema } from './sources/ssh-sampler/settings.ts';

const hostName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/, 'letters, digits, point, dash and underscore, as a host is called');

function isTarget(text: string): boolean {
  try {
    return text === 'local' || parseTarget(text, { sshOptions: [], sudo: false }).kind === 'ssh';
  } catch {
    return false;
  }
}

const samplerSchema = sshSamplerSettingsSchema.omit({ target: true, sshOptions: true });

/** One watched host. */
export const hostSettingsSchema = z.strictObject({
  name: hostName.describe('What it is called here, in alarms and in mails.'),
  addresses: z.array(z.string().min(1).max(253)).max(20).default([]).describe('Other names and addresses of it, by which Prometheus and Alertmanager know it.'),
  target: z.string().min(1).max(300).refine(isTarget, 'neither local, a host, user@host nor ssh://user@host:port').optional().describe('How Culprit gets a shell there: root@pve1, ssh://user@host:port, or local. Without one it cannot investigate there.'),
  sshOptions: z.array(z.string().max(1_000)).max(50).default([]).describe('Handed to ssh: -o, -F, -J, -i and their values.'),
  sudo: z.boolean().default(false).describe('Run what needs root through "sudo -n".'),
  sampler: z.union([z.boolean(), samplerSchema]).optional().describe('Measure over the shell. Without this: where nothing else brings samples of the host.'),
  exporters: z.array(expositionSettingsSchema).max(20).default([]).describe('Endpoints with metrics, such as node_exporter.'),
  runsOn: z
    .strictObject({ host: hostName, object: z.string().regex(/^(qemu|lxc)\/\d{1,9}$/, 'qemu/100 or lxc/101') })
    .optional()
    .describe('The watched node that it is a guest of, and which.'),
  experiments: z.enum(['none', 'read-only', 'safe']).default('none').describe('What an investigation may try there: nothing, measurements that write nothing, or also temporary data.'),
  investigate: z.boolean().default(true).describe('Whether alarms of it are looked into at all.'),
});
export type HostSettings = z.infer<typeof hostSettingsSchema>;

const kindSettingsSchema = z.strictObject({
  enabled: z.boolean().default(true),
  limit: z.number().optional().describe('In place of the fixed limit of the kind.'),
  forSeconds: z.number().min(0).max(86_400).optional(),
  clearSeconds: z.number().min(0).max(86_400).optional(),
  falseAlarmsPerMonth: z.number().min(0.01).max(100).optional(),
});

export const alarmsSettingsSchema = z.strictObject({
  evaluateSeconds: z.number().min(1).max(300).default(15).describe('How often alarms are looked at.'),
  falseAlarmsPerMonth: z.number().min(0.01).max(100).default(1).describe('How many alarms of one kind on one host may be by chance in a month, where thresholds are learned.'),
  kinds: z.record(z.string().max(100), kindSettingsSchema).default({}),
});
export type AlarmsSettings = z.infer<typeof alarmsSettingsSchema>;

/** Everything that is watched, and how. */
export const watchSettingsSchema = z
  .strictObject({
    hosts: z.array(hostSettingsSchema).max(2_000).default([]).describe('Without any, this machine is watched.'),
    prometheus: prometheusSourceSettingsSchema.optional().describe('A server that has the samples already.'),
    proxmox: z.array(proxmoxSettingsSchema).max(100).default([]).describe('Nodes and clusters of Proxmox VE, by their API.'),
    alertmanager: alertmanagerSettingsSchema.optional().describe('How alerts that come by webhook are understood.'),
    shared: z
      .array(z.strictObject({ name: z.string().min(1).max(100), kind: z.enum(['switch', 'cluster', 'storage', 'power', 'site']), hosts: z.array(hostName).min(2).max(2_000) }))
      .max(500)
      .default([])
      .describe('What several hosts stand on.'),
    alarms: alarmsSettingsSchema.prefault({}),
    investigations: z.strictObject({ atOnce: z.int().min(1).max(16).default(2), windowSeconds: z.number().min(1).max(60).default(4), timeoutSeconds: z.number().min(30).max(3_600).default(600), keepCasesDays: z.number().min(1).max(3_650).default(90) }).prefault({}),
    mostSeriesPerHost: z.int().min(100).max(10_000_000).default(20_000),
  })
  .superRefine(({ hosts, shared, proxmox }, context) => {
    const names = hosts.map(({ name }) => name);
    const known = new Set(names);
    const say = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message });
    for (const [index, { name, runsOn, target, sampler }] of hosts.entries()) {
      if (names.indexOf(name) !== index) say(['hosts', index, 'name'], `two hosts are called ${name}`);
      if (runsOn !== undefined && (runsOn.host === name || !known.has(runsOn.host))) say(['hosts', index, 'runsOn', 'host'], `there is no other host ${runsOn.host} in these settings`);
      if (sampler !== undefined && sampler !== false && target === undefined) say(['hosts', index, 'sampler'], 'a sampler needs a target to run on');
    }
    for (const [index, { nodes }] of proxmox.entries()) for (const [node, name] of Object.entries(nodes)) if (!known.has(name)) say(['proxmox', index, 'nodes', node], `there is no host ${name} in these settings`);
    for (const [index, { hosts: of }] of shared.entries()) for (const [place, name] of of.entries()) if (!known.has(name)) say(['shared', index, 'hosts', place], `there is no host ${name} in these settings`);
  });
export type WatchSettings = z.infer<typeof watchSettingsSchema>;

/** The hosts that are watched: this machine where none is named. */
export function watchedHosts({ hosts }: Pick<WatchSettings, 'hosts'>): readonly HostSettings[] {
  return hosts.length > 0 ? hosts : [hostSettingsSchema.parse({ name: hostname(), addresses: ['localhost', '127.0.0.1', '::1'], target: 'local' })];
}

/** How a host's numbers come over its shell; undefined where they do not. */
export function samplerOf({ sampler, target, sshOptions, exporters }: HostSettings, hasPrometheus: boolean): z.infer<typeof sshSamplerSettingsSchema> | undefined {
  const wanted = sampler ?? (target !== undefined && exporters.length === 0 && !hasPrometheus);
  if (wanted === false || target === undefined) return undefined;
  return sshSamplerSettingsSchema.parse({ ...(wanted === true ? {} : wanted), sshOptions, ...(target === 'local' ? {} : { target }) });
}
