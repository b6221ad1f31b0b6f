import { randomBytes, scrypt, timingSafeEqual, createHash } from 'node:crypto';

/** Cost of a guess: about 64 MB and a tenth of a second (RFC 7914; N, r, p as OWASP's Password Storage Cheat Sheet has them for 64 MB). */
const cost = { N: 2 ** 16, r: 8, p: 1 };
const keyBytes = 32;
const longestPassword = 1_024;

function derive(password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC').slice(0, longestPassword), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether a password fits its hash. A hash that cannot be read fits nothing. */
export async function fitsPassword(password: string, hash: string): Promise<boolean> {
  const [name, n, r, p, salt, key] = hash.split('$');
  const [N, blocks, lanes] = [Number(n), Number(r), Number(p)];
  if (name !== 'scrypt' || salt === undefined || key === undefined || !(N >= 2 && N <= 2 ** 20) || !(blocks >= 1 && blocks <= 32) || !(lanes >= 1 && lanes <= 16)) return false;
  const wanted = Buffer.from(key, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N, r: blocks, p: lanes });
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** A random secret: of a session, or a token. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a random secret. It has enough randomness that a quick hash will do. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
