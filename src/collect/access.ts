import { UserError } from '../define/errors.ts';
import type { AnyProbe } from '../define/probe.ts';

const userPattern = /^[a-z_][a-z0-9_-]{0,31}$/;
/** A full path, then fixed arguments as sudoers(5) writes them, or one `^regular expression$` for all of them. */
const sudoRulePattern = /^\/(?:[A-Za-z0-9._+-]+\/)*[A-Za-z0-9._+-]+(?: (?:\^[^\n]*\$|[^\n^][^\n]*))?$/;

/** The sudoers file that lets `user` run what the probes ask as root, and nothing else. */
export function sudoersFile(probes: readonly AnyProbe[], user: string): string {
  if (!userPattern.test(user)) {
    throw new UserError('usage', `${JSON.stringify(user)} is not the name of a user.`, 'Use small letters, digits, - and _, such as culprit.');
  }
  const rules = [...new Set(probes.flatMap((probe) => probe.spec.sudo ?? []))].sort();
  for (const rule of rules) checkSudoRule(rule);
  return [
    '# /etc/sudoers.d/culprit: the commands that Culprit asks as root. They only read.',
    '# Regular expressions (^…$) need sudo 1.9.10 or newer.',
    ...rules.map((rule) => `${user} ALL=(root) NOPASSWD: ${rule}`),
    '',
  ].join('\n');
}

/** Throws unless the rule is a full path with fixed arguments: a wildcard would allow more than it seems to. */
export function checkSudoRule(rule: string): void {
  const args = rule.slice(rule.indexOf(' ') + 1);
  const isExpression = args.startsWith('^');
  if (!sudoRulePattern.test(rule)) throw new TypeError(`not a full path with fixed arguments: ${rule}`);
  if (rule.includes(' ') && !isExpression && /(?<!\\)[*?[\],:=]/.test(args)) throw new TypeError(`a character of special meaning in sudoers: ${rule}`);
}

/** The text of `culprit access`: the least that Culprit needs on a host. */
export function accessText(probes: readonly AnyProbe[], user: string): string {
  const sudoers = sudoersFile(probes, user);
  const adds = probes.flatMap(({ id, spec }) => (spec.root ? [`#   ${id}: ${spec.root.adds}`] : []));
  return `# The least that Culprit needs on a host. Without any of it, it works as an ordinary user and says what is missing.

# 1. A user that logs in by key, and may read the system log.
useradd --create-home --shell /bin/sh ${user}
usermod --append --groups systemd-journal ${user}
install -d -m 700 -o ${user} -g ${user} /home/${user}/.ssh
#    then put the public key into /home/${user}/.ssh/authorized_keys

# WARNING: do not put the key into /root/.ssh/authorized_keys of a Proxmox VE node. There that file is a link to
# /etc/pve/priv/authorized_keys, which all nodes of a cluster share: the key would open root on every one of them.

# 2. What root adds, command by command, for \`culprit --sudo\`. What it is for:
${adds.join('\n')}
cat >/etc/sudoers.d/culprit <<'END'
${sudoers}END
chmod 440 /etc/sudoers.d/culprit
visudo -cf /etc/sudoers.d/culprit

# 3. Only for the Proxmox VE API: a token that may look and not touch. With privilege separation the token has what both
#    it and its user are given. Reading the system log takes Sys.Syslog, which PVEAuditor does not contain.
pveum user add ${user}@pve
pveum user token add ${user}@pve reader --privsep 1
pveum acl modify / --users ${user}@pve --roles PVEAuditor
pveum acl modify / --tokens '${user}@pve!reader' --roles PVEAuditor
#    for logs as well:
pveum role add CulpritLogs --privs Sys.Syslog
pveum acl modify / --users ${user}@pve --roles CulpritLogs
pveum acl modify / --tokens '${user}@pve!reader' --roles CulpritLogs
`;
}
