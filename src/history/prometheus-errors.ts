import { UserError } from '../define/errors.ts';
import { bounded, forTerminal } from '../lib/hostile-text.ts';
import type { PrometheusAddress } from './prometheus-address.ts';

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`;

/** The server's own words: short, harmless, and without what was sent to log in. */
export function serverWords(address: PrometheusAddress, text: string): string {
  const clean = address.secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), bounded(text, 20_000));
  return bounded(forTerminal(clean).trim(), 240);
}

export function noAnswer(address: PrometheusAddress, reason: string): UserError {
  return new UserError('history-not-reachable', `The history at ${address.base} does not answer: ${reason}.`, 'Check the address, and whether the server runs and can be reached from here.');
}

export function tooLate(address: PrometheusAddress, limitMs: number): UserError {
  return new UserError('history-not-reachable', `The history at ${address.base} did not answer in full within ${seconds(limitMs)}.`, 'Ask for a shorter time or a longer step, or look whether the server is overloaded.');
}

export function turnedAway(address: PrometheusAddress, status: number): UserError {
  const why = address.authorization === undefined ? 'it wants a login, and none was given' : 'the login that was given may not ask';
  return new UserError('history-not-permitted', `The history at ${address.base} turned the question away (HTTP ${status}): ${why}.`, 'Give a user name and a password, or a token, that may read.');
}

export function otherAnswer(address: PrometheusAddress, says: string): UserError {
  return new UserError('history-not-understood', `What answers at ${address.base} does not speak the API of Prometheus: ${says}.`, 'Name the server itself, with the prefix that its API has, and not a web interface or a login page.');
}

export function queryFailed(address: PrometheusAddress, status: number, words: string): UserError {
  return new UserError('history-query-failed', `The history at ${address.base} could not answer (HTTP ${status}): ${words === '' ? 'it does not say why' : serverWords(address, words)}.`, 'Ask for a shorter time or a longer step, or look into the log of the server.');
}

export function incomplete(address: PrometheusAddress, words: string): UserError {
  return new UserError('history-incomplete', `The history at ${address.base} says that its answer is incomplete: ${serverWords(address, words)}.`, 'Repair the store that is missing, or name a server that has all the data.');
}

export function tooMuch(address: PrometheusAddress, says: string): UserError {
  return new UserError('history-too-large', `The answer of the history at ${address.base} has ${says}.`, 'Ask for a shorter time, a longer step or fewer series.');
}
