import { z } from 'zod';
import { settingsForPeople } from '../settings.ts';

/** `Name <local@domain>` or `local@domain`: nothing that could end a header or begin a second address. */
const addressPattern = /^(?:[^<>"(),:;@\\\p{Cc}\p{Zl}\p{Zp}]{1,100} <([^\s<>"(),:;@\\\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,253})>|([^\s<>"(),:;@\\\p{Cc}]{1,64}@[A-Za-z0-9.-]{1,253}))$/u;
const addressSchema = z.string().regex(addressPattern, 'write it as name@example.org or Name <name@example.org>');

/** Name and address of what `addressSchema` took. */
export function addressParts(text: string): { readonly name: string; readonly address: string } {
  const [, inBrackets, bare = ''] = addressPattern.exec(text) ?? [];
  return inBrackets === undefined ? { name: '', address: bare } : { name: text.slice(0, text.indexOf('<')).trim(), address: inBrackets };
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** `type: email`: mails by an SMTP server, one thread an incident. */
export const emailSettingsSchema = z
  .strictObject({
    type: z.literal('email'),
    ...settingsForPeople,
    timeoutSeconds: settingsForPeople.timeoutSeconds.default(60),
    host: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/),
    /** Default 465 with `tls: tls`, else 587. */
    port: z.number().int().min(1).max(65_535).optional(),
    /**
     * `starttls` (RFC 3207; without it nothing is sent), `tls` from the first byte (RFC 8314), `opportunistic` (STARTTLS where the server offers it; an attacker on the way can prevent it), or `none`.
     */
    tls: z.enum(['starttls', 'tls', 'opportunistic', 'none']).default('starttls'),
    /** Whether the server has to show a certificate that holds for its name. */
    verifyCertificate: z.boolean().default(true),
    /** Certificate of the authority that signed the server's, in PEM, where the system does not know it. */
    certificateAuthority: z.string().max(100_000).optional(),
    /** Name in the server's certificate where it is not the host. */
    serverName: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/).optional(),
    userName: z.string().min(1).max(300).optional(),
    password: z.string().min(1).max(1_000).optional(),
    from: addressSchema,
    to: z.array(addressSchema).min(1).max(50),
    replyTo: addressSchema.optional(),
    /** What this machine calls itself to the server. */
    helloName: z.string().regex(/^[A-Za-z0-9.:[\]-]{1,253}$/).optional(),
  })
  .refine(({ userName, password }) => (userName === undefined) === (password === undefined), 'a user name needs a password, and the other way round')
  .refine(({ password, tls, host }) => password === undefined || tls === 'starttls' || tls === 'tls' || loopback.test(host), 'a password is sent over TLS only: set tls to starttls or tls');
export type EmailSettings = z.infer<typeof emailSettingsSchema>;
