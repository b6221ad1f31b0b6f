import { z } from 'zod';
import { tlsSchema } from '../exposition/settings.ts';

/** SHA-256 of a certificate, as `pvenode cert info` and the web interface show it. */
const fingerprint = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/, 'a SHA-256 fingerprint has 32 pairs of hexadecimal digits with colons between: pvenode cert info')
  .transform((text) => text.toUpperCase());

/** The API of a Proxmox VE node or cluster. One token with the role PVEAuditor on `/` sees all that is read here, and can change nothing. */
export const proxmoxSettingsSchema = z.strictObject({
  addresses: z
    .array(z.url({ protocol: /^https$/ }))
    .min(1)
    .max(50)
    .describe('https://pve1:8006. Of a cluster name several nodes: the next is asked when one does not answer.'),
  tokenId: z.string().regex(/^[^\s!=]{1,200}@[^\s!=@]{1,60}![A-Za-z][A-Za-z0-9._-]{0,100}$/, 'user@realm!name').describe('culprit@pve!watch'),
  tokenSecret: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'a secret has no blanks and no characters beyond ASCII'),
  fingerprints: z.array(fingerprint).max(50).default([]).describe('Certificates that are trusted, by SHA-256 fingerprint. Without any, those count that the system’s authorities or tls.ca have signed.'),
  ca: tlsSchema.shape.ca,
  nodes: z.record(z.string().max(100), z.string().max(253)).default({}).describe('Host of the settings that a node is, by the node’s name, where names and addresses do not tell.'),
  intervalSeconds: z.number().min(10).max(3_600).default(30),
  timeoutSeconds: z.number().min(1).max(120).default(15).describe('For one question to one node.'),
});
export type ProxmoxSettings = z.infer<typeof proxmoxSettingsSchema>;
