import type { Case } from '../define/case.ts';
import { redactAddresses } from './redact/addresses.ts';
import { findTokens, type Tokens } from './redact/names.ts';
import { Replacements } from './redact/replacements.ts';
import { hostOfDestination } from '../define/target.ts';

/**
 * Takes out of a case what tells whose it is: names of hosts, guests and users, addresses, serial numbers, UUIDs. The same original becomes
 * the same word everywhere, so relations stay, and so does the diagnosis. Names of pools, storages and interfaces are kept.
 */
export function redactCase(aCase: Case): Case {
  if (aCase.redacted) return aCase;
  const texts = [aCase.target, aCase.connection.says, ...aCase.outputs.flatMap(({ stdout, note }) => [stdout, note])];
  const redact = redactor(texts, hostOfTarget(aCase.target));
  return {
    ...aCase,
    target: redact(aCase.target),
    redacted: true,
    connection: { ...aCase.connection, says: redact(aCase.connection.says) },
    outputs: aCase.outputs.map((output) => ({ ...output, note: redact(output.note), stdout: redact(output.stdout) })),
  };
}

function hostOfTarget(target: string): string | undefined {
  if (/[\s/]/.test(target.replace(/^ssh:\/\//, ''))) return undefined;
  return hostOfDestination(target);
}

function redactor(texts: readonly string[], targetHost: string | undefined): (text: string) => string {
  const replacements = new Replacements();
  const tokens = findTokens(texts, targetHost);
  const kinds = kindsOf(tokens);
  const names = alternation([...kinds.keys()]);
  const namePattern = names && new RegExp(`(?:(?<![A-Za-z0-9_])|(?<=\\\\x2d))(?:${names})(?![A-Za-z0-9_])`, 'g');
  const serials = alternation([...tokens.serials]);
  const serialPattern = serials && new RegExp(serials, 'g');
  return (text) => {
    let redacted = text;
    if (serialPattern) redacted = redacted.replace(serialPattern, (found) => replacements.of('serial', found));
    redacted = redactAddresses(redacted, replacements);
    if (namePattern) {
      redacted = redacted.replace(namePattern, (found) => (replacements.isReplacement(found) ? found : replacements.of(kinds.get(found)!, found.replaceAll('\\x2d', '-'))));
    }
    return redacted;
  };
}

function kindsOf(tokens: Tokens): Map<string, 'host' | 'guest' | 'user'> {
  const kinds = new Map<string, 'host' | 'guest' | 'user'>();
  for (const name of tokens.users) kinds.set(name, 'user');
  for (const name of tokens.guests) kinds.set(name, 'guest');
  for (const name of tokens.hosts) kinds.set(name, 'host');
  // As systemd writes a dash within the name of a unit.
  for (const [name, kind] of kinds) kinds.set(name.replaceAll('-', '\\x2d'), kind);
  return kinds;
}

/** Longer words first, or the shorter would win where one begins with the other. */
function alternation(words: readonly string[]): string {
  return [...words]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|');
}
