import { UserError } from '../define/errors.ts';

/** Where the store is: a file of SQLite, or a database of PostgreSQL. */
export type StoreAddress = { readonly dialect: 'sqlite'; readonly path: string } | { readonly dialect: 'postgres'; readonly url: string };

/** `postgres://…` or `postgresql://…` is PostgreSQL; anything else without a scheme is the path of a file. */
export function storeAddress(text: string): StoreAddress {
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw new UserError('store-address-not-understood', 'The address of the database is not a URL.', 'Write postgres://user@host:5432/database; special characters of a password have to be percent-encoded.');
    return { dialect: 'postgres', url: text };
  }
  if (text === '' || text.includes('\0') || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    throw new UserError('store-address-not-understood', 'The store is neither a file nor a database of PostgreSQL.', 'Write the path of a file, or postgres://user@host:5432/database.');
  }
  return { dialect: 'sqlite', path: text };
}
