import { UserError } from '../define/errors.ts';

/** Who asks. A token and a password exclude each other. */
export interface Credentials {
  readonly bearerToken?: string;
  readonly userName?: string;
  readonly password?: string;
}

/** Where the API is, without secrets, and what to send along. */
export interface PrometheusAddress {
  /** Ends without a slash; `…/api/v1` follows. */
  readonly base: string;
  /** What the user wrote behind `?`, as Thanos' `dedup=true`; sent with every question. */
  readonly parameters: readonly (readonly [string, string])[];
  /** Value of the header `Authorization`. */
  readonly authorization?: string;
  /** What must not be seen anywhere, also when a server sends it back. */
  readonly secrets: readonly string[];
}

const notUnderstood = (says: string): UserError =>
  new UserError('history-address-not-understood', `The address of the history is not usable: ${says}.`, 'Write it as http://prometheus:9090 or https://user:password@host/prefix; the API is looked for below it at /api/v1.');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notUnderstood('its user name or password has a % that is not followed by two hexadecimal digits');
  }
}

/** Takes the address apart. Its user name and password go into the header, and nowhere else; an error text has neither. */
export function prometheusAddress(text: string, credentials: Credentials = {}): PrometheusAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw notUnderstood('it is no URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw notUnderstood('it begins neither with http:// nor with https://');
  const userName = credentials.userName ?? decoded(url.username);
  const password = credentials.password ?? decoded(url.password);
  if (credentials.bearerToken !== undefined && (userName !== '' || password !== '')) throw notUnderstood('a token and a password exclude each other');
  if (userName.includes(':')) throw notUnderstood('a user name must not have a colon in it (RFC 7617)');
  if (/[^\x21-\x7e]/.test(credentials.bearerToken ?? '')) throw notUnderstood('the token has a character that tokens do not have');
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
  const basic = userName === '' && password === '' ? undefined : `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
  const authorization = credentials.bearerToken === undefined ? basic : `Bearer ${credentials.bearerToken}`;
  const keys = [...url.searchParams.values()].filter((value) => value.length >= 8);
  const secrets = [credentials.bearerToken ?? '', password, basic?.slice('Basic '.length) ?? '', ...keys].filter((secret) => secret !== '');
  return { base: `${url.origin}${path}`, parameters: [...url.searchParams], ...(authorization !== undefined && { authorization }), secrets };
}
