import { Document, isSeq, parseDocument } from 'yaml';
import { UserError } from '../define/errors.ts';
import { hostSettingsSchema } from '../watch/settings.ts';

/** What of a host is written into settings. */
export interface NewHost {
  readonly name: string;
  readonly target: string;
  readonly sshOptions?: readonly string[];
  readonly sudo?: true;
}

/** The settings with one host more. Comments, order and everything else stay as they are; `text` may be empty. A UserError says why it cannot be added. */
export function withHost(text: string, host: NewHost): string {
  const document = text.trim() === '' ? new Document({}) : parseDocument(text, { prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw new UserError('settings-not-usable', `The settings are no valid YAML: ${problem.message.split('\n')[0]}`, 'Mend them, and try: culprit config check');
  const parsed = hostSettingsSchema.safeParse(host);
  if (!parsed.success) throw new UserError('usage', `A host cannot be called "${host.name}": ${parsed.error.issues[0]?.message ?? 'not understood'}.`, 'Choose another name with --name');
  const hosts = document.get('hosts');
  if (hosts !== undefined && hosts !== null && !isSeq(hosts)) throw new UserError('settings-not-usable', 'In the settings, hosts is no list.', 'Mend them, and try: culprit config check');
  const names = isSeq(hosts) ? (hosts.toJSON() as unknown[]).map((one) => (typeof one === 'object' && one !== null && 'name' in one ? one.name : undefined)) : [];
  if (names.includes(host.name)) throw new UserError('usage', `The settings have a host ${host.name} already.`, 'Choose another name with --name, or change that one.');
  const node = document.createNode(host);
  if (isSeq(hosts)) hosts.add(node);
  else document.set('hosts', document.createNode([host]));
  return document.toString({ lineWidth: 0 });
}
