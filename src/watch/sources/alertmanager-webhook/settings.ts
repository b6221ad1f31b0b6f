import { z } from 'zod';
import { plainLabelName } from '../../../lib/exposition/format.ts';
import { AnchoredRegex, regexProblem } from '../exposition/anchored-regex.ts';

const labelName = z.string().regex(plainLabelName, 'not the name of a label').max(200);
const pattern = z
  .string()
  .max(1_000)
  .superRefine((regex, context) => {
    const problem = regexProblem(regex);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** One way in which labels name an object: all patterns (RE2, whole value) have to match. */
export const objectRuleSchema = z.strictObject({
  labels: z.record(labelName, pattern).refine((labels) => Object.keys(labels).length > 0, 'a rule needs a label'),
  /** `filesystem/${mountpoint}`; labels are put in. In a file of settings a dollar is written twice, since one alone is for variables of the environment: `filesystem/$${mountpoint}`. */
  object: z.string().min(1).max(200),
});
export type ObjectRule = z.infer<typeof objectRuleSchema>;

/**
 * Labels of node_exporter, prometheus-pve-exporter, zfs_exporter, smartctl_exporter and the common rules for them. The first rule that fits counts.
 */
export const defaultObjectRules: readonly ObjectRule[] = [
  { labels: { id: '(?:qemu|lxc)/\\d+' }, object: '${id}' },
  { labels: { id: 'storage/.+/([^/]+)', storage: '.+' }, object: 'storage/${storage}' },
  { labels: { id: 'node/.+' }, object: 'host' },
  { labels: { mountpoint: '.+' }, object: 'filesystem/${mountpoint}' },
  { labels: { zpool: '.+' }, object: 'storage/${zpool}' },
  { labels: { pool: '.+' }, object: 'storage/${pool}' },
  { labels: { chip: '.+', sensor: '.+' }, object: 'sensor/${chip}/${sensor}' },
  { labels: { device: '(?:/dev/)?(?:[hsv]d[a-z]+\\d*|xvd[a-z]+\\d*|nvme\\d+(?:n\\d+(?:p\\d+)?)?|dm-\\d+|md\\d+|zd\\d+|sr\\d+|mmcblk\\d+|rbd\\d+|nbd\\d+)' }, object: 'disk/${device}' },
  { labels: { device: '[^/]+' }, object: 'nic/${device}' },
  { labels: { disk: '.+' }, object: 'disk/${disk}' },
  { labels: { name: '.+\\.(?:service|timer|socket|mount|scope|slice|path|target)' }, object: 'unit/${name}' },
];

export const alertmanagerSettingsSchema = z.strictObject({
  kindLabels: z.array(labelName).min(1).max(10).default(['alertname', 'severity']).describe('Labels that make the kind of alarm, with / between. With the severity among them, a warning and a critical alert of one name are two alarms, as they are in Alertmanager.'),
  hostLabels: z.array(labelName).min(1).max(20).default(['host', 'hostname', 'nodename', 'node', 'exported_instance', 'instance']).describe('The first of these labels that the alert has names the host.'),
  hostInId: pattern.default('(?:node|storage)/([^/]+)(?:/.*)?').describe('Where the label id (prometheus-pve-exporter) has this form, its first group is the host.'),
  objectRules: z.array(objectRuleSchema).max(100).default([]).describe('Tried before the built-in ones.'),
  leftOutLabels: z.array(labelName).max(100).default(['job', 'severity', 'alertname', 'cluster', 'env', 'environment', 'team', 'prometheus', 'monitor', 'replica', 'prometheus_replica', 'service', 'namespace', 'endpoint', 'fstype', 'mode', 'domainname', 'machine', 'release', 'sysname', 'version']).describe('Labels that tell no two objects of a host apart.'),
  criticalSeverities: z.array(z.string()).max(50).default(['critical', 'crit', 'page', 'error', 'fatal', 'emergency', 'disaster', 'high', 'p1']),
  ignoredSeverities: z.array(z.string()).max(50).default(['none']),
  ignoredNames: z.array(z.string()).max(200).default(['Watchdog', 'DeadMansSwitch', 'InfoInhibitor']).describe('Alerts that fire all the time on purpose.'),
});
export type AlertmanagerSettings = z.infer<typeof alertmanagerSettingsSchema>;

/** The object that labels name, and the labels that the rule used; undefined where none fits. */
export type ObjectOf = (labels: Readonly<Record<string, string>>) => { readonly object: string; readonly used: readonly string[] } | undefined;

export function objectRules(rules: readonly ObjectRule[]): ObjectOf {
  const compiled = rules.map(({ labels, object }) => ({ object, patterns: Object.entries(labels).map(([name, regex]) => [name, new AnchoredRegex(regex)] as const) }));
  const own = (labels: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(labels, name) ? labels[name] : undefined);
  return (labels) => {
    const rule = compiled.find(({ patterns }) => patterns.every(([name, regex]) => own(labels, name) !== undefined && regex.matches(own(labels, name)!)));
    if (rule === undefined) return undefined;
    const object = rule.object.replace(/\$\{(\w+)\}/g, (_, name: string) => own(labels, name)?.replace(name === 'device' ? /^\/dev\// : /^$/, '') ?? '');
    return { object, used: [...rule.patterns.map(([name]) => name), ...[...rule.object.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]!)] };
  };
}
